"""Managers see who looked at a case; the whole timeline goes on paper for whose case it is and for managers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.papers.registry import make_paper
from casework.cases import Channel
from casework.roles import Actor, Role
from casework.timeline import Gap, gaps, is_look
from handlers.history.telling import what_was_written
from storage import cases, deadlines
from storage.database import Database
from storage.models import Case, CaseEvent, CaseMessage, Deadline, RoleGrant
from tests.conversations.conftest import all_went_well, hurry
from tests.diary.kit import has_case, the_file
from tests.diary.test_papers import pages_of
from tests.support.service import Somebody, Town, a_town, the_words
from tests.support.stored import all_rows

REFERENCE = "KM4P-X7RB"


@pytest.fixture
async def town(sqlite_database: Database) -> AsyncIterator[Town]:
    """A Tuesday morning in November, with a case of Ada's."""
    hurry(sqlite_database)
    async with a_town(sqlite_database) as town:
        ada = town.resident("Ada Lovelace")
        await ada.starts()
        has_case(town, ada, status="triaged")
        yield town
    all_went_well(town)


@pytest.fixture
async def jo(town: Town) -> Somebody:
    return await town.officer("Jo Green")


@pytest.fixture
async def sam(town: Town) -> Somebody:
    return await town.manager("Sam Reid")


def kinds(town: Town) -> list[str]:
    return [event.kind for event in all_rows(town.database, CaseEvent)]


async def presses(somebody: Somebody, town: Town, data: str) -> None:
    chat = town.world.chats[somebody.phone.user_id]
    town.world.press_update(chat, somebody.phone.account, somebody.last.data, data)
    await town.settle()


async def test_a_manager_sees_who_looked_the_newest_first(town: Town, jo: Somebody, sam: Somebody) -> None:
    await jo.says(REFERENCE)
    await town.moves_on(minutes=5)
    await sam.says(REFERENCE)
    await sam.taps("More", "Who looked at this case")
    lines = sam.last.text.split("\n")
    assert lines[0] == f"Who looked at {REFERENCE}, the newest first:"
    assert [line.split(": ", 1)[1] for line in lines[1:]] == [
        "Sam Reid, manager, the card",
        "Jo Green, officer, the card",
    ]
    assert kinds(town)[-1] == "lookers_opened"
    await sam.taps("Back to the case")
    await sam.taps("More", "Who looked at this case")
    assert "Sam Reid, manager, who looked at it" in sam.last.text


async def test_many_looks_are_paged_without_doubles(town: Town, sam: Somebody) -> None:
    with town.database.transaction() as session:
        for number in range(32):
            cases.record_event(
                session,
                case_id=1,
                kind="opened",
                actor=None,
                now=town.clock.now() + timedelta(minutes=number),
            )
    await sam.says(REFERENCE)
    await sam.taps("More", "Who looked at this case")
    seen = sam.last.text.split("\n")[1:]
    while "Earlier" in sam.last.labels:
        await sam.taps("Earlier")
        seen += sam.last.text.split("\n")[1:]
    assert len(seen) == 33  # with the manager's own look
    assert kinds(town).count("lookers_opened") == 1


async def test_an_officer_has_no_such_button_and_a_forged_one_is_refused(town: Town, jo: Somebody) -> None:
    await jo.says(REFERENCE)
    await jo.taps("More")
    jo.sees_no_button("Who looked at this case", "Timeline as PDF")
    await presses(jo, town, "g:who:1")
    jo.reads("case.for_the_team")
    await presses(jo, town, "g:time:1")
    jo.reads("history.timeline.not_yours")
    for data in ("g", "g:who", "g:nothing:1", "g:time:x", "g:time:99999"):
        await presses(jo, town, data)
    assert set(kinds(town)) == {"opened"}


async def test_the_owner_and_a_manager_have_the_timeline_as_a_protected_pdf(
    town: Town, jo: Somebody, sam: Somebody
) -> None:
    await jo.says(REFERENCE)
    await jo.taps("Take it")
    for somebody in (jo, sam):
        await somebody.says(REFERENCE)
        await somebody.taps("More", "Timeline as PDF")
        assert the_file(somebody, town).startswith(b"%PDF-")
        assert somebody.last.data["document"]["file_name"] == f"timeline-{REFERENCE}.pdf"
        assert somebody.last.data["has_protected_content"] is True
    assert kinds(town).count("timeline_opened") == 2


def fill(town: Town, *, lines: int) -> None:
    """A case of two months: done, seen, missed, written; then nothing for five weeks."""
    start = datetime(2026, 9, 1, 9, tzinfo=UTC)
    with town.database.transaction() as session:
        case = session.scalars(select(Case)).one()
        officer = session.scalars(select(RoleGrant.person_id).where(RoleGrant.role == "officer")).first()
        case.received_at = start
        actor = Actor(officer, Role.OFFICER, frozenset({"redditch"}))
        record = cases.record_event
        record(session, case_id=case.id, kind="received", actor=None, now=start, detail={})
        for kind, due, met in (("acknowledge", 3, 2), ("contact", 5, 9)):
            session.add(
                Deadline(
                    case_id=case.id,
                    kind=kind,
                    due_on=date(2026, 9, 1) + timedelta(days=due),
                    due_at=start + timedelta(days=due, hours=8),
                    set_at=start,
                    working={},
                    met_at=start + timedelta(days=met),
                    ended_at=start + timedelta(days=met),
                    end_reason="met",
                )
            )
        message = CaseMessage(
            case_id=case.id,
            at=start + timedelta(days=2),
            from_team=False,
            body={"text": "It is <b>worse</b> #now"},
        )
        session.add(message)
        session.flush()
        at = start + timedelta(days=2)
        record(
            session, case_id=case.id, kind="message_in", actor=None, now=at, detail={"message": message.id}
        )
        for number in range(lines):
            at = start + timedelta(days=3, hours=3 * number)
            note = {
                "note": f"Note {number}: rang the neighbour at 4, who says that the music stopped at ten."
            }
            record(session, case_id=case.id, kind="note", actor=actor, now=at, detail=note)
        record(session, case_id=case.id, kind="opened", actor=actor, now=at + timedelta(days=20))
        move = {"from": "triaged", "to": "assigned"}
        record(session, case_id=case.id, kind="take", actor=actor, now=at + timedelta(days=40), detail=move)


def paper(town: Town) -> bytes:
    return make_paper(town.database, town.process.service, {"paper": "timeline", "id": 1}).content


async def test_the_timeline_can_be_printed_short_and_long(town: Town, jo: Somebody) -> None:
    fill(town, lines=2)
    short = paper(town)
    with town.database.transaction() as session:
        case = session.scalars(select(Case)).one()
        for _ in range(90):
            cases.record_event(
                session,
                case_id=case.id,
                kind="note",
                actor=None,
                now=town.clock.now(),
                detail={"note": "Rang. " * 40},
            )
    long = paper(town)
    assert pages_of(short) < 3
    assert pages_of(long) >= 10


@pytest.mark.parametrize(
    ("days", "until", "found"),
    [
        ([1, 15], None, []),  # fourteen days are not more than fourteen
        ([1, 16], None, [(1, 16)]),
        ([16, 1, 16], None, [(1, 16)]),
        ([1], 16, [(1, 16)]),  # still open, and nobody has done anything since
        ([1], 15, []),
        ([], 30, []),
    ],
)
def test_a_gap_is_longer_than_the_policys_days(days, until, found) -> None:
    march = [date(2026, 3, day) for day in days]
    end = date(2026, 3, until) if until else None
    expected = [Gap(date(2026, 3, first), date(2026, 3, last)) for first, last in found]
    assert gaps(march, longer_than=14, until=end) == expected


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), min_size=1), st.integers(1, 60))
def test_between_gaps_nothing_is_longer_than_the_limit(days, limit) -> None:
    found = gaps(days, longer_than=limit)
    assert all(gap.days > limit and gap.first in days and gap.last in days for gap in found)
    assert not [day for gap in found for day in days if gap.first < day < gap.last]
    assert sum(gap.days for gap in found) <= (max(days) - min(days)).days


@pytest.mark.parametrize(
    ("kind", "look"), [("opened", True), ("messages_opened", True), ("reopen", False), ("note", False)]
)
def test_a_look_is_told_from_an_act(kind, look) -> None:
    assert is_look(kind) is look


def test_only_what_people_wrote_counts_as_written() -> None:
    def line(**detail) -> CaseEvent:
        return CaseEvent(
            case_id=1, at=datetime(2026, 9, 1, tzinfo=UTC), actor_role="officer", kind="note", detail=detail
        )

    assert what_was_written(line(note="Rang twice", what="pdf")) == "Rang twice"
    assert what_was_written(line(what="pdf", officers_told=2)) == ""


def test_whatever_the_paper_has_to_name_has_words() -> None:
    words = the_words().words("en")
    for reason in deadlines.EndReason:
        assert words.has(f"history.paper.deadline.{reason.value}")
    for channel in Channel:
        assert words.has(f"history.paper.channel.{channel.value}.name")
    for role in (*Role, cases.BOT):
        assert words.has(f"history.role.{role}.name")
