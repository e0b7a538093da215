"""How many of a person's reports count towards an ASB Case Review, each with its day and why.

Nobody is told that they do not qualify: an officer decides (2014 Act s.104).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from casework import review_count
from casework.cases import CaseKind
from casework.review_count import Count, Counted, LeftOut, NotCounted
from handlers import case_review
from handlers.keyboards import Button
from handlers.turn import Turn
from handlers.words import Html
from storage.following import OwnCase
from storage.models import CaseEvent

MOST_LINES = 6


def button(turn: Turn) -> Button:
    """*What is a case review?*"""
    return Button(turn.words.plain("following.review.button"), "k:review")


def explain_pressed(turn: Turn, _parts: list[str]) -> None:
    """``k:review``."""
    turn.say(case_review.explanation(turn))


def counted(turn: Turn, found: Iterable[OwnCase], more: Iterable[CaseEvent]) -> list[Html]:
    """How many of their reports normally count, each with its day and why; nothing where none does.

    ``more`` is what they reported to a case later: a report by itself, with the case's reference.
    """
    own = [
        one
        for one in found
        if one.case.kind == CaseKind.ASB_REPORT and one.case.reporter_id == turn.person.id
    ]
    reports = [*_reports(turn, own), *_later(turn, own, more)]
    count = review_count.qualifying(reports, turn.today, turn.service.policy.case_review)
    if not count.counted:
        return []
    late = [one for one in count.left_out if one.why is NotCounted.TOLD_LATE]
    lines = [*(_line(turn, one) for one in count.counted), *(_late_line(turn, one) for one in late)]
    return [_top(turn, count), *lines[:MOST_LINES], _last(turn, count)]


def _reports(turn: Turn, found: Iterable[OwnCase]) -> list[review_count.Report]:
    return [
        review_count.Report(
            reference=one.case.reference,
            victim=str(turn.person.id),
            reported_on=(reported_on := turn.service.calendar.local_day(one.case.received_at)),
            happened_on=one.happened_on or reported_on,
            approximate=one.approximate,
        )
        for one in found
    ]


def _later(turn: Turn, found: list[OwnCase], more: Iterable[CaseEvent]) -> list[review_count.Report]:
    references = {one.case.id: one.case.reference for one in found}
    return [
        review_count.Report(
            reference=references[event.case_id],
            victim=str(turn.person.id),
            reported_on=turn.service.calendar.local_day(event.at),
            happened_on=_day_of(event) or turn.service.calendar.local_day(event.at),
            approximate=bool((event.detail.get("when") or {}).get("approximate", True)),
        )
        for event in more
        if event.case_id in references
    ]


def _day_of(event: CaseEvent) -> date | None:
    day = (event.detail.get("when") or {}).get("day")
    return date.fromisoformat(day) if day else None


def _top(turn: Turn, count: Count) -> Html:
    months = str(turn.service.policy.case_review.apply_within_months)
    return turn.words.plural(
        "following.count.top", len(count.counted), needed=str(count.normally), months=months
    )


def _line(turn: Turn, one: Counted) -> Html:
    today = turn.today
    return turn.words(
        "following.count.line",
        reference=one.report.reference,
        day=turn.words.day(one.report.reported_on, today),
        happened=turn.words.day(one.report.happened_on, today),
        until=turn.words.day(one.counts_until, today),
    )


def _late_line(turn: Turn, one: LeftOut) -> Html:
    return turn.words(
        "following.count.late",
        reference=one.report.reference,
        day=turn.words.day(one.report.reported_on, turn.today),
    )


def _last(turn: Turn, count: Count) -> Html:
    return turn.words("following.count.enough" if count.route_a else "following.count.fewer")
