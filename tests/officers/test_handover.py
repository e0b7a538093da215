"""Handing over: what is asked, what would be done, that it is done whole or not at all, and who hears what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.jobs import Jobs
from casework.cases import CaseKind, Channel, DeadlineKind, RiskBand
from casework.roles import Role
from handlers.forms.flow import ABOUT
from handlers.officers import acts
from handlers.workload import handing_over
from storage import drafts, leaving, people
from storage.models import Case, Deadline, Draft, Enquiry, Notice, Person, Reminder
from tests.officers.team_kit import counted, give, history, owned, owner_of, press
from tests.officers.world import ASHA, BEN, MONA, WES, Said, World

H, M, S = RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.STANDARD


def asked(world: World, former: int, *to: int, **part: Any) -> Said:
    """The summary after all questions, as the form ends with them."""
    answers = {
        ABOUT: {"from": world.person_id(former)},
        "to": [str(world.person_id(one)) for one in to],
        **part,
    }
    world.hush()
    with world.turn(MONA) as turn:
        receipt = handing_over.summarise(turn, answers)
        turn.say(receipt.text, receipt.buttons)
    (said,) = world.said(MONA)
    return said


def hand_over(world: World, former: int, *to: int, **part: Any) -> list[Said]:
    """Asked for, looked at and confirmed; everything that is said."""
    return press(world, MONA, asked(world, former, *to, **part).data("Hand over now"))


def end_roles(world: World, chat_id: int) -> None:
    person_id = world.person_id(chat_id)
    with world.session() as session:
        grants, _ = leaving.lock_to_end(session, person_id)
        leaving.end_roles(session, grants, by=person_id, now=world.clock.now())


def test_all_that_somebody_owns_goes_to_one_colleague(world: World) -> None:
    mine = [owned(world, ASHA, risk).case for risk in (S, H, M)]
    bens = owned(world, BEN, M).case
    said = hand_over(world, ASHA, BEN)
    assert [one.text for one in said if one.to == MONA] == [
        "Done. 3 cases have a new owner.\n1 resident is told, and each new owner has a list."
    ]
    assert {owner_of(world, case) for case in (*mine, bens)} == {world.person_id(BEN)}
    for case in mine:
        last = history(world, case)[-1]
        assert (last.kind, last.actor_id, last.public) == ("handed_over", world.person_id(MONA), False)
        assert last.detail == {"from": world.person_id(ASHA), "to": world.person_id(BEN)}
        assert world.case(case.id).owned_since == world.clock.now()
        assert world.case(case.id).version > case.version
    assert history(world, bens)[-1].kind != "handed_over"


def test_nothing_is_done_before_the_summary_is_confirmed(sqlite_world: World) -> None:
    case = owned(sqlite_world, ASHA, H).case
    said = asked(sqlite_world, ASHA, BEN)
    assert said.text.startswith(
        "<b>This would hand over 1 case of Asha Patel.</b>\nBen Cole gets 1: 1 at high"
    )
    assert owner_of(sqlite_world, case) == sqlite_world.person_id(ASHA)


@pytest.mark.parametrize(
    ("part", "wanted"),
    [
        ({"kinds": ["nominated_neighbour"]}, {"referral"}),
        ({"districts": ["bromsgrove"]}, {"bromsgrove"}),
        ({"districts": ["unknown"]}, {"nowhere"}),
        ({"risks": ["high", "medium"]}, {"high", "bromsgrove", "nowhere"}),
    ],
)
def test_a_part_goes_and_the_rest_stays(sqlite_world: World, part: dict, wanted: set[str]) -> None:
    world = sqlite_world
    made = {
        "high": owned(world, ASHA, H).case,
        "bromsgrove": owned(world, ASHA, M, district="bromsgrove").case,
        "nowhere": owned(world, ASHA, M, district=None).case,
        "referral": world.refer().case,
    }
    give(world, ASHA, made["referral"])
    world.hire(5001, Role.OFFICER, name="Nia Rees")  # of every district
    hand_over(world, ASHA, 5001, **part)
    nia = world.person_id(5001)
    assert {name for name, case in made.items() if owner_of(world, case) == nia} == wanted


def test_chosen_cases_go_one_by_one(sqlite_world: World) -> None:
    made = [owned(sqlite_world, ASHA).case for _ in range(3)]
    hand_over(sqlite_world, ASHA, BEN, cases=[str(made[1].id)])
    ben = sqlite_world.person_id(BEN)
    assert [owner_of(sqlite_world, case) == ben for case in made] == [False, True, False]


def test_several_get_an_even_share_and_only_of_their_districts(world: World) -> None:
    world.hire(5001, Role.OFFICER, "redditch", name="Nia Rees")
    redditch = [owned(world, ASHA, M, by=7000 + n).case for n in range(6)]
    forest = owned(world, ASHA, S, district="wyre_forest", by=7010).case
    bromsgrove = owned(world, ASHA, S, district="bromsgrove", by=7011).case
    said = asked(world, ASHA, BEN, 5001, WES)
    assert "1 case stays: nobody you chose works in its district." in said.text
    press(world, MONA, said.data("Hand over now"))
    owners = [owner_of(world, case) for case in redditch]
    assert sorted(owners.count(world.person_id(one)) for one in (BEN, 5001)) == [3, 3]
    assert owner_of(world, forest) == world.person_id(WES)
    assert owner_of(world, bromsgrove) == world.person_id(ASHA)


def test_each_resident_is_told_once_in_one_neutral_line(world: World) -> None:
    two = [owned(world, ASHA, by=7001).case for _ in range(2)]
    one = owned(world, ASHA, by=7002).case
    said = hand_over(world, ASHA, BEN)
    to_two, to_one = ([s for s in said if s.to == chat] for chat in (7001, 7002))
    assert [s.text for s in to_one] == [f"Update on {one.reference}"]
    assert len(to_two) == 1
    assert not any(case.reference in to_two[0].text for case in two)
    with world.session() as session:
        texts = {notice.person_id: notice.body["text"] for notice in session.scalars(select(Notice))}
    both = texts[world.person_id(7001)]
    assert both.count("Ben Cole") == 1
    assert all(case.reference in both for case in two)
    assert texts[world.person_id(7002)] == (
        f"Ben Cole looks after {one.reference} now.\nYou can write here as before."
    )


def test_anonymous_silent_restricted_and_unreachable_people_are_told_nothing(world: World) -> None:
    owned(world, ASHA, anonymous=True)
    owned(world, ASHA, by=7001)
    owned(world, ASHA, by=7002)
    owned(world, ASHA, by=7003, restricted=True)
    with world.session() as session:
        for chat_id, facts in ((7001, {"silent": True}), (7002, {"unreachable_since": world.clock.now()})):
            person = people.find_by_chat(session, world.service.keyring.chat_key(chat_id))
            for name, value in facts.items():
                setattr(person, name, value)
    said = hand_over(world, ASHA, BEN)
    assert {one.to for one in said} == {MONA, BEN, ASHA}
    with world.session() as session:
        assert not session.scalars(select(Notice)).all()


def test_at_night_the_line_waits_for_the_morning(sqlite_world: World) -> None:
    world = sqlite_world
    owned(world, ASHA, by=7001)
    world.clock.advance(timedelta(hours=13))  # 11pm
    said = hand_over(world, ASHA, BEN)
    assert not [one for one in said if one.to == 7001]
    with world.session() as session:
        (notice,) = session.scalars(select(Notice)).all()
    assert notice.sent_at is None


def test_each_new_owner_has_one_briefing_high_risk_first_without_a_word_of_the_content(world: World) -> None:
    standard = owned(world, ASHA, S, story="Secret words").case
    high = owned(world, ASHA, H).case
    world.clock.advance(timedelta(days=3))
    medium = owned(world, ASHA, M).case
    (said,) = [one for one in hand_over(world, ASHA, BEN) if one.to == BEN]
    lines = said.text.splitlines()
    assert lines[0] == "<b>You have 3 cases from Asha Patel now.</b> What needs you first is on top."
    assert lines[1] == "2 are late."
    assert [line.split(" · ")[0] for line in lines[3:]] == [one.reference for one in (high, medium, standard)]
    assert lines[3].split(" · ")[1:3] == ["report", "Redditch"]
    assert lines[3].endswith("was due Tuesday 24 November")
    for word in ("Secret", "noise", "Telegram", "risk"):
        assert word not in said.text
    assert said.data(high.reference) == f"o:{high.id}"
    assert "q:new" in said.buttons.values()


def test_a_long_briefing_is_cut_to_a_screen(sqlite_world: World) -> None:
    for _ in range(14):
        owned(sqlite_world, ASHA)
    (said,) = [one for one in hand_over(sqlite_world, ASHA, BEN) if one.to == BEN]
    assert len(said.text.splitlines()) <= 14
    assert len(said.buttons) == 11


def test_the_former_owner_hears_of_it_once(sqlite_world: World) -> None:
    owned(sqlite_world, ASHA)
    (said,) = [one for one in hand_over(sqlite_world, ASHA, BEN) if one.to == ASHA]
    assert said.text.startswith("1 case of yours was given to a colleague.")


def test_reminders_requests_questions_and_drafts_go_with_the_case(world: World) -> None:
    report = owned(world, ASHA, H).case
    question = world.report(
        kind=CaseKind.ENQUIRY,
        make_detail=lambda case_id: Enquiry(case_id=case_id, detail={"what": "?"}),
        channel=Channel.TELEGRAM,
    ).case
    give(world, ASHA, question)
    asha, ben = world.person_id(ASHA), world.person_id(BEN)
    key = world.service.keyring.chat_key
    with world.session() as session:
        session.execute(update(Reminder).where(Reminder.case_id == report.id).values(person_id=asha))
        for case_id in (question.id, 987654):
            draft = drafts.new_draft(
                session,
                chat_key=key(ASHA),
                form="answer",
                place="text",
                now=world.clock.now(),
                life=timedelta(days=7),
            )
            draft.answers = {ABOUT: {"case": case_id}, "text": "I looked"}
    with world.turn(ASHA) as turn:
        turn.dialog.draft_id = turn.session.scalars(select(Draft.id).order_by(Draft.id)).first()
    hand_over(world, ASHA, BEN)
    assert owner_of(world, question) == ben
    with world.session() as session:
        assert set(session.scalars(select(Reminder.person_id).where(Reminder.case_id == report.id))) == {ben}
        where = {draft.answers[ABOUT]["case"]: draft.chat_key for draft in session.scalars(select(Draft))}
    assert where == {question.id: key(BEN), 987654: key(ASHA)}
    with world.turn(ASHA) as turn:
        assert turn.draft is None


def test_reminders_of_what_was_handed_over_go_to_the_new_owner_only(sqlite_world: World) -> None:
    world = sqlite_world
    owned(world, ASHA, H)
    hand_over(world, ASHA, BEN)
    world.hush()
    world.clock.advance(timedelta(days=1, hours=1))
    Jobs(world.database, world.service, world.clock).tick()
    assert BEN in {one.to for one in world.said()}
    assert ASHA not in {one.to for one in world.said()}


def test_a_second_tap_hands_over_nothing(sqlite_world: World) -> None:
    world = sqlite_world
    case = owned(world, ASHA).case
    go = asked(world, ASHA, BEN).data("Hand over now")
    press(world, MONA, go)
    (said,) = press(world, MONA, go)
    assert said.text.startswith("There is no handover to confirm.")
    assert [event.kind for event in history(world, case)].count("handed_over") == 1


def test_what_changed_since_the_summary_is_shown_before_anything_is_done(world: World) -> None:
    first = owned(world, ASHA).case
    go = asked(world, ASHA, BEN).data("Hand over now")
    second = owned(world, ASHA).case
    (said,) = press(world, MONA, go)
    assert said.text.startswith("Something changed meanwhile. Nothing was handed over yet.")
    assert "2 cases of Asha Patel" in said.text
    assert owner_of(world, first) == world.person_id(ASHA)
    press(world, MONA, said.data("Hand over now"))
    assert {owner_of(world, case) for case in (first, second)} == {world.person_id(BEN)}


def test_cases_that_were_closed_meanwhile_are_left_alone(sqlite_world: World) -> None:
    world = sqlite_world
    case = owned(world, ASHA).case
    go = asked(world, ASHA, BEN).data("Hand over now")
    with world.session() as session:
        session.execute(update(Case).values(closed_at=world.clock.now(), status="closed"))
    (said,) = press(world, MONA, go)
    assert "There is no such case any more. Nothing was handed over." in said.text
    assert owner_of(world, case) == world.person_id(ASHA)


def test_a_receiver_whose_access_ended_meanwhile_gets_nothing_and_so_does_nobody(world: World) -> None:
    world.hire(5001, Role.OFFICER, "redditch", name="Nia Rees")
    mine = [owned(world, ASHA).case, owned(world, ASHA, by=7001).case]
    go = asked(world, ASHA, BEN, 5001).data("Hand over now")
    end_roles(world, 5001)
    said = press(world, MONA, go)
    assert [one.text for one in said] == ["Nothing was handed over. No longer in the team: Nia Rees."]
    assert said[0].data("Choose again") == f"t:h:{world.person_id(ASHA)}"
    assert {owner_of(world, case) for case in mine} == {world.person_id(ASHA)}


def test_a_card_from_before_the_handover_is_known_as_old(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    with world.turn(ASHA, press="c") as turn:
        acts.pressed(turn, ["c", str(case.id), "1", "take"])
    version = world.case(case.id).version
    hand_over(world, ASHA, BEN)
    world.hush()
    with world.turn(ASHA, press="c") as turn:
        acts.pressed(turn, ["c", str(case.id), str(version), "contact_made"])
    assert "Ben Cole" in world.said(ASHA)[-1].text
    assert world.case(case.id).status == "assigned"


@pytest.mark.parametrize("number", [3, 500])
def test_a_handover_takes_as_many_statements_for_five_hundred_cases_as_for_three(
    world: World, number: int
) -> None:
    template = owned(world, ASHA, H, by=7001)
    asha = world.person_id(ASHA)
    many_more(world, template.case, asha, number - 1)
    world.hire(5001, Role.OFFICER, "redditch", name="Nia Rees")
    go = asked(world, ASHA, BEN, 5001).data("Hand over now")
    world.hush()
    with world.turn(MONA, press=go) as turn:
        turn.session.flush()
        with counted(world.database) as statements:
            handing_over.confirmed(turn, go.split(":"))
            turn.session.flush()
    assert len(statements) <= MOST_STATEMENTS
    with world.session() as session:
        left = session.scalars(select(Case.id).where(Case.owner_id == asha)).all()
        told = len(session.scalars(select(Notice.id)).all())
    assert not left
    assert told == number


MOST_STATEMENTS = 18


def many_more(world: World, case: Case, owner_id: int, number: int) -> None:
    """Cases of as many residents, each with a deadline that is open."""
    with world.session() as session:
        now = world.clock.now()
        key = world.service.keyring.chat_key
        persons = [
            Person(chat_key=key(80_000 + n), telegram_id=str(80_000 + n), created_at=now)
            for n in range(number)
        ]
        session.add_all(persons)
        session.flush()
        made = [
            Case(
                reference=f"T{n:07d}",
                kind=case.kind,
                district=case.district,
                status="assigned",
                risk=("high", "medium", "standard")[n % 3],
                channel=case.channel,
                reporter_id=person.id,
                owner_id=owner_id,
                received_at=now,
                updated_at=now,
            )
            for n, person in enumerate(persons)
        ]
        session.add_all(made)
        session.flush()
        day = world.service.calendar.local_day(now)
        session.add_all(
            Deadline(
                case_id=one.id,
                kind=DeadlineKind.CONTACT.value,
                due_on=day,
                due_at=now + timedelta(hours=5),
                set_at=now,
                working={},
            )
            for one in made
        )
