"""What happens next and when: dates that move, reviews, reminders that wait, and leave with who stands in.

`room` has what it brings; its other modules are imported one by one, since the card and its labels need some.
"""
