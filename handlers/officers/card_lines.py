"""Lines of a card that are worked out: why the risk is what it is, repeat victims, and how far a deadline has run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from casework.risk import Floor, weighty
from casework.victims import Victim, recognise
from handlers.officers.labels import deadline_line
from handlers.turn import Turn
from handlers.words import Html
from storage.card import CardFacts
from storage.deadlines import working_of
from storage.models import AsbReport, Deadline

MOST_REASONS = 3
_WEIGHTY = 2
"""From this score on an answer is a reason for the band, as `casework.risk.assess` has it."""
_LONGEST_MONTH = timedelta(days=31)


def since(turn: Turn) -> timedelta:
    """How far back reports can still make a repeat victim, with a little to spare."""
    return _LONGEST_MONTH * (turn.service.policy.case_review.repeat_victim_months.value + 1)


def victim_lines(turn: Turn, facts: CardFacts) -> list[Html]:
    """That whoever reported has been a victim before, or may need extra help; not where they speak for another."""
    if not isinstance(facts.detail, AsbReport):
        return []
    victim = _victim(turn, facts)
    lines = []
    if victim.repeat and not facts.detail.on_behalf:
        lines.append(turn.words.plural("officer_acts.repeat.label", len(victim.reports_on)))
    if victim.vulnerable:
        why = [_reason(turn, one.question, one.option) for one in victim.reasons[:MOST_REASONS]]
        lines.append(turn.words("officer_acts.vulnerable", why="; ".join(why)))
    return lines


def _victim(turn: Turn, facts: CardFacts) -> Victim:
    policy = turn.service.policy
    return recognise(
        reported_on=[turn.service.calendar.local_day(at) for at in facts.reported_at],
        on=turn.today,
        answers=facts.risk.answers if facts.risk is not None else {},
        review=policy.case_review,
        risk=policy.risk,
    )


def risk_lines(turn: Turn, facts: CardFacts) -> list[Html]:
    """Why the band is what it is: what settles it whatever the answers, then the answers that weigh most."""
    if facts.risk is None:
        return []
    floors = [
        turn.words.plain(f"officer_acts.floor.{Floor(floor).value}.name") for floor in facts.risk.floors
    ]
    heavy = weighty(facts.risk.answers, _WEIGHTY)[:MOST_REASONS]
    why = [*floors, *(_reason(turn, one.question, one.option) for one in heavy)]
    return [turn.words("officer_acts.risk_why", why="; ".join(why))] if why else []


def _reason(turn: Turn, question: str, option: str) -> str:
    label = turn.words.plain(f"risk.{question}.label")
    return f"{label}: {turn.words.plain(f'risk.{question}.choice.{option}')}"


def due_lines(turn: Turn, waiting: Sequence[Deadline]) -> list[Html]:
    """The deadlines; of the next one also how much of its time has run."""
    lines = [deadline_line(turn.words, turn.service, row, turn.today) for row in waiting]
    if lines and (run := _run(turn, waiting[0])):
        lines[0] = turn.words.plain("officer_acts.due.run", line=lines[0], day=run[0], days=run[1])
    return [Html(line) for line in lines]


def _run(turn: Turn, row: Deadline) -> tuple[int, int] | None:
    """The day that today is of all days of a deadline; None before the first and after the last."""
    working = working_of(row)
    if working.months:
        day, days = (turn.today - working.start_on).days, (row.due_on - working.start_on).days
    else:
        calendar = turn.service.calendar
        day = calendar.between(working.start_on, turn.today)
        days = calendar.between(working.start_on, row.due_on)
    return (day, days) if 1 <= day <= days else None
