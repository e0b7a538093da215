"""Tapping from a card in a test: what was said because of it, and the history."""

from __future__ import annotations

from sqlalchemy import select

from handlers.following import PRESSES as FOLLOWING
from handlers.officers import PRESSES
from storage.models import Case, CaseEvent
from tests.officers.world import Said, World

ALL = {**FOLLOWING, **PRESSES}


def press(world: World, chat_id: int, data: str) -> list[Said]:
    """Tap a button; what is in the outbox because of it, for anybody."""
    world.hush()
    with world.turn(chat_id, press=data) as turn:
        parts = data.split(":")
        ALL[parts[0]](turn, parts)
    return world.said()


def opened(world: World, chat_id: int, case: Case) -> Said:
    """The card, opened anew."""
    (card,) = press(world, chat_id, f"o:{case.id}")
    return card


def tap(world: World, chat_id: int, shown: Said, *labels: str) -> Said:
    """Tap one button after the other; the last message to whoever tapped. Labels may be beginnings."""
    for label in labels:
        whole = next((one for one in shown.buttons if one.startswith(label)), label)
        press(world, chat_id, shown.buttons[whole])
        shown = world.said(chat_id)[-1]
    return shown


def history(world: World, case: Case) -> list[CaseEvent]:
    """All lines of a case's history, the oldest first."""
    with world.session() as session:
        found = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
        return list(session.scalars(found).all())
