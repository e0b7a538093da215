"""A case of a resident's, and the ways that a diary is usually kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage import people
from storage.models import AsbReport, Case, DiaryEntry
from tests.storage.rows import add_case
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows

REFERENCE = "KM4P-X7RB"


def has_case(town: Town, somebody: Somebody, reference: str = REFERENCE, **facts: Any) -> Case:
    """An open report of noise in Redditch, by this person, who gave a name with it."""
    with town.database.transaction() as session:
        person = people.find_by_chat(session, town.database.keyring.chat_key(somebody.phone.user_id))
        assert person is not None
        case = add_case(
            session,
            reference,
            **{
                "reporter_id": person.id,
                "district": "redditch",
                "received_at": town.clock.now(),
                "updated_at": town.clock.now(),
                **facts,
            },
        )
        detail = {"name": "Ada Lovelace", "what": "Loud music"}
        session.add(AsbReport(case_id=case.id, category="noise", danger_now=False, detail=detail))
        return case


def close_case(town: Town, reference: str, at: datetime) -> None:
    with town.database.transaction() as session:
        case = session.scalars(select(Case).where(Case.reference == reference)).one()
        case.status, case.closed_at = "closed", at


async def it_happens_now(
    somebody: Somebody, words: str = "He shouts through the wall.", bad: str = "I was afraid"
) -> None:
    """A quick entry, from the front page of the diary."""
    await somebody.taps("It's happening now")
    await somebody.says(words)
    await somebody.taps(bad, "I could not sleep")


async def writes_in_full(
    somebody: Somebody,
    *,
    when: str = "last Saturday",
    starts: str = "half past eleven at night",
    ends: str = "2am",
    what: str = "Shouting and a bottle against my door.",
    before_true: bool = False,
) -> None:
    """A full entry, from the front page of the diary, up to the last tap."""
    await somebody.taps("Write a full entry")
    await somebody.says(when)
    await somebody.taps("Yes, that is right")
    await somebody.says(starts, ends)
    await somebody.taps("In my home", "I don't know")
    await somebody.says(what)
    await somebody.taps("That's all", "Very bad")
    await somebody.says("1, 3", "Jan Kowalski")
    await somebody.taps("Yes, they would")
    await somebody.says("Police, 123 of 14 November")
    if not before_true:
        await somebody.taps("Yes, it is true", "Save entry")


def entries(town: Town) -> list[DiaryEntry]:
    """Every version of every entry, as stored."""
    return all_rows(town.database, DiaryEntry)


def the_file(somebody: Somebody, town: Town) -> bytes:
    """The bytes of the file in the newest message."""
    data = somebody.phone.last.data
    held = data["photo"][-1] if "photo" in data else data["document"]
    stored = town.world.files.find(held["file_id"])
    assert stored is not None
    return stored.content
