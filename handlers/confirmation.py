"""The receipt: the reference, what happens next, by when, and how that day was worked out."""

from __future__ import annotations

from casework.cases import DeadlineKind
from casework.deadlines import Working
from casework.working_days import SkipReason
from handlers.forms.flow import Receipt
from handlers.intake import Received
from handlers.keyboards import Button
from handlers.turn import Turn
from handlers.words import Html


def receipt(
    turn: Turn, form: str, received: Received, kind: DeadlineKind, *, anonymous: bool = False
) -> Receipt:
    """What stays in the chat as the proof that it was sent. It has to make sense a year later.

    Without a date where that lies beyond the checked calendar.
    """
    reference = received.case.reference
    team = turn.service.policy.team_of(received.case.district)
    phone = turn.service.policy.phone_of(received.case.district).value
    deadline = received.deadlines.get(kind)
    if anonymous or deadline is None:
        ending = "anonymous" if anonymous else "no_date"
        parts = [turn.words(f"{form}.sent.{ending}", reference=reference, team=team, phone=phone)]
    else:
        due = turn.words.day(deadline.due_on, turn.today)
        text = turn.words(f"{form}.sent", reference=reference, due=due, team=team, phone=phone)
        parts = [text, worked_out(turn, deadline.working)]
    buttons = ((Button(turn.words.plain("kit.copy.button"), copy=reference),),)
    return Receipt(Html("\n\n".join(parts)), buttons)


def worked_out(turn: Turn, working: Working) -> Html:
    """``That is 3 working days after Friday. We left out …``: in one or two sentences."""
    start = turn.words.day(working.start_on, turn.today)
    line = turn.words.plural("kit.worked_out", working.working_days, start=start)
    holidays = [skipped for skipped in working.skipped if skipped.reason is not SkipReason.WEEKEND]
    if not holidays:
        return line
    days = turn.words.listing([str(turn.words.day(skipped.day, turn.today)) for skipped in holidays])
    return Html(f"{line} {turn.words('kit.worked_out.closed', days=days)}")
