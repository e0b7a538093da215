"""Questions and answers: pages first, a person next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.asking import answers, enquiry, team
from handlers.asking.answers import offer_answers
from handlers.forms.flow import Form
from handlers.turn import Service, Turn
from storage import enquiries

__all__ = ["COMMANDS", "DAILY", "FORMS", "PRESSES", "offer_answers"]

_ACTS: dict[str, Callable[[Turn, list[str]], None]] = {
    "p": lambda turn, parts: answers.show_pressed(turn, _part(parts, 2)),
    "d": lambda turn, parts: answers.district_pressed(turn, _part(parts, 2), _part(parts, 3)),
    "n": lambda turn, parts: answers.not_helped_pressed(turn, _part(parts, 2)),
    "t": lambda turn, _parts: enquiry.begin(turn),
    "again": lambda turn, _parts: answers.ask(turn),
    # of the team
    "ans": team.answer_pressed,
    "save": team.save_pressed,
    "r": team.read_pressed,
    "ok": team.decide_pressed,
    "no": team.decide_pressed,
    "q": team.questions_pressed,
}
"""Buttons by the second part of their data."""


def pressed(turn: Turn, parts: list[str]) -> None:
    """``a:<act>:…``. A forged act shows the start of asking, and nothing else."""
    act = _ACTS.get(_part(parts, 1))
    if act is None:
        answers.ask(turn)
    else:
        act(turn, parts)


def _part(parts: list[str], place: int) -> str:
    return parts[place] if place < len(parts) else ""


def forget_questions(session: Session, service: Service, now: datetime) -> dict[str, int]:
    """Delete what was asked when its time is over."""
    keep = timedelta(days=service.policy.enquiries.questions_days.value)
    return {"deleted": enquiries.delete_questions(session, now, keep)}


FORMS: tuple[Form, ...] = (enquiry.ENQUIRY, team.ANSWER, team.PAGE)
COMMANDS: dict[str, Callable[[Turn], None]] = {
    "ask": answers.ask,
    "questions": team.show_questions,
}
PRESSES: dict[str, Callable[[Turn, list[str]], None]] = {"a": pressed}
DAILY: dict[str, Callable[[Session, Service, datetime], dict[str, int]]] = {"questions": forget_questions}
"""Jobs by name: each looks at what is due by the instant, in one transaction, and returns counts for the log."""
