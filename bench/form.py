"""The form that every measured bot runs: six short texts, a summary, Send. Ours is made with the form kit."""

from __future__ import annotations

from gettext import NullTranslations

from bench.script import LABELS, QUESTIONS, SEND
from casework.cases import CaseKind, Channel, DeadlineKind, RiskBand
from casework.roles import Permission
from handlers.confirmation import receipt
from handlers.forms.engine import FormKit
from handlers.forms.flow import Answers, Form, Question, Receipt
from handlers.forms.kinds.text import ShortText
from handlers.home import show_menu
from handlers.intake import NewCase, receive
from handlers.turn import Turn
from handlers.words import ENGLISH, Catalogs
from storage.models import AsbReport

NAME = "report"
"""The name of a form that the bot's menu knows, so that ``/report`` opens this one instead."""


def make_kit() -> FormKit:
    """The form kit with this one form."""
    questions = tuple(Question(key, ShortText()) for key in QUESTIONS)
    form = Form(name=NAME, permission=Permission.REPORT, questions=questions, finish=_finish)
    return FormKit((form,), leave=show_menu)


def _finish(turn: Turn, answers: Answers) -> Receipt:
    """What the real form does: a case with its history and deadlines, and a confirmation with the date."""
    received = receive(
        turn,
        NewCase(
            kind=CaseKind.ASB_REPORT,
            district="redditch",
            risk=RiskBand.STANDARD,
            channel=Channel.TELEGRAM,
            reporter=turn.person,
            make_detail=lambda case_id: AsbReport(
                case_id=case_id, category="noise", danger_now=False, detail=dict(answers)
            ),
        ),
    )
    return receipt(turn, NAME, received, DeadlineKind.CONTACT)


def make_catalogs() -> Catalogs:
    """The bot's own words, with those of this form in front."""
    real = Catalogs.load()
    own = {f"{NAME}.name": "your report", f"{NAME}.send.button": SEND}
    for key, question in QUESTIONS.items():
        own[f"{NAME}.{key}.ask"] = question
        own[f"{NAME}.{key}.label"] = LABELS[key]
        own[f"{NAME}.{key}.change"] = f"Change {key}"
    front = _Sentences(own)
    domains = dict(real.domains(ENGLISH))
    front.add_fallback(domains[NAME])
    return Catalogs({ENGLISH: {**domains, NAME: front}})


class _Sentences(NullTranslations):
    """Sentences from a dict, all others from the fallback."""

    def __init__(self, sentences: dict[str, str]) -> None:
        super().__init__()
        self._sentences = sentences

    def gettext(self, message: str) -> str:
        return self._sentences.get(message) or super().gettext(message)
