"""Abuse of the team is kept and marked; the person reads the same words as everybody."""

from __future__ import annotations

from sqlalchemy import select

from storage.models import CaseEvent, CaseMessage
from tests.support.service import Town
from tests.support.walks import reports


async def test_abuse_reaches_the_case_marked_and_is_never_deleted(town: Town):
    ada, jo = town.resident(), await town.officer()
    reference = await reports(ada)
    await ada.says("/cases")
    await ada.taps(reference)
    await ada.taps("Write to us")
    await ada.says("You useless idiots, when does somebody come?")
    await jo.says(reference)
    await jo.taps("Messages")
    jo.sees("You useless idiots, when does somebody come?", "Marked: may hold abusive words.")
    with town.database.reading() as session:
        assert session.scalars(select(CaseMessage)).one().body["text"].startswith("You useless")
        written = session.scalars(select(CaseEvent).where(CaseEvent.kind == "message_in")).one()
    assert written.detail["abusive"] is True
    ada.sees_nothing_of("abusive", "Marked")
