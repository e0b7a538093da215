"""What is asked and answered in the measured form, for our bot and the bare ones alike."""

from __future__ import annotations

QUESTIONS = {
    "what": "What is the problem?",
    "where": "Where does it happen?",
    "often": "How often does it happen?",
    "who": "Who is affected?",
    "name": "What is your name?",
    "reach": "How can we reach you?",
}
LABELS = {key: question.rstrip("?") for key, question in QUESTIONS.items()}
ANSWERS = (
    "Loud music every night until three, I cannot sleep",
    "The flats at 12 High Street, ground floor",
    "Most nights, and all of the weekend",
    "My two children and the lady upstairs",
    "Ada Lovelace",
    "A message here is fine, after six",
)
START = "/report"
SEND = "Send report"
ACTS = len(ANSWERS) + 2
"""Updates for one form: the start, the answers, the tap on Send."""
