"""What is asked besides, the same thing told twice, the pattern of noise, and answers that are offered no more."""

from __future__ import annotations

import pytest

from storage.models import Case, Draft
from tests.conversations.conftest import ada as ada
from tests.conversations.conftest import quick_database as quick_database
from tests.conversations.conftest import town as town
from tests.following.walks import closes_case, takes_case
from tests.support.service import Somebody, Town
from tests.support.stored import count_rows, the_case, the_draft
from tests.support.walks import goes_on, reports, reports_up_to

WHERE = "report.where"


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        (("Noise",), []),
        (("Neighbours", "Shouting, insults"), []),
        (("Threats", "Again and again, at me"), ["know_them"]),
        (("Hate",), ["know_them", "aimed_at"]),
        (("Drugs", "People sell drugs"), []),
        (("Rowdy groups", "Rowdy people"), ["how_many"]),
        (("Vehicles", "Driving too fast"), ["plate"]),
        (("Damage", "Graffiti"), ["whose"]),
        (("Rubbish", "Rubbish dumped"), ["land"]),
        (("Rubbish", "Needles"), ["land"]),
        (("Vehicles", "A car left behind"), ["plate", "stands"]),
        (("Rubbish", "Litter"), []),
        (("Animals", "A dog"), ["hurt"]),
        (("Fires", "Fireworks"), []),
        (("Something else", "Begging"), ["sleeping_rough"]),
        (("Something else", "Sellers at the door"), ["paid"]),
        (("Something else", "Sex work"), []),
    ],
)
async def test_each_problem_has_its_own_few_questions(
    ada: Somebody, path: tuple[str, ...], asked: list[str]
) -> None:
    answers = {
        "know_them": "I'm not sure", "aimed_at": "Skip", "how_many": "Skip", "plate": "Skip", "whose": "Mine",
        "land": "I don't know", "stands": "I don't know", "hurt": "I don't know", "sleeping_rough": "I don't know",
        "paid": "I don't know",
    }  # fmt: skip
    await ada.says("/report")
    await ada.taps("No, nobody is", *path)
    for question in asked:
        ada.is_asked(f"report.{question}")
        await ada.taps(answers[question])
    ada.is_asked(WHERE)


async def test_what_hate_is_about_can_be_several_things(town: Town, ada: Somebody) -> None:
    await ada.says("/report")
    await ada.taps("No, nobody is", "Hate", "Yes, I know them", "Religion", "Disability", "Done")
    ada.is_asked(WHERE)
    assert the_draft(town.database).answers["aimed_at"] == ["religion", "disability"]


async def test_another_problem_takes_the_kind_and_its_details_with_it(town: Town, ada: Somebody) -> None:
    await reports_up_to(ada, "check", problem="Damage")
    assert the_draft(town.database).answers["whose"] == "mine"
    await ada.taps("Change kind", "Graffiti", "Change problem", "Rubbish")
    ada.is_asked("report.kind")
    answers = the_draft(town.database).answers
    assert "kind" not in answers
    assert "whose" not in answers
    await ada.taps("Rubbish dumped", "Street, park or path", "Send report")
    detail = the_case(town.database, ada.reference()).detail
    assert detail["details"] == {"land": "public"}


async def test_a_council_home_is_asked_for_again_where_the_council_has_none(
    town: Town, ada: Somebody
) -> None:
    await reports_up_to(ada, "check")
    assert the_draft(town.database).answers["my_home"] == "council_tenant"
    await ada.taps("Change where")
    await ada.says("Market Street, Bromsgrove")
    await ada.taps("Bromsgrove")
    ada.is_asked("report.my_home")
    ada.sees_no_button("The council")
    kept = the_draft(town.database).answers
    assert "my_home" not in kept
    assert kept["their_home"] == "provider_tenant"  # there are such homes, so that stays
    await ada.taps("Private landlord", "Send report")
    stored = the_case(town.database, ada.reference())
    assert (stored.case.district, stored.detail["my_home"]) == ("bromsgrove", "private_tenant")


async def test_the_same_told_again_becomes_more_of_it(town: Town, ada: Somebody) -> None:
    jo = await town.officer()
    reference = await reports(ada)
    await ada.says("/report")
    await ada.taps("Something new")
    await goes_on(ada, "danger")
    ada.sees(reference, buttons=["No, send it as new", "Back"])
    assert count_rows(town.database, Case) == 1
    await ada.taps("Back")
    ada.is_asked("check")
    await ada.taps("Send report", f"Yes, add it to {reference}")
    assert count_rows(town.database, Case) == 1
    assert count_rows(town.database, Draft) == 0
    assert "more_reported" in [event.kind for event in the_case(town.database, reference).events]
    jo.sees(f"{reference}: the person told us more.")


@pytest.mark.parametrize("other", ["a closed case", "another place", "anonymous"])
async def test_what_is_not_the_same_is_sent_without_a_question(town: Town, ada: Somebody, other: str) -> None:
    jo = await town.officer()
    reference = await reports(ada)
    if other == "a closed case":
        await takes_case(jo, reference)
        await closes_case(jo, reference)
    await ada.says("/report")
    await ada.taps("Something new")
    if other == "another place":
        await goes_on(ada, "danger", "where")
        await ada.says("3 Mill Lane, B98 8AH", "Yes, Redditch")
        await goes_on(ada, "what")
    elif other == "anonymous":
        await goes_on(ada, "danger", "who")
        await ada.taps("Stay anonymous", "Send report")
    else:
        await goes_on(ada, "danger")
    assert count_rows(town.database, Case) == 2


async def test_the_pattern_of_noise_is_asked_after_and_everyday_noise_goes_elsewhere(
    town: Town, ada: Somebody
) -> None:
    reference = await reports(ada)
    before = the_case(town.database, reference).report
    await ada.taps("Tell us more about the noise", "Steps, doors, talk")
    ada.reads("report.ordinary.everyday_noise")
    await ada.taps("Monday", "Done", "In the morning", "Done", "Send it")
    stored = the_case(town.database, reference)
    assert stored.report is not None
    assert before is not None
    assert stored.report.sub_kind == "everyday_noise"
    assert stored.detail["pattern"] == {"days": ["mon"], "bands": ["morning"]}
    assert stored.report.route["reason_code"] == "ordinary" != before.route["reason_code"]
    assert [event.kind for event in stored.events].count("noise_described") == 1
