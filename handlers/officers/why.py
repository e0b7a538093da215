"""*Why this date?*: how a deadline was worked out, day by day."""

from __future__ import annotations

from casework.deadlines import Working
from casework.working_days import SkippedDay, SkipReason
from handlers.keyboards import Button
from handlers.officers.access import allowed as may_open_cases
from handlers.officers.access import may_see, number_in, queue_row, refuse
from handlers.officers.labels import deadline_line, deadline_name
from handlers.planning.moved import why_lines
from handlers.planning.moving import last_reason
from handlers.turn import Turn
from handlers.words import Html
from storage import cases, deadlines
from storage.models import Deadline


def pressed(turn: Turn, parts: list[str]) -> None:
    """``w:<deadline_id>``."""
    if not may_open_cases(turn):
        refuse(turn)
        return
    number = number_in(parts, 1)
    row = deadlines.find_deadline(turn.session, number) if number is not None else None
    case = cases.find_case(turn.session, row.case_id) if row is not None else None
    if row is None or case is None:
        turn.say(turn.words("officer.gone"), (queue_row(turn),))
        return
    if not may_see(turn, case):
        return
    others = [one for one in deadlines.list_open(turn.session, case.id) if one.id != row.id]
    lines = [turn.words("officer.why.top", reference=case.reference)]
    lines += [explained(turn, one) for one in (row, *others)]
    open_button = Button(turn.words.plain("officer.open.button"), f"o:{case.id}")
    turn.say(Html("\n\n".join(lines)), ((open_button,),))


def explained(turn: Turn, row: Deadline) -> Html:
    """The date, from which day so many working days were counted, and every day that was left out."""
    words, working = turn.words, deadlines.working_of(row)
    if row.ended_at is not None:
        head = words.plain("officer.why.ended", what=deadline_name(words, row.kind))
    else:
        head = deadline_line(words, turn.service, row, turn.today)
    start = words.day(working.start_on, turn.today)
    if working.months:
        counted = words.plural("officer_data.why.months", working.months, start=start)
    else:
        counted = words.plural("officer.why.counted", working.working_days, start=start)
    moved = why_lines(words, row, last_reason(turn, row), turn.today)
    return Html("\n".join((words("officer.why.head", what=head), counted, *_left_out(turn, working), *moved)))


def _left_out(turn: Turn, working: Working) -> list[Html]:
    if not working.skipped:
        return []
    days = [_skipped(turn, skipped) for skipped in working.skipped]
    return [turn.words("officer.why.left_out", days=turn.words.listing(days))]


def _skipped(turn: Turn, skipped: SkippedDay) -> str:
    day = turn.words.day(skipped.day, turn.today)
    if skipped.reason is SkipReason.WEEKEND:
        return day
    return turn.words.plain("officer.why.named", day=day, name=skipped.name)
