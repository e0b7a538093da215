"""Each line of the morning's message has buttons that act from it, checked as the card's own are."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from casework.cases import DeadlineKind, RiskBand
from casework.roles import Actor, Role
from handlers.officers import PRESSES, on_unreachable
from storage import cases, following, outbox
from storage.models import Case, OutboxMessage
from tests.jobs.test_digest import morning
from tests.jobs.test_reminders import end_deadlines, only_contact, own, plain
from tests.jobs.world import deliver, jobs_of, local
from tests.officers.world import ADA, ASHA, BEN, MONA, Said, World


def digest(world: World, day: int = 24) -> dict[int, Said]:
    return {one.to: one for one in morning(world, day) if "Your cases on" in one.text}


def tap(world: World, chat_id: int, data: str) -> list[Said]:
    world.hush()
    with world.turn(chat_id, press=data) as turn:
        PRESSES[data.split(":")[0]](turn, data.split(":"))
    return world.said(chat_id)


def test_a_line_opens_its_card(sqlite_world: World) -> None:
    case = sqlite_world.report().case
    said = digest(sqlite_world)[ASHA]
    assert case.reference in tap(sqlite_world, ASHA, said.data(case.reference))[0].text


def test_what_is_due_can_be_done_from_its_line_once(world: World) -> None:
    case = world.report().case
    said = digest(world)[ASHA]
    data = said.data("Acknowledge")
    tap(world, ASHA, data)
    assert world.case(case.id).acknowledged_at == world.clock.now()
    world.clock.advance(timedelta(hours=1))
    before = world.case(case.id).version
    (card,) = tap(world, BEN, data)  # who has the same message: the card as it is now, and nothing is done
    assert world.case(case.id).version == before
    assert case.reference in card.text


def test_only_a_move_that_is_possible_now_is_offered(sqlite_world: World) -> None:
    world = sqlite_world
    free = world.report().case  # nobody has taken it: first contact can't be recorded
    end_deadlines(world, free.id, DeadlineKind.ACKNOWLEDGE)
    said = digest(world)[ASHA]
    assert free.reference in said.buttons
    assert "Contact made" not in said.buttons
    tap(world, ASHA, f"c:{free.id}:{world.case(free.id).version}:take")
    said = digest(world, 25)[ASHA]
    tap(world, ASHA, said.data("Contact made"))
    assert world.case(free.id).status == "contacted"


def test_whom_the_bot_cannot_reach_can_be_marked_as_reached(sqlite_world: World) -> None:
    world = sqlite_world
    case = only_contact(world)
    with world.session() as session:
        ada = world.service.keyring.chat_key(ADA)
        on_unreachable(session, world.service, ada, world.clock.now(), "blocked")
    said = digest(world)[ASHA]
    # Whether they may be rung is on the card; here stands what is true of any way.
    tap(world, ASHA, said.data("I tried another way"))
    assert "The bot cannot reach them" not in digest(world, 25)[ASHA].text
    assert world.case(case.id).reporter_unreachable_since is not None


def test_a_message_shows_no_more_than_reference_kind_district_and_date(sqlite_world: World) -> None:
    world = sqlite_world
    world.report(story="He threatened me with a knife", risk=RiskBand.HIGH)
    for said in digest(world).values():
        assert "knife" not in said.text
        assert "risk" not in plain(said.text).replace("At risk this week", "")
        assert "Ada" not in said.text


def quiet(world: World) -> Case:
    """A case of Asha's with nothing due on it."""
    case = world.report().case
    own(world, case.id, ASHA)
    end_deadlines(world, case.id, *DeadlineKind)
    deliver(world)
    return case


def test_somebody_who_wrote_and_got_no_answer_is_silent_after_two_working_days(world: World) -> None:
    case = quiet(world)
    with world.session() as session:
        following.add_message(
            session,
            case.id,
            author_id=None,
            from_team=False,
            body={"text": "Hello?"},
            now=world.clock.now(),
        )
    assert not digest(world, 25)
    said = digest(world, 26)[ASHA]
    expected = f"Nobody was in touch\n{case.reference}, report, Redditch: no answer since Monday 23 November"
    assert expected in plain(said.text)
    with world.session() as session:
        following.mark_answered(session, case.id, world.clock.now())
    assert not digest(world, 27)


def test_a_case_on_which_nobody_wrote_anything_is_silent_after_ten_working_days(world: World) -> None:
    case = quiet(world)
    world.clock.move_to(local(4, 8, month=12))
    assert not deliver(world)
    tap(world, ASHA, f"o:{case.id}")  # looking is no entry
    world.hush()
    world.clock.move_to(local(7, 9, month=12))
    jobs_of(world).tick()
    assert not [one for one in deliver(world) if one.to == ASHA]
    world.clock.move_to(local(8, 9, month=12))
    jobs_of(world).tick()
    (said,) = [one for one in deliver(world) if one.to == ASHA]
    assert f"{case.reference}, report, Redditch: nothing written since Monday 23 November" in said.text
    actor = Actor(world.person_id(ASHA), Role.OFFICER)
    with world.session() as session:
        cases.record_event(session, case_id=case.id, kind="note", actor=actor, now=world.clock.now())
    world.clock.move_to(local(9, 9, month=12))
    jobs_of(world).tick()
    assert not [one for one in deliver(world) if one.to == ASHA]


def test_a_message_that_was_given_up_is_told_until_somebody_acts(world: World) -> None:
    case = quiet(world)
    with world.session() as session:
        row = outbox.add(
            session,
            chat_key=world.service.keyring.chat_key(ADA),
            method="sendMessage",
            payload={"chat_id": ADA, "text": "Hello"},
            now=world.clock.now(),
            case_id=case.id,
        )
        session.execute(update(OutboxMessage).where(OutboxMessage.id == row).values(dead=True))
    expected = (
        f"Messages that did not arrive\n{case.reference}, report, Redditch: our message of Monday 23 November"
    )
    for day in (24, 25):
        assert expected in plain(digest(world, day)[ASHA].text)
    actor = Actor(world.person_id(ASHA), Role.OFFICER)
    with world.session() as session:
        cases.record_event(session, case_id=case.id, kind="note", actor=actor, now=world.clock.now())
    assert not digest(world, 26)


def test_a_message_to_an_officer_that_was_given_up_is_not_the_residents(sqlite_world: World) -> None:
    world = sqlite_world
    case = quiet(world)
    with world.session() as session:
        row = outbox.add(
            session,
            chat_key=world.service.keyring.chat_key(BEN),
            method="sendMessage",
            payload={"chat_id": BEN, "text": "Hello"},
            now=world.clock.now(),
            case_id=case.id,
        )
        session.execute(update(OutboxMessage).where(OutboxMessage.id == row).values(dead=True))
    assert not digest(world)


def test_managers_read_what_is_late_whoever_has_it(sqlite_world: World) -> None:
    world = sqlite_world
    mine, forest = only_contact(world), world.report(district="wyre_forest").case
    said = digest(world, 27)[MONA]
    assert {mine.reference, forest.reference} <= set(said.buttons)
