"""The second report rule, the live count, and that a list of any size is three queries with all around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from handlers.following import mine, pressed
from storage import cases, following
from storage.database import Database
from storage.models import AsbReport, Case, CaseEvent, CaseReviewInfo, Person
from tests.following.walks import reports_again, takes_case
from tests.jobs.test_indexes import plan
from tests.officers.world import ADA, ASHA, KHAN, World
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows, the_case
from tests.support.walks import reports


async def test_the_second_report_in_six_months_brings_the_explanation_once(town: Town, ada: Somebody) -> None:
    first = await reports(ada)
    ada.sees_nothing_of("Case Review")
    town.clock.advance(timedelta(days=20))
    second = await reports_again(ada, "Rubbish")
    ada.sees(
        "something you have a right to know", "The ASB Case Review", "Normally 3 reports in 6 months qualify."
    )
    ada.sees_among("We have your report.", last=2)  # the receipt came first
    (info,) = all_rows(town.database, CaseReviewInfo)
    assert (info.case_id, info.sent_at) == (the_case(town.database, second).case.id, town.clock.now())
    assert "review_explained" in [e.kind for e in the_case(town.database, second).events]
    assert "review_explained" not in [e.kind for e in the_case(town.database, first).events]
    town.clock.advance(timedelta(days=20))
    await reports_again(ada, "Damage")
    assert len(all_rows(town.database, CaseReviewInfo)) == 1
    ada.sees("We have your report.")


async def test_more_of_the_same_is_a_second_report_and_counts(town: Town, ada: Somebody) -> None:
    reference = await reports(ada)
    town.clock.advance(timedelta(days=9))
    await ada.says("/report")
    await ada.taps(f"More: Noise, {reference}")
    await ada.says("Again, until four.")
    await ada.taps("That's all", "Today")
    while "Send" not in "".join(ada.last.labels):
        await ada.taps(ada.last.labels[0])
    await ada.taps(next(label for label in ada.last.labels if label.startswith("Send")))
    ada.sees("The ASB Case Review")
    await ada.says("/cases")
    ada.sees("Case review: 2 of 3 reports.", "Tuesday 24 November", "Thursday 3 December")


def test_once_a_rolling_period_and_again_after_it(world: World) -> None:
    def report() -> int:
        world.report()
        with world.session() as session:
            return len(session.scalars(select(CaseReviewInfo)).all())

    assert report() == 0
    world.clock.advance(timedelta(days=30))
    assert report() == 1  # the second within six months
    world.clock.advance(timedelta(days=150))
    assert report() == 1  # told five months ago
    world.clock.advance(timedelta(days=60))
    assert report() == 2  # told seven months ago, and the one of two months ago makes this a second
    world.clock.advance(timedelta(days=300))
    assert report() == 2  # a first one again


def test_nobody_is_counted_for_an_anonymous_report_or_for_a_referral(sqlite_world: World) -> None:
    world = sqlite_world
    for _ in range(2):
        world.report(anonymous=True)
        world.refer(KHAN)
    with world.session() as session:
        assert not session.scalars(select(CaseReviewInfo)).all()


def count_shown(world: World) -> str:
    world.hush()
    with world.turn(ADA) as turn:
        mine.show_mine(turn)
    (said,) = world.said(ADA)
    _, found, rest = said.text.partition("<b>Case review")
    return found + rest


@pytest.mark.parametrize(
    ("told_after", "top", "lines"),
    [
        ((0,), "1 of 3 reports", 1),
        ((0, 20), "2 of 3 reports", 2),
        ((0, 20, 40), "3 of 3 reports", 3),
        ((0, 20, 40, 60), "4 of 3 reports", 4),
        ((0, 200), "1 of 3 reports", 1),  # the first is too long ago
    ],
)
def test_the_live_count_names_each_report_with_its_day_and_why(
    sqlite_world: World, told_after: tuple[int, ...], top: str, lines: int
) -> None:
    world, start = sqlite_world, sqlite_world.clock.now()
    for days in told_after:
        world.clock.move_to(start + timedelta(days=days))
        world.report()
    shown = count_shown(world)
    assert top in shown
    assert shown.count("It was sent within a month of") == lines
    assert ("You can ask for a review now." in shown) is (lines >= 3)
    assert ("Fewer can be enough" in shown) is (lines < 3)
    assert "do not qualify" not in shown


def test_a_report_told_late_is_named_kindly_and_left_to_the_officer(sqlite_world: World) -> None:
    world = sqlite_world
    world.report()
    late = world.report().case
    with world.session() as session:
        day = world.service.calendar.local_day(world.clock.now()) - timedelta(days=60)
        session.execute(update(AsbReport).where(AsbReport.case_id == late.id).values(last_happened_on=day))
    shown = count_shown(world)
    assert "1 of 3 reports" in shown
    assert f"{late.reference}: sent more than a month after. An officer can still look at it." in shown


# Size


@contextmanager
def queries(database: Database) -> Iterator[list[str]]:
    heard: list[str] = []

    def note(_conn, _cursor, statement, *_rest) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            heard.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield heard
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("number", [0, 1, 12, 120])
def test_my_reports_are_three_queries_with_the_person_at_any_size(world: World, number: int) -> None:
    for at in range(number):
        world.clock.advance(timedelta(hours=1))
        case = world.report().case
        if at % 7 == 0:
            with world.turn(ASHA, press=f"k:spoke:{case.id}") as turn:
                pressed(turn, ["k", "spoke", str(case.id)])
    for data in ("k:list", "k:list:1"):
        with queries(world.database) as heard, world.turn(ADA, press=data) as turn:
            pressed(turn, data.split(":"))
        assert len(heard) <= 3, "\n\n".join(heard)


# SQLite plans anew once somebody has had it count its rows.
@pytest.mark.parametrize("counted", [False, True])
def test_the_list_looks_into_indexes_and_reads_no_table_through(world: World, counted: bool) -> None:
    with world.session() as session:
        _many_cases(session, world.clock.now())
        if counted:
            session.connection().exec_driver_sql("ANALYZE")
    found = plan(world, lambda session: following.list_own(session, 50, offset=0, limit=50))
    assert "ix_case_record_reporter_id" in found, found
    assert "SCAN case_record" not in found


def _many_cases(session: Session, now: datetime) -> None:
    """A thousand cases of a hundred people, written past all rules: only their number matters."""
    usual = {"kind": "asb_report", "status": "received", "risk": "medium", "channel": "telegram"}
    whose = [Person(created_at=now) for _ in range(100)]
    session.add_all(whose)
    session.flush()
    session.add_all(
        Case(reference=f"R{n}", reporter_id=whose[n % 100].id, received_at=now, updated_at=now, **usual)
        for n in range(1000)
    )
    session.flush()


def test_pages_hold_every_case_once_and_fit_a_message(sqlite_world: World) -> None:
    world = sqlite_world
    references = set()
    for _ in range(13):
        world.clock.advance(timedelta(hours=1))
        references.add(world.report().reference)
    seen: list[str] = []
    for page in range(3):
        world.hush()
        with world.turn(ADA, press=f"k:list:{page}") as turn:
            pressed(turn, ["k", "list", str(page)])
        (said,) = world.said(ADA)
        assert len(said.text) < 4096
        seen += [label for label in said.buttons if label in references]
    assert sorted(seen) == sorted(references)
    assert ("Next page" in said.buttons, "Earlier page" in said.buttons) == (False, True)


# What is stored


def test_messages_and_closings_lie_encrypted_in_the_database(world: World) -> None:
    case = world.report().case
    with world.session() as session:
        following.add_message(
            session,
            case.id,
            author_id=case.reporter_id,
            from_team=False,
            body={"text": "Zanzibar"},
            now=world.clock.now(),
        )
        following.add_closure(
            session, case.id, reason="resolved", done="Zanzibar", by=None, now=world.clock.now()
        )
    from tests.support.stored import raw_rows

    raw = [
        bytes(value)
        for table, row in raw_rows(world.database)
        if table in ("case_message", "closure")
        for value in row.values()
        if isinstance(value, bytes | memoryview)
    ]
    assert len(raw) == 2
    assert not [value for value in raw if b"Zanzibar" in value]


def test_answered_is_what_came_before_the_answer(world: World) -> None:
    case = world.report().case

    def write(*, from_team: bool = False) -> None:
        world.clock.advance(timedelta(minutes=1))
        following.add_message(
            session,
            case.id,
            author_id=None,
            from_team=from_team,
            body={"text": "."},
            now=world.clock.now(),
        )

    with world.session() as session:
        assert following.unanswered(session, case.id) == (0, None)
        write()
        write()
        assert following.unanswered(session, case.id) == (2, world.clock.now())
        write(from_team=True)
        following.mark_answered(session, case.id, world.clock.now())
        assert following.unanswered(session, case.id) == (0, None)
        write()
        assert following.unanswered(session, case.id)[0] == 1
        parties = cases.find_parties(session, case.id)
        assert (parties.messages, parties.unanswered) == (4, 1)
        newest = following.list_messages(session, case.id, offset=0, limit=2)
        assert [one.message.from_team for one in newest] == [False, True]
        assert [one.message.answered_at is None for one in newest] == [True, True]


def test_an_officer_who_left_is_nobodys_contact(world: World) -> None:
    from storage.models import RoleGrant

    case = world.report().case
    asha = world.person_id(ASHA)
    with world.session() as session:
        session.get(Case, case.id).owner_id = asha
    with world.session() as session:
        assert following.standings(session, [case.id])[case.id].owner == session.get(Person, asha)
        session.execute(
            update(RoleGrant).where(RoleGrant.person_id == asha).values(ended_at=world.clock.now())
        )
    with world.session() as session:
        assert following.standings(session, [case.id])[case.id].owner is None
        assert not session.scalars(select(CaseEvent).where(CaseEvent.kind == "opened")).all()


async def test_the_card_counts_messages_only_where_there_are_some(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    asha.sees_no_button("Messages")
    asha.sees(buttons=["Write to the resident", "Close the case"])
