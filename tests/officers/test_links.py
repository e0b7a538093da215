"""Linked cases: offered for one address or one person, linked by an officer, and told to no resident."""

from __future__ import annotations

import json

import pytest

from bot.papers.registry import make_paper
from casework.linking import LinkKind
from handlers.my_data.start import PARTS
from storage import data_copy, links, people
from storage.models import CaseLink, OutboxMessage
from tests.conversations.conftest import ada, cllr_khan, quick_database, town
from tests.officers.fieldwork import HOME, a_resident, forges, opens_more, reports_from
from tests.support.service import Somebody, Town, phrase
from tests.support.stored import all_rows, the_case
from tests.support.walks import goes_on, refers, reports_up_to

__all__ = ["ada", "cllr_khan", "quick_database", "town"]

ACROSS = "14 High Street, B97 4AA"


@pytest.fixture
async def asha(town: Town) -> Somebody:
    """An officer of Redditch and Bromsgrove."""
    return await town.officer("Asha Patel")


@pytest.fixture
async def bob(town: Town) -> Somebody:
    """The neighbour."""
    return await a_resident(town, "Bob Stone")


async def links_cases(officer: Somebody, one: str, other: str, how: str) -> None:
    await opens_more(officer, one)
    labels = officer.last.labels
    await officer.taps(next(label for label in labels if label.startswith("Link")))
    await officer.taps("Link by reference")
    await officer.says(other)
    await officer.taps(how, "Link the cases")


async def test_a_case_of_the_same_address_is_offered_and_linked_with_a_tap(
    town: Town, ada: Somebody, bob: Somebody, asha: Somebody
) -> None:
    first = await reports_from(ada)
    second = await reports_from(bob, "12 high st b97 4aa")
    await opens_more(asha, first)
    asha.sees(buttons=["Linked cases (1)"])
    await asha.taps("Linked cases (1)")
    asha.sees(second, "May belong here: the same address")
    await asha.taps("Link it", "The same problem", "Link the cases")
    asha.sees(f"{first} and {second} are linked as the same problem.")
    await asha.taps("Linked cases")
    asha.sees("Linked: the same problem")
    asha.sees_no_button("Link it")
    for reference in (first, second):
        (event,) = [event for event in the_case(town.database, reference).events if event.kind == "linked"]
        assert not event.public
        assert first not in str(event.detail)
        assert second not in str(event.detail)


async def test_reports_of_one_person_are_offered_and_a_stranger_is_not(
    town: Town, ada: Somebody, bob: Somebody, asha: Somebody
) -> None:
    first = await reports_from(ada)
    await ada.says("/report")
    await ada.taps("Something new")
    await goes_on(ada, "danger")
    await ada.taps("No, send it as new")
    again = ada.reference()
    stranger = await reports_from(bob, ACROSS)
    await opens_more(asha, first)
    await asha.taps("Linked cases (1)")
    asha.sees(again, "May belong here: the same person")
    assert stranger not in asha.last.text


async def test_a_referral_and_a_report_of_one_home_find_each_other(
    town: Town, ada: Somebody, cllr_khan: Somebody, asha: Somebody
) -> None:
    referral = await refers(cllr_khan)
    report = await reports_from(ada, "12 High Street, B98 7DE")
    await opens_more(asha, referral)
    await asha.taps("Linked cases (1)")
    asha.sees(report, "May belong here: the same address")


async def test_two_sides_of_a_dispute_are_kept_apart_from_each_others_residents(
    town: Town, ada: Somebody, bob: Somebody, asha: Somebody
) -> None:
    first = await reports_from(ada)
    second = await reports_from(bob, ACROSS)
    await links_cases(asha, first, second, "Two sides of one dispute")
    asha.sees("Do not tell either person of the other.")
    await asha.taps("Linked cases")
    asha.sees("Keep the two sides apart.", "Linked: the other side of one dispute")
    for somebody, own, others in ((ada, first, second), (bob, second, first)):
        await somebody.says("/cases")
        await looks_everywhere(somebody, own)
        await somebody.says(others)  # even who knows the reference learns nothing
        assert somebody.last.text == phrase("case.not_yours")
        somebody.sees_nothing_of("dispute", "linked", "Linked")
        texts = "\n".join(message.text for message in somebody.phone.bot_messages)
        assert others not in texts
        (link,) = all_rows(town.database, CaseLink)
        for act in ("links", "link", "unlink", "why"):
            await forges(town, somebody, f"v:{act}:{the_case(town.database, own).case.id}:{link.id}")
        somebody.sees("This is for officers of the team.")
        assert others not in "\n".join(message.text for message in somebody.phone.bot_messages)
        assert others not in copy_of(town, somebody)
        assert "case_link" not in copy_of(town, somebody)


async def looks_everywhere(somebody: Somebody, reference: str) -> None:
    """Open one's own case, and why its day is what it is."""
    await somebody.says(reference)
    somebody.sees(reference)
    await somebody.taps("Why this")


def copy_of(town: Town, somebody: Somebody) -> str:
    """All that they are given of their own data, as the program and as the archive has it."""
    service = town.process.service
    with town.database.reading() as session:
        person = people.find_by_chat(session, service.keyring.chat_key(somebody.phone.user_id))
        assert person is not None
        rows = json.dumps(data_copy.collect(session, person))
        number = person.id * PARTS
    archive = make_paper(town.database, service, {"paper": "my_data", "id": number})
    assert archive.content
    return rows


async def test_a_link_is_taken_away_with_a_reason_and_stays_in_the_history(
    town: Town, ada: Somebody, bob: Somebody, asha: Somebody
) -> None:
    first = await reports_from(ada)
    second = await reports_from(bob, ACROSS)
    await links_cases(asha, first, second, "The same problem")
    await asha.taps("Linked cases", "Take link away")
    await asha.says("Two different noises")
    await asha.taps("Take the link away")
    asha.sees("The link is taken away.")
    (link,) = all_rows(town.database, CaseLink)
    assert (link.reason, link.ended_at) == ("Two different noises", town.clock.now())
    for reference in (first, second):
        last = the_case(town.database, reference).events[-1]
        assert (last.kind, last.detail["reason"]) == ("unlinked", "Two different noises")
    await opens_more(asha, second)
    asha.sees(buttons=["Link a case"])


@pytest.mark.parametrize("typed", ["nonsense", "KM4P-X7RC"])
async def test_what_is_no_reference_is_asked_for_again(
    town: Town, ada: Somebody, asha: Somebody, typed: str
) -> None:
    reference = await reports_from(ada)
    await opens_more(asha, reference)
    await asha.taps("Link a case", "Link by reference")
    await asha.says(typed)
    asha.sees("That is no reference.")


async def test_a_case_of_elsewhere_reads_like_one_that_is_not_there(
    town: Town, ada: Somebody, bob: Somebody, asha: Somebody
) -> None:
    wes = await town.officer("Wes Lane", "wyre_forest")
    mona = await town.manager("Mona Reid")
    first = await reports_from(ada)
    await reports_up_to(bob, "where")
    await bob.says(HOME)
    await bob.taps("No, or I am not sure", "Wyre Forest")
    await goes_on(bob, "what", "my_home")
    await bob.taps("Housing association", "Private landlord")  # this district has no council homes
    await goes_on(bob, "who")
    elsewhere = bob.reference()
    await opens_more(asha, first)
    asha.sees(buttons=["Link a case"])  # the case of the same address is not theirs to open
    await links_cases(asha, first, elsewhere, "The same problem")
    asha.sees(f"There is no case {elsewhere} that you can open.")
    await asha.taps("Cancel", "Delete my answers")
    assert all_rows(town.database, CaseLink) == []
    await links_cases(mona, first, elsewhere, "Two sides of one dispute")
    assert len(all_rows(town.database, CaseLink)) == 1
    for officer, own, others in ((asha, first, elsewhere), (wes, elsewhere, first)):
        await opens_more(officer, own)
        officer.sees(buttons=["Link a case"])
        await officer.taps("Link a case")
        assert others not in officer.last.text
        (link,) = all_rows(town.database, CaseLink)
        await forges(town, officer, f"v:unlink:{the_case(town.database, own).case.id}:{link.id}")
        officer.sees("There is no such link any more.")
    await opens_more(mona, first)
    mona.sees(buttons=["Linked cases (1)"])


async def test_a_case_is_not_linked_with_itself_or_twice(
    town: Town, ada: Somebody, bob: Somebody, asha: Somebody
) -> None:
    first = await reports_from(ada)
    second = await reports_from(bob, ACROSS)
    await links_cases(asha, first, first, "The same problem")
    asha.sees("That is this case itself.")
    await asha.taps("Cancel", "Delete my answers")
    await links_cases(asha, first, second, "The same problem")
    await links_cases(asha, second, first, "Two sides of one dispute")
    asha.sees(f"{first} is linked already.")
    assert len(all_rows(town.database, CaseLink)) == 1


async def test_nothing_about_a_link_waits_for_a_resident(
    town: Town, ada: Somebody, bob: Somebody, asha: Somebody
) -> None:
    first = await reports_from(ada)
    second = await reports_from(bob, ACROSS)
    before = [len(somebody.phone.bot_messages) for somebody in (ada, bob)]
    await links_cases(asha, first, second, "Two sides of one dispute")
    assert [len(somebody.phone.bot_messages) for somebody in (ada, bob)] == before
    assert all_rows(town.database, OutboxMessage) == []
    with town.database.reading() as session:
        (found,) = links.list_related(session, the_case(town.database, first).case.id)
    assert found.kind is LinkKind.COUNTER
