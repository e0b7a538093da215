"""A risk band changed by hand: raised at once with all that follows, lowered only when a second officer agrees."""

from __future__ import annotations

from datetime import date

import pytest

from storage.models import RiskChange
from tests.conversations.conftest import ada, quick_database, town
from tests.officers.fieldwork import forges, opens_more, reports_from
from tests.support.service import Somebody, Town
from tests.support.stored import StoredCase, all_rows, the_case

__all__ = ["ada", "quick_database", "town"]

WHY = "The son moved out and it is quiet now."


@pytest.fixture
async def asha(town: Town) -> Somebody:
    """An officer of Redditch and Bromsgrove."""
    return await town.officer("Asha Patel")


@pytest.fixture
async def ben(town: Town) -> Somebody:
    """Another officer of the same districts."""
    return await town.officer("Ben Cole")


@pytest.fixture
async def mona(town: Town) -> Somebody:
    """The community safety manager."""
    return await town.manager("Mona Reid")


async def changes_risk(officer: Somebody, reference: str, band: str, why: str = WHY) -> None:
    await opens_more(officer, reference)
    await officer.taps("Change the risk", band)
    await officer.says(why)
    await officer.taps("Set this risk")


def case(town: Town, reference: str) -> StoredCase:
    return the_case(town.database, reference)


def decisions(town: Town) -> list[str | None]:
    return [change.decision for change in all_rows(town.database, RiskChange)]


async def test_raising_counts_at_once_and_brings_the_first_contact_forward(
    town: Town, ada: Somebody, asha: Somebody, mona: Somebody
) -> None:
    reference = await reports_from(ada)
    assert case(town, reference).deadlines["contact"].due_on == date(2026, 11, 27)
    await changes_risk(asha, reference, "High risk", "Threats were made at the door.")
    asha.sees_among(f"The risk of {reference} is raised.")
    stored = case(town, reference)
    assert stored.case.risk == "high"
    assert stored.deadlines["contact"].due_on == date(2026, 11, 25)
    (event,) = [event for event in stored.events if event.kind == "risk_raised"]
    assert (event.detail["before"], event.detail["after"]) == ("medium", "high")
    assert event.detail["reason"] == "Threats were made at the door."
    assert not event.public
    mona.sees(f"{reference}: high risk now. Look at it today.")
    mona.sees_nothing_of("Threats")
    ada.sees_nothing_of("risk", "Threats")
    assert decisions(town) == ["raised"]


async def test_lowering_waits_until_another_officer_agrees(
    town: Town, ada: Somebody, asha: Somebody, ben: Somebody, mona: Somebody
) -> None:
    reference = await reports_from(ada)
    due_on = case(town, reference).deadlines["contact"].due_on
    await changes_risk(asha, reference, "Standard risk")
    asha.sees("It counts once a second officer agrees.")
    assert case(town, reference).case.risk == "medium"
    for second in (ben, mona):
        second.sees(
            f"{reference} · report · Redditch", "A lower risk is proposed.", buttons=["Agree", "Do not agree"]
        )
        second.sees_nothing_of(WHY)
    await ben.taps("Read why")
    ben.sees("Asha Patel proposes to lower it from medium risk to standard risk.", WHY)
    await ben.taps("Agree")
    ben.sees("Agreed. The risk is lower now.", "standard risk")
    asha.sees(f"{reference}: a second officer agreed with you.")
    stored = case(town, reference)
    assert stored.case.risk == "standard"
    assert stored.deadlines["contact"].due_on == due_on  # what was promised stays
    kinds = [event.kind for event in stored.events]
    assert kinds.count("risk_lower_proposed") == kinds.count("risk_lowered") == 1
    await mona.taps("Do not agree")  # too late: the notice is an old one
    mona.sees("Nothing waits for a second officer here any more.")
    assert case(town, reference).case.risk == "standard"
    assert decisions(town) == ["agreed"]


async def test_nobody_agrees_with_themselves(
    town: Town, ada: Somebody, asha: Somebody, ben: Somebody
) -> None:
    reference = await reports_from(ada)
    await changes_risk(asha, reference, "Standard risk")
    (change,) = all_rows(town.database, RiskChange)
    await opens_more(asha, reference)
    await asha.taps("A lower risk is proposed")
    asha.sees("You proposed to lower it", buttons=["Take it back"])
    asha.sees_no_button("Agree", "Do not agree")
    agree = f"v:agree:{change.case_id}:{change.id}"
    await forges(town, asha, agree)
    asha.sees("You proposed this yourself. A second officer has to agree.")
    assert case(town, reference).case.risk == "medium"
    await forges(town, ada, agree)
    assert case(town, reference).case.risk == "medium"
    await opens_more(asha, reference)
    await asha.taps("A lower risk is proposed", "Take it back")
    asha.sees("The risk stays as it is.")
    assert decisions(town) == ["declined"]


async def test_a_second_officer_may_say_no(town: Town, ada: Somebody, asha: Somebody, ben: Somebody) -> None:
    reference = await reports_from(ada)
    await changes_risk(asha, reference, "Standard risk")
    await ben.taps("Do not agree")
    asha.sees(f"{reference}: a second officer did not agree with you.")
    assert case(town, reference).case.risk == "medium"
    assert case(town, reference).events[-1].kind == "risk_lower_declined"


async def test_a_lowering_that_waits_comes_before_any_other_change(
    town: Town, ada: Somebody, asha: Somebody, ben: Somebody
) -> None:
    reference = await reports_from(ada)
    await opens_more(ben, reference)
    await ben.taps("Change the risk", "High risk")
    await changes_risk(asha, reference, "Standard risk")
    await ben.says("Threats at the door.")
    await ben.taps("Set this risk")
    ben.sees("The risk was changed meanwhile", "Nothing was done.")
    assert case(town, reference).case.risk == "medium"


async def test_a_band_that_rises_by_answers_overtakes_what_waits(
    town: Town, ada: Somebody, asha: Somebody, ben: Somebody
) -> None:
    reference = await reports_from(ada)
    await changes_risk(asha, reference, "Standard risk")
    await answers_questions(ada, "4")
    assert case(town, reference).case.risk == "high"
    assert decisions(town) == ["overtaken"]
    asked = next(message for message in ben.screens if "A lower risk is proposed" in message.text)
    await ben.taps_old(asked, "Agree")
    ben.sees("Nothing waits for a second officer here any more.")
    assert case(town, reference).case.risk == "high"


async def answers_questions(somebody: Somebody, option: str) -> None:
    """Answer the ten questions, each with the option of this number."""
    await somebody.taps("Ten short questions that help us")
    for _ in range(10):
        await somebody.says(option)
    await somebody.taps("Send answers")


async def test_what_an_officer_set_is_not_lowered_by_the_first_answers(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports_from(ada)
    await changes_risk(asha, reference, "High risk", "Threats at the door.")
    await answers_questions(ada, "1")  # the mildest to each
    stored = case(town, reference)
    (judged,) = [event for event in stored.events if event.kind == "risk_assessed"]
    assert judged.detail["lower_proposed"] is not None
    assert stored.case.risk == "high"


async def test_an_officer_of_elsewhere_and_a_resident_are_refused(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    wes = await town.officer("Wes Lane", "wyre_forest")
    reference = await reports_from(ada)
    await changes_risk(asha, reference, "Standard risk")
    (change,) = all_rows(town.database, RiskChange)
    wes.sees_nothing_of("A lower risk is proposed")
    for act in ("agree", "decline", "why", "risk", "visit", "links", "link", "been"):
        for stranger in (wes, ada):
            await forges(town, stranger, f"v:{act}:{change.case_id}:{change.id}")
            stranger.sees_nothing_of(WHY)
    assert decisions(town) == [None]
    assert case(town, reference).case.risk == "medium"
