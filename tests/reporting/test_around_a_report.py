"""New or more, a way out without trace, who acts, how bad it is: as residents go through it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text

from storage.database import Database
from storage.models import AsbReport, Base, Case, Deadline, Draft, Person, RiskAssessment
from tests.support.service import Somebody, Town, a_town


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    async with a_town(sqlite_database) as town:
        yield town


async def reports(ada: Somebody, *, anonymous: bool = False) -> None:
    """The short path: noise in Redditch."""
    await ada.taps("No, nobody is", "Noise")
    await ada.says("b97 4aa")
    await ada.taps("Yes, Redditch")
    await ada.says("Drums from the flat below until three, again and again.")
    await ada.taps("That's all", "Most days or nights", "My household", "They do")
    if anonymous:
        await ada.taps("Stay anonymous", "Send report")
        return
    await ada.taps("Use my name", "Skip", "Send report")


async def begins(ada: Somebody) -> None:
    await ada.starts()
    await ada.taps("Report a problem")


async def test_two_owners_and_nothing_unlawful_are_told_the_truth(town: Town):
    ada = town.resident()
    await begins(ada)
    await reports(ada)
    ada.sees("We have your report.", buttons=["What happens next?", "Ten short questions that help us"])
    await ada.taps("What happens next?")
    assert len(ada.last.text.split()) > 20
    with town.database.reading() as session:
        route = session.scalars(select(AsbReport.route)).one()
    assert route is not None
    assert route["lead"]


async def test_what_happens_next_is_for_the_person_who_reported(town: Town):
    ada, eve = town.resident(), town.resident("Eve Moss")
    await begins(ada)
    await reports(ada)
    receipt = ada.last
    await eve.starts()
    button = next(b for b in receipt.button_objects() if b["text"] == "What happens next?")
    eve.phone.world.press_update(eve.phone._chat, eve.phone.account, eve.last.data, button["callback_data"])
    await town.settle()
    eve.sees("We show a case only to the person who sent it")


async def test_someone_close_leaves_no_trace_and_is_never_written_to(town: Town):
    ada, jo = town.resident(), await town.officer()
    await begins(ada)
    await ada.taps("No, nobody is", "Someone I live with, or did")
    ada.sees("These people listen", "0800 980 3331", "999", buttons=["Leave quickly"])
    for word in ("violence", "abuse", "police", "Someone I live with"):
        assert word not in "\n".join(m.text for m in ada.phone.bot_messages)
    jo.sees_nothing_of("new report")
    with town.database.reading() as session:
        assert session.scalars(select(Draft)).all() == []
        assert session.scalars(select(Case)).all() == []
        assert session.scalars(select(Person.silent).where(Person.silent)).all() == [True]
    await ada.taps("Leave quickly")
    assert len(ada.phone.chat) == 1
    ada.sees_nothing_of("0800 980 3331")
    for _ in range(26):
        await town.moves_on(days=7)
    assert len(ada.phone.chat) == 1


async def test_more_of_the_same_asks_two_things_and_reaches_the_officer(town: Town):
    ada, jo = town.resident(), await town.officer()
    await begins(ada)
    await reports(ada)
    reference = ada.reference()
    await ada.says("/report")
    ada.sees("Is this new, or more of something you told us?", buttons=["Something new"])
    await ada.taps(f"More: Noise, {reference}")
    ada.sees("What happened this time?")
    await ada.says("Drums again, from one to four.")
    await ada.taps("That's all", "Yesterday", "Send it")
    ada.sees_among(f"Added to {reference}")
    jo.sees(f"{reference}: the person told us more.")
    jo.sees_nothing_of("Drums")
    with town.database.reading() as session:
        assert len(session.scalars(select(Case)).all()) == 1


async def test_something_new_begins_a_report(town: Town):
    ada = town.resident()
    await begins(ada)
    await reports(ada)
    await ada.says("/report")
    await ada.taps("Something new")
    ada.sees("Is anyone in danger now?")


async def test_the_ten_questions_raise_the_risk_and_bring_the_contact_forward(town: Town):
    ada, jo, sam = town.resident(), await town.officer(), await town.manager()
    await begins(ada)
    await reports(ada)
    reference = ada.reference()
    await ada.taps("Ten short questions that help us")
    await ada.taps("Most days", "Much worse", "My home", "Somebody is hurt, or a weapon")
    for _ in range(6):
        await ada.taps("Skip")
    await ada.taps("Send answers")
    ada.sees("Wednesday 25 November")
    ada.sees_nothing_of("high", "risk", "12")
    for person in (jo, sam):
        person.sees_among(f"{reference}: high risk now")
    with town.database.reading() as session:
        assert session.scalars(select(Case.risk)).one() == "high"
        kept = session.scalars(select(RiskAssessment)).one()
        due = session.scalars(
            select(Deadline.due_on).where(Deadline.kind == "contact", Deadline.ended_at.is_(None))
        ).one()
    assert (kept.band, kept.total, due.isoformat()) == ("high", 11, "2026-11-25")


async def test_an_anonymous_report_can_be_followed_by_its_token_from_any_chat(town: Town):
    ada, friend = town.resident(), town.resident("Bea Holt")
    await begins(ada)
    await reports(ada, anonymous=True)
    token = next(word for word in ada.last.text.split() if word.startswith("t_"))
    await friend.says(token)
    friend.sees("We have your report.")
    await friend.says(token[:-1] + ("3" if token[-1] != "3" else "4"))
    friend.sees("We know nothing under that.")
    with town.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(text(f'SELECT * FROM "{table.name}"')):
                assert token not in str(tuple(row))
