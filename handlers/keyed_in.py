"""A report or a referral that an officer keys in for somebody without Telegram: what is different about its case.

The conversation, the case and its clocks are those of everybody else. The person has no chat, so nothing is said
to them here: they are rung or written to (`handlers.phone_instead`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from casework.cases import CaseKind, Channel, DeadlineKind
from casework.errors import NotPermitted
from casework.roles import Permission, require
from handlers.forms.flow import ABOUT, Answers, Receipt
from handlers.intake import NewCase, Received, receive
from handlers.keyboards import Button, Row
from handlers.turn import Turn
from handlers.words import Html
from storage import drafts
from storage.models import AsbReport, Base, NnsReferral, Person

PAPER = "paper"
"""Where a draft keeps what the officer was asked before the form itself."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """How it reached the team, when, and how the person can be reached; no name of who wants to give none."""

    channel: Channel
    received_on: date
    at: datetime | None
    name: str | None
    address: str | None = None
    phone: dict[str, Any] | None = None
    reach: str | None = None


def keyed_in(answers: Answers) -> Keyed | None:
    """What was asked before; None for what people send themselves."""
    known = (answers.get(ABOUT) or {}).get(PAPER)
    if known is None:
        return None
    return Keyed(
        Channel(known["channel"]),
        date.fromisoformat(known["when"]["day"]),
        datetime.fromisoformat(known["when"]["at"]) if known["when"]["at"] else None,
        known.get("name"),
        known.get("address"),
        known.get("phone"),
        known.get("reach"),
    )


def take_in(turn: Turn, new: NewCase, keyed: Keyed) -> Receipt:
    """Open the case for the person who has no chat; the officer reads what to do next, not what a resident reads."""
    try:
        require(turn.actor.role, Permission.KEY_IN)
    except NotPermitted:
        return Receipt(turn.words("paper_bridge.not_allowed", phone=turn.service.policy.phone_of(None).value))
    person = _person(turn, keyed)
    anonymous = person is None and new.kind == CaseKind.ASB_REPORT
    received = receive(
        turn,
        replace(
            new,
            channel=keyed.channel,
            reporter=person,
            referrer=None,
            anonymous=anonymous,
            received_at=received_at(turn, keyed),
            make_detail=lambda case_id: _with_contact(new.make_detail(case_id), keyed),
            facts={**new.facts, "channel": keyed.channel.value, "received_on": keyed.received_on.isoformat()},
        ),
    )
    if turn.draft is not None:
        drafts.give_to_case(turn.session, turn.draft, received.case.id, anonymous=anonymous)
    return _receipt(turn, received, keyed)


def received_at(turn: Turn, keyed: Keyed) -> datetime:
    """The instant from which the deadlines count, never later than now.

    As it was given; today now, on another day when the team's day begins.
    """
    if keyed.at is None and keyed.received_on == turn.today:
        return turn.now
    opens = turn.service.calendar.at(keyed.received_on, turn.service.policy.team.opens)
    return min(keyed.at or opens, turn.now)


def _person(turn: Turn, keyed: Keyed) -> Person | None:
    """Somebody of their own, without a chat; nobody where they gave no name."""
    if keyed.name is None:
        return None
    profile = {
        "name": keyed.name,
        "phone": (keyed.phone or {}).get("typed"),
        "address": keyed.address,
        "keyed_in": True,
    }
    person = Person(profile=profile, created_at=turn.now)
    turn.session.add(person)
    turn.session.flush()
    return person


def _with_contact(row: Base, keyed: Keyed) -> Base:
    if isinstance(row, AsbReport | NnsReferral):
        row.detail = {**row.detail, "address": keyed.address, "reach": keyed.reach}
    return row


def _receipt(turn: Turn, received: Received, keyed: Keyed) -> Receipt:
    words, case = turn.words, received.case
    lines = [
        words(
            "paper_bridge.taken",
            reference=case.reference,
            channel=words.plain(f"paper_bridge.channel.choice.{keyed.channel.value}"),
            day=words.day(keyed.received_on, turn.today),
        )
    ]
    first = received.deadlines.get(DeadlineKind.ACKNOWLEDGE)
    if first is not None:
        lines.append(words("paper_bridge.taken.due", day=words.day(first.due_on, turn.today)))
    if keyed.name is not None:
        lines.append(words("paper_bridge.taken.no_chat"))
    row: Row = (Button(words.plain("paper_bridge.card.button"), f"o:{case.id}"),)
    if keyed.name is not None:
        row = (*row, Button(words.plain("paper_bridge.letters.button"), f"g:letters:{case.id}"))
    return Receipt(Html("\n".join(lines)), (row,))
