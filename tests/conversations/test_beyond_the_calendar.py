"""Nobody has checked next year's bank holidays: what people send is taken all the same, without a date."""

from __future__ import annotations

from datetime import date

import pytest
from structlog.testing import capture_logs

from casework.policy import Policy
from storage.models import CaseEvent
from tests.support.service import Somebody, Town, the_policy
from tests.support.stored import the_case
from tests.support.walks import refers, reports


def checked_until(day: date) -> Policy:
    policy = the_policy()
    calendar = policy.calendar.model_copy(update={"verified_until": day})
    return policy.model_copy(update={"calendar": calendar})


def received(events: list[CaseEvent]) -> CaseEvent:
    (event,) = [event for event in events if event.kind == "received"]
    return event


async def test_a_report_is_taken_without_the_dates_that_nobody_knows(
    town: Town, ada: Somebody, duty_officer: Somebody
) -> None:
    await town.restart(policy=checked_until(date(2026, 11, 24)))
    await reports(ada)
    ada.reads("report.sent.no_date")
    stored = the_case(town.database, ada.reference())
    assert (stored.deadlines, stored.reminders) == ({}, [])
    assert received(stored.events).detail["no_dates"] is True
    duty_officer.sees("no dates yet", buttons=["Open case"])
    await duty_officer.taps("Open case")
    duty_officer.sees(ada.reference())


async def test_a_date_that_is_known_is_still_kept(town: Town, ada: Somebody) -> None:
    await town.restart(policy=checked_until(date(2026, 11, 26)))  # two working days: acknowledged by the 25th
    await reports(ada)
    stored = the_case(town.database, ada.reference())
    assert set(stored.deadlines) == {"acknowledge"}
    assert received(stored.events).detail["no_dates"] is True


async def test_a_referral_is_taken_too(town: Town, cllr_khan: Somebody) -> None:
    await town.restart(policy=checked_until(date(2026, 11, 24)))
    await refers(cllr_khan)
    cllr_khan.reads("refer.sent.no_date")


@pytest.mark.usefixtures("ada")
async def test_past_the_calendar_reminders_rest_and_say_so_once_an_hour(town: Town) -> None:
    await town.restart(policy=checked_until(date(2026, 11, 23)))
    with capture_logs() as logs:
        for _ in range(3):
            await town.tick()
        await town.moves_on(hours=1)
    said = [line["event"] for line in logs]
    assert said.count("reminders_beyond_calendar") == 2
    assert "jobs_done" in said  # the others went on
