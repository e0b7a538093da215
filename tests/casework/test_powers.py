"""Which formal steps can be recorded, and from which day."""

from datetime import date, timedelta

import pytest

from casework.powers import Stage, may_record, possible_stages

TODAY = date(2026, 11, 24)
WARNED = {Stage.PROTECTION_WARNING: TODAY - timedelta(days=10)}


def test_a_notice_is_offered_only_after_its_written_warning() -> None:
    assert Stage.PROTECTION_NOTICE not in possible_stages({})
    assert possible_stages(WARNED) == tuple(Stage)


@pytest.mark.parametrize(
    ("stage", "days_ago", "recorded", "may"),
    [
        (Stage.WARNING_LETTER, 0, {}, True),
        (Stage.WARNING_LETTER, -1, {}, False),  # not yet
        (Stage.INJUNCTION, 400, {}, True),
        (Stage.PROTECTION_NOTICE, 0, {}, False),  # without its warning
        (Stage.PROTECTION_NOTICE, 10, WARNED, True),  # on the very day of the warning
        (Stage.PROTECTION_NOTICE, 11, WARNED, False),  # before its warning
    ],
)
def test_a_step_is_of_today_or_earlier_and_a_notice_not_before_its_warning(
    stage: Stage, days_ago: int, recorded: dict[Stage, date], may: bool
) -> None:
    assert may_record(stage, TODAY - timedelta(days=days_ago), TODAY, recorded) is may
