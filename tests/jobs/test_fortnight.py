"""A fortnight of one officer's work: nothing is late without somebody knowing, and what the officer gets is little.

The fortnight is played once; each test asks one thing of how it went.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import structlog

from bench.fortnight import DIGEST, LOOK_AHEAD, PAGE, Fortnight, page, play
from bench.fortnight_ledger import End
from bench.fortnight_plan import HOLIDAYS, LEAVE_FROM, LEAVE_UNTIL, MORNING_AFTER, Care, What, days, is_worked
from bench.office import LONDON, Told
from storage.migrations import upgrade
from tests.support.databases import opened

BESIDES = 4
"""Messages on a working day beside the new cases: the morning's, a visit, and few that somebody waits for."""
MORNINGS = 1


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fortnight]:
    """Played on a fresh SQLite database."""
    folder: Path = tmp_path_factory.mktemp("fortnight")
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.PrintLoggerFactory(),
    )
    with opened(f"sqlite:///{folder}/fortnight.sqlite3") as database:
        upgrade(database)
        yield asyncio.run(play(database))
    structlog.reset_defaults()


def worked_days(fortnight: Fortnight) -> list[date]:
    return [day.on for day in fortnight.days if is_worked(day.on)]


def test_sixty_cases_of_every_kind_came_in(fortnight: Fortnight) -> None:
    assert len(fortnight.cases) == 60
    assert len({one.reference for one in fortnight.cases}) == 60
    assert {one.what for one in fortnight.cases} == set(What)
    assert {one.care for one in fortnight.cases} == set(Care)
    assert len({one.category for one in fortnight.cases if one.what is What.REPORT}) > 3
    assert fortnight.restarts == 3
    assert [day for day in days() if day in HOLIDAYS] == list(HOLIDAYS)


def test_nothing_went_wrong_at_our_end(fortnight: Fortnight) -> None:
    assert fortnight.stopped_jobs == 0
    assert fortnight.faults == []
    assert fortnight.refused == 0


def test_every_date_that_fell_due_was_met_moved_ended_or_escalated(fortnight: Fortnight) -> None:
    ends = Counter(story.end for story in fortnight.stories)
    assert ends[End.LOST] == 0, [story for story in fortnight.stories if story.end is End.LOST]
    assert set(ends) == set(End) - {End.LOST}
    assert ends[End.MET] > 50


def test_the_manager_reads_of_every_late_date_on_the_next_working_morning(fortnight: Fortnight) -> None:
    mornings = [told for told in fortnight.manager if told.text.startswith(DIGEST)]
    late = [story for story in fortnight.stories if story.end is End.ESCALATED]
    assert late
    for story in late:
        morning = next(told for told in mornings if told.day > story.due_on)
        assert morning.day == min(day for day in worked_days(fortnight) if day > story.due_on)
        assert story.reference in morning.text


def test_whoever_was_promised_a_day_that_passed_was_told(fortnight: Fortnight) -> None:
    promised = [story.late_told for story in fortnight.stories if story.late_told is not None]
    assert promised
    assert all(promised)


def test_the_ledger_of_reminders_balances(fortnight: Fortnight) -> None:
    assert fortnight.differences == []
    assert len(fortnight.reminders) > 80


def test_no_reminder_went_out_on_a_day_off_or_outside_working_hours(fortnight: Fortnight) -> None:
    assert fortnight.outside_hours == []
    sent_on = {one.at.astimezone(LONDON).date() for one in fortnight.reminders}
    assert sent_on == set(worked_days(fortnight)[1:])
    for told in (*fortnight.officer, *fortnight.deputy, *fortnight.manager):
        if told.text.startswith((DIGEST, LOOK_AHEAD)):
            assert is_worked(told.day)
            assert told.at.astimezone(LONDON).hour in (9, 14)


def test_the_look_ahead_comes_on_the_last_working_day_of_each_week(fortnight: Fortnight) -> None:
    said = [told.day for told in fortnight.manager if told.text.startswith(LOOK_AHEAD)]
    assert said == [date(2027, 3, 25), date(2027, 4, 2)]


def test_nothing_goes_to_the_officer_on_leave_and_all_of_it_to_the_deputy(fortnight: Fortnight) -> None:
    def in_leave(told: list[Told]) -> list[Told]:
        return [one for one in told if LEAVE_FROM <= one.day <= LEAVE_UNTIL]

    assert in_leave(fortnight.officer) == []
    heard = {reference for one in in_leave(fortnight.deputy) for reference in one.references}
    came = {one.reference for one in fortnight.cases if LEAVE_FROM <= one.day <= LEAVE_UNTIL}
    came -= {
        one.reference for one in fortnight.cases if one.what is What.KEYED_IN
    }  # by the deputy's own hand
    due = {
        s.reference
        for s in fortnight.stories
        if LEAVE_FROM <= s.due_on <= LEAVE_UNTIL and s.end is End.ESCALATED
    }
    assert came
    assert came | due <= heard
    mornings = [one.day for one in in_leave(fortnight.deputy) if one.text.startswith(DIGEST)]
    assert mornings == [day for day in worked_days(fortnight) if LEAVE_FROM <= day <= LEAVE_UNTIL]


def test_the_officer_is_welcomed_back(fortnight: Fortnight) -> None:
    (back,) = [told for told in fortnight.officer if told.text.startswith("Welcome back")]
    assert back.day == date(2027, 4, 1)


def test_who_blocked_the_bot_became_a_task_to_phone(fortnight: Fortnight) -> None:
    (asked,) = [told for told in fortnight.deputy if "cannot reach" in told.text.splitlines()[0]]
    assert asked.text.startswith(f"{fortnight.blocked}: the bot cannot reach this person.")
    (phone,) = [story for story in fortnight.stories if story.kind == "phone"]
    assert (phone.reference, phone.end, phone.due_on) == (fortnight.blocked, End.MET, date(2027, 3, 30))


def test_visits_are_remembered_on_the_working_morning_before(fortnight: Fortnight) -> None:
    said = [
        told for told in (*fortnight.officer, *fortnight.deputy) if told.text.startswith("You have a visit")
    ]
    assert len(said) > 2
    for told in said:
        coming = min(day for day in worked_days(fortnight) if day > told.day)
        assert f"{coming:%A} {coming.day} {coming:%B} at 10am" in told.text


def test_every_open_case_has_a_next_action_with_a_date(fortnight: Fortnight) -> None:
    assert fortnight.without_next == []


def test_the_history_is_whole(fortnight: Fortnight) -> None:
    assert fortnight.history == []


def test_what_comes_unasked_on_a_working_day_is_little(fortnight: Fortnight) -> None:
    for day in fortnight.days:
        assert day.digests == (MORNINGS if is_worked(day.on) and day.on > days()[0] else 0), day
        assert day.messages <= day.new + BESIDES, day
        if not is_worked(day.on):
            assert day.messages == day.new, day
    assert fortnight.days[-1].on == MORNING_AFTER


def test_the_page_says_how_it_went(fortnight: Fortnight) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(fortnight)
