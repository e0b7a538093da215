"""Notes and formal steps, written in the chat: what is kept, what is refused, and who can read it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from storage.models import CaseEvent, Draft, RoleGrant
from tests.following.walks import closes_case, opens_case
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows
from tests.support.walks import reports

LONG = "He came to the door again. " * 150  # 4,050 characters


def kept(town: Town, kind: str) -> list[dict[str, Any]]:
    """The details of the lines of this kind."""
    with town.database.transaction() as session:
        found = session.scalars(select(CaseEvent).where(CaseEvent.kind == kind).order_by(CaseEvent.id))
        return [event.detail for event in found]


def everybody_leaves(town: Town) -> None:
    with town.database.transaction() as session:
        session.execute(update(RoleGrant).values(ended_at=town.clock.now()))


@pytest.fixture
async def reference(asha: Somebody, ada: Somebody) -> str:
    """A report of Ada's, whose card Asha has open."""
    made = await reports(ada)
    await opens_case(asha, made)
    return made


async def test_a_note_is_kept_and_its_person_never_hears_of_it(
    town: Town, asha: Somebody, ada: Somebody, reference: str
) -> None:
    heard = len(ada.phone.bot_messages)
    await asha.taps("Add a note")
    asha.sees("What should the team know?", "Nobody outside the team reads it.")
    await asha.says("He has a knife at home, her sister says.", "Ring the sister first.")
    asha.sees_nothing_of("999")  # the officer knows
    await asha.taps("That's all")
    asha.sees(f"Your note on {reference} is kept. Only the team can read it.")
    whole = "He has a knife at home, her sister says.\nRing the sister first."
    assert kept(town, "note") == [{"note": whole}]
    assert len(ada.phone.bot_messages) == heard
    await ada.says(reference)
    ada.sees_nothing_of("knife", "sister")
    await asha.taps("Back to the card")
    asha.sees("note: He has a knife at home")
    await asha.taps("More", "Notes (1)")
    asha.sees(f"Notes on {reference}.", "Ring the sister first.")
    assert len(kept(town, "notes_opened")) == 1


async def test_a_note_that_is_too_long_is_refused_in_one_sentence_and_what_came_before_stays(
    town: Town, asha: Somebody, reference: str
) -> None:
    await asha.taps("Add a note")
    await asha.says(LONG)
    for _ in range(4):  # 20,000 characters come as five messages
        await asha.says(LONG)
        asha.sees("A note can have 5000 letters, and 951 are left.", buttons=["That's all"])
    await asha.says("The end.")
    await asha.taps("That's all")
    (note,) = kept(town, "note")
    assert note["note"] == f"{LONG.strip()}\nThe end."
    await asha.taps("Back to the card", "More", "Notes (1)", "Read note 1 whole")
    last = "".join(message.text for message in asha.phone.bot_messages[-2:])
    assert last.count("He came to the door again.") >= 149
    assert last.endswith("The end.")


async def test_a_note_that_waits_goes_on_where_it_was(town: Town, asha: Somebody, reference: str) -> None:
    await asha.taps("Add a note")
    await asha.says("The first half.")
    await opens_case_anew(asha, reference)
    await asha.taps("Add a note")
    await asha.says("The second half.")
    await asha.taps("That's all")
    assert kept(town, "note") == [{"note": "The first half.\nThe second half."}]


async def opens_case_anew(officer: Somebody, reference: str) -> None:
    """By the queue: what is typed goes to the form that is open."""
    await officer.says("/queue")
    await officer.taps(reference)


async def test_a_note_can_be_written_on_a_closed_case(town: Town, asha: Somebody, reference: str) -> None:
    await closes_case(asha, reference)
    await asha.taps("Add a note")
    await asha.says("His landlord rang to thank us.")
    await asha.taps("That's all")
    assert len(kept(town, "note")) == 1


async def test_a_formal_step_is_recorded_with_its_day_and_stands_on_the_card(
    town: Town, asha: Somebody, reference: str
) -> None:
    await asha.taps("More", "Record a formal step")
    asha.is_asked("officer_stage.stage")
    asha.sees_no_button("Community protection notice")  # its warning comes first
    await asha.taps("Community protection warning", "Yesterday")
    await asha.says("CPW 12 of 2026")
    await asha.taps("Record it")
    asha.sees(f"The step is recorded on {reference}.")
    (step,) = kept(town, "record_stage")
    assert (step["stage"], step["on"], step["words"]) == (
        "protection_warning",
        "2026-11-23",
        "CPW 12 of 2026",
    )
    await asha.taps("Back to the card")
    asha.sees("Formal steps: Community protection warning (Monday 23 November)")


async def test_a_notice_is_never_from_before_its_warning(town: Town, asha: Somebody, reference: str) -> None:
    await asha.taps("More", "Record a formal step", "Community protection warning", "Today", "Skip")
    await asha.taps("Record it", "Back to the card", "More", "Record a formal step")
    await asha.taps("Community protection notice", "Yesterday", "Skip", "Record it")
    asha.sees("The written warning was given on Tuesday 24 November.")
    assert len(kept(town, "record_stage")) == 1
    await asha.taps("Change the day", "Today", "Record it")
    assert [step["stage"] for step in kept(town, "record_stage")] == [
        "protection_warning",
        "protection_notice",
    ]


async def test_a_step_on_a_case_that_was_closed_meanwhile_is_not_recorded(
    town: Town, asha: Somebody, reference: str
) -> None:
    ben = await town.officer("Ben Cole")
    await asha.taps("More", "Record a formal step", "Warning letter", "Today", "Skip")
    await closes_case(ben, reference)
    await asha.taps("Record it")
    asha.sees("That cannot be done now: the case is closed.")
    assert not kept(town, "record_stage")


@pytest.mark.parametrize("by", ["tap", "words"])
async def test_an_officer_who_leaves_in_the_middle_of_a_note_is_told_kindly_and_nothing_is_kept(
    town: Town, asha: Somebody, reference: str, by: str
) -> None:
    await asha.taps("Add a note")
    await asha.says("The first half.")
    everybody_leaves(town)
    await (asha.taps("That's all") if by == "tap" else asha.says("The second half."))
    asha.sees_among("This is not open to you any more, so I closed it. Nothing was sent or changed.")
    assert not kept(town, "note")
    assert not all_rows(town.database, Draft)


async def test_an_officer_who_leaves_while_closing_a_case_closes_nothing(
    town: Town, asha: Somebody, reference: str
) -> None:
    await asha.taps("Close the case", "Resolved")
    everybody_leaves(town)
    await asha.says("We spoke with everybody.")
    asha.sees("This is for officers of the team.")
    await asha.says("We spoke with everybody.")
    assert not kept(town, "close")
