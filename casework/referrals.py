"""What somebody who referred a resident to the Nominated Neighbour Scheme may know of it."""

from __future__ import annotations


def referrer_status(status: str) -> str:
    """What somebody who referred a resident may know: received, being_arranged, enrolled or not_taken_up.

    Status only, never a reason (NWCSP domain facts 4, service times).
    """
    return _REFERRER_SEES[status]


_REFERRER_SEES = {
    "referred": "received",
    "contacted": "being_arranged",
    "visit_booked": "being_arranged",
    "enrolled": "enrolled",
    "review_due": "enrolled",
    "left": "not_taken_up",
    "declined": "not_taken_up",
    "unable_to_contact": "not_taken_up",
    "duplicate": "not_taken_up",
    "out_of_area": "not_taken_up",
}
