"""A Member refers a resident to the Nominated Neighbour Scheme."""

from __future__ import annotations

from datetime import date

import pytest

from casework.cases import CaseKind
from storage.models import Case, Draft, NnsReferral
from tests.support.service import Somebody, Town, the_words
from tests.support.stored import all_rows, count_rows, the_case, the_draft
from tests.support.walks import refers, refers_up_to


async def test_a_member_refers_a_resident_who_agreed(
    town: Town, cllr_khan: Somebody, duty_officer: Somebody
) -> None:
    await cllr_khan.taps("Refer a resident")
    cllr_khan.is_asked("refer.consent")
    cllr_khan.sees("/privacy", buttons=["Yes, they told me", "Yes, in writing", "Not yet"])
    await cllr_khan.taps("Yes, in writing")
    cllr_khan.is_asked("refer.name")
    await cllr_khan.says("Elsie O'Neil")
    cllr_khan.is_asked("refer.where")
    await cllr_khan.says("12 High Street, B98 7DE")
    cllr_khan.sees("B98 7DE", "Redditch", buttons=["Yes, Redditch"])
    await cllr_khan.taps("Yes, Redditch")
    cllr_khan.is_asked("refer.phone")
    cllr_khan.sees_no_button("Use my Telegram number")  # it is not the Member's own that we want
    await cllr_khan.says("01632 960001")
    cllr_khan.is_asked("refer.best_time")
    await cllr_khan.taps("Morning")
    cllr_khan.is_asked("refer.reasons")
    await cllr_khan.says("1, 5")
    cllr_khan.is_asked("refer.neighbour")
    await cllr_khan.taps("Yes, they agreed")
    cllr_khan.is_asked("refer.neighbour_name")
    await cllr_khan.says("Jan Nowak")
    cllr_khan.is_asked("refer.neighbour_phone")
    await cllr_khan.taps("Skip")
    cllr_khan.is_asked("refer.doorstep_crime")
    await cllr_khan.taps("Yes, there was")
    cllr_khan.is_asked("refer.notes")
    cllr_khan.sees("0808 223 1133", "999")
    await cllr_khan.says("There is a dog. Use the side door.")
    await cllr_khan.taps("That's all")
    cllr_khan.is_asked("check")
    cllr_khan.sees("Elsie O'Neil", "Older person, Had bad callers before", "Jan Nowak", "Not given")
    await cllr_khan.taps("Send referral")
    cllr_khan.sees("Nominated Neighbour Scheme", "Tuesday 1 December")
    cllr_khan.sees("5 working days after Tuesday 24 November")

    reference = cllr_khan.reference()
    duty_officer.sees(reference, "Redditch", "Wednesday 25 November")
    duty_officer.sees_nothing_of("Elsie", "High Street", "Khan")
    stored = the_case(town.database, reference)
    assert stored.case.kind == CaseKind.NOMINATED_NEIGHBOUR
    assert stored.case.reporter_id is None
    assert stored.case.referrer_id is not None
    assert stored.referral is not None
    assert stored.referral.consent_given_on == date(2026, 11, 24)
    assert stored.referral.consent_how == "in_writing"
    assert stored.referral.reasons == ["older", "targeted"]
    assert stored.detail["name"] == "Elsie O'Neil"
    assert stored.detail["neighbour"] == {"name": "Jan Nowak", "phone": None}
    assert stored.detail["doorstep_crime"] == "yes"
    assert stored.detail["notes"] == "There is a dog. Use the side door."
    assert {kind: due.due_on for kind, due in stored.deadlines.items()} == {
        "acknowledge": date(2026, 11, 25),
        "contact": date(2026, 12, 1),
        "visit": date(2026, 12, 15),
    }
    assert [event.kind for event in stored.events] == ["received"]


async def test_nothing_is_sent_before_the_resident_agrees(town: Town, cllr_khan: Somebody) -> None:
    await refers_up_to(cllr_khan, "check", agreed="Not yet")
    await cllr_khan.taps("Send referral")
    cllr_khan.reads("refer.consent.needed")
    cllr_khan.is_asked("check")
    assert count_rows(town.database, Case) == 0
    await cllr_khan.taps("Cancel", "Save and finish later")
    await town.moves_on(days=2)
    await cllr_khan.says("/refer")
    await cllr_khan.taps("Go on", "Change agreement", "Yes, they told me", "Send referral")
    stored = the_case(town.database, cllr_khan.reference())
    assert stored.referral is not None
    assert stored.referral.consent_given_on == date(2026, 11, 26)
    assert stored.referral.consent_how == "told_me"


async def test_not_yet_says_at_once_what_is_missing(cllr_khan: Somebody) -> None:
    await refers_up_to(cllr_khan, "name", agreed="Not yet")
    cllr_khan.reads("refer.consent.needed")


async def test_a_neighbour_who_did_not_agree_is_not_kept(town: Town, cllr_khan: Somebody) -> None:
    await refers_up_to(cllr_khan, "neighbour")
    await cllr_khan.taps("Yes, they agreed")
    await cllr_khan.says("Jan Nowak", "01632 960002")
    await cllr_khan.taps("No, there was not", "Skip", "Change neighbour", "No, not yet")
    cllr_khan.is_asked("check")
    assert "Jan Nowak" not in cllr_khan.last.text
    await cllr_khan.taps("Send referral")
    assert the_case(town.database, cllr_khan.reference()).detail["neighbour"] is None


async def test_several_reasons_are_switched_on_and_off(town: Town, cllr_khan: Somebody) -> None:
    await refers_up_to(cllr_khan, "reasons")
    await cllr_khan.taps("Done")
    cllr_khan.reads("kit.problem.several")
    await cllr_khan.taps("Older person", "Lives alone")
    older = the_words().words("en").plain("kit.several.on", label="Older person")
    cllr_khan.sees(buttons=[older, "Forgets things"])
    await cllr_khan.taps(older, "Forgets things", "Done")
    cllr_khan.is_asked("refer.neighbour")
    assert the_draft(town.database).answers["reasons"] == ["lives_alone", "memory"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1, 3", ["older", "disabled"]),
        ("1 3", ["older", "disabled"]),
        ("1 and 3.", ["older", "disabled"]),
        ("older person, forgets thing", ["older", "memory"]),  # labels, one nearly
        ("lives alone", ["lives_alone"]),
        ("2,2,2", ["lives_alone"]),
    ],
)
async def test_several_reasons_are_typed(
    town: Town, cllr_khan: Somebody, typed: str, kept: list[str]
) -> None:
    await refers_up_to(cllr_khan, "reasons")
    await cllr_khan.says(typed)
    cllr_khan.is_asked("refer.neighbour")
    assert the_draft(town.database).answers["reasons"] == kept


async def test_reasons_that_are_not_all_understood_are_asked_again(cllr_khan: Somebody) -> None:
    await refers_up_to(cllr_khan, "reasons")
    for typed in ("1, 99", "older person, xyzzy", ",", "0"):
        await cllr_khan.says(typed)
        cllr_khan.reads("kit.problem.choice")
        cllr_khan.is_asked("refer.reasons")


async def test_a_referral_can_be_made_by_typing_alone(town: Town, cllr_khan: Somebody) -> None:
    await cllr_khan.says(
        "refer a resident",
        "yes they told me",
        "Elsie",
        "Church Green, Redditch",
        "redditch",
        "01632 960001",
        "early evening",
        "older person; 2",
        "yes",
        "Jan",
        "skip",
        "no",
        "skip",
        "send it",
    )
    stored = the_case(town.database, cllr_khan.reference())
    assert stored.detail["name"] == "Elsie"
    assert stored.detail["best_time"] == "evening"
    assert stored.detail["notes"] is None
    assert cllr_khan.phone.counts["taps"] == 1


async def test_a_photo_has_no_place_in_a_referral_and_loses_nothing(town: Town, cllr_khan: Somebody) -> None:
    await refers_up_to(cllr_khan, "phone")
    answers = the_draft(town.database).answers
    await cllr_khan.sends(cllr_khan.phone.send_photo, "her front door")
    cllr_khan.reads("kit.problem.no_files")
    cllr_khan.is_asked("refer.phone")
    assert the_draft(town.database).answers == {**answers, "_more": ["her front door"]}


async def test_the_same_resident_is_known_again_whatever_the_spelling(
    town: Town, cllr_khan: Somebody
) -> None:
    await refers(cllr_khan)
    await refers_up_to(cllr_khan, "name")
    await cllr_khan.says("elsie  MOORE", "12 high street  b98 7de")
    await cllr_khan.taps("Yes, Redditch")
    await cllr_khan.says("01632 960001", "1", "1", "no", "no", "skip", "send")
    first, second = all_rows(town.database, NnsReferral)
    assert first.name_hash == second.name_hash
    assert first.address_hash == second.address_hash


async def test_a_resident_is_kindly_told_who_refers(town: Town, ada: Somebody) -> None:
    await ada.says("/refer")
    ada.reads("refer.not_allowed")
    ada.sees("01527 64252")
    assert count_rows(town.database, Draft) == 0


async def test_a_button_of_the_members_menu_is_of_no_use_to_a_resident(
    town: Town, ada: Somebody, cllr_khan: Somebody
) -> None:
    (button,) = (b for b in cllr_khan.last.button_objects() if b["text"] == "Refer a resident")
    town.world.press_update(
        town.world.chats[ada.phone.user_id],
        ada.phone.account,
        ada.phone.last.data,
        button["callback_data"],
    )
    await town.settle()
    ada.reads("refer.not_allowed")
