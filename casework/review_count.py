"""How many of somebody's reports normally count towards an ASB Case Review, and when it is explained to them.

A hint: whether the threshold is met is decided by an officer, with reasons. Nobody is told that they do not
qualify (Anti-social Behaviour, Crime and Policing Act 2014 s.104; NWCSP domain facts 2.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casework.policy import ReviewRules
from casework.victims import in_last_months
from casework.working_days import end_of_period


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report, to whichever agency. Both days are local.

    `victim` tells people apart. `incident` is the same for reports of one and the same incident; so is `event`
    for those of one event, where they also name the same day.
    """

    reference: str
    victim: str
    reported_on: date
    happened_on: date
    approximate: bool = False
    agency: str = "council"
    incident: str | None = None
    event: str | None = None


class NotCounted(StrEnum):
    """Why a report doesn't count by itself."""

    TOLD_LATE = "told_late"
    TOO_LONG_AGO = "too_long_ago"
    SAME_INCIDENT = "same_incident"
    NOT_YET_HAPPENED = "not_yet_happened"
    AFTER_THE_DAY = "after_the_day"


class Doubt(StrEnum):
    """Why somebody should look at a report before a number is relied on."""

    NEARLY = "nearly"
    APPROXIMATE = "approximate"
    NO_REFERENCE = "no_reference"


@dataclass(frozen=True, slots=True)
class Counted:
    """A report that counts: told by `tell_by` at the latest, and counting up to and including `counts_until`."""

    report: Report
    tell_by: date
    counts_until: date


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A report that doesn't count, and why. `same_as` is the reference of the one that counts instead."""

    report: Report
    why: NotCounted
    same_as: str | None = None


@dataclass(frozen=True, slots=True)
class Borderline:
    """A report to look at by hand, counted or not."""

    report: Report
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """What reports come to on a day; `normally` is how many it normally takes.

    `by_one_victim` is the most that one victim has (route A), `victims` how many have one (route B).
    """

    normally: int
    counted: tuple[Counted, ...]
    left_out: tuple[LeftOut, ...]
    borderline: tuple[Borderline, ...]
    by_one_victim: int
    victims: int

    @property
    def route_a(self) -> bool:
        """Whether one victim's reports normally suffice."""
        return self.by_one_victim >= self.normally

    @property
    def route_b(self) -> bool:
        """Whether so many victims have reported that it normally suffices."""
        return self.victims >= self.normally


def qualifying(reports: Iterable[Report], on: date, rules: ReviewRules) -> Count:
    """Which reports would count if somebody asked for a review on the local day `on`.

    A report counts that was made within one month beginning with the day of the behaviour, and at most six
    months, beginning with the day of the report, before the application (2014 Act s.104(11); NWCSP domain
    facts 2.3). One incident told to several agencies counts once for each victim: the telling that counts
    longest. An approximate day is taken as it stands, and listed as borderline.
    """
    ordered = sorted(reports, key=lambda report: (report.reported_on, report.happened_on, report.reference))
    counted: list[Counted] = []
    left_out: list[LeftOut] = []
    for same in _same_incident(ordered):
        fit = [report for report in same if _why_not(report, on, rules) is None]
        kept = max(fit, key=lambda report: report.reported_on) if fit else None
        if kept is not None:
            counted.append(_counted(kept, rules))
        left_out += [_left_out(report, kept, on, rules) for report in same if report is not kept]
    doubtful = (Borderline(report, _doubts(report, on, rules)) for report in ordered)
    by_victim = [one.report.victim for one in counted]
    return Count(
        normally=rules.reports,
        counted=tuple(sorted(counted, key=lambda one: one.report.reported_on)),
        left_out=tuple(sorted(left_out, key=lambda one: one.report.reported_on)),
        borderline=tuple(one for one in doubtful if one.doubts),
        by_one_victim=max(map(by_victim.count, by_victim), default=0),
        victims=len(set(by_victim)),
    )


def second_report_due(
    reported_on: Iterable[date], last_explained_on: date | None, on: date, rules: ReviewRules
) -> bool:
    """Whether the case review is to be explained to a victim on the local day `on`.

    On the second report within a rolling six months, qualifying or not, once a rolling period (Home Office
    statutory guidance of July 2025; NWCSP domain facts 2.5). `reported_on`: the days of all their reports.
    """
    months = rules.explain_months.value
    recent = [day for day in reported_on if in_last_months(day, on, months)]
    if len(recent) < rules.explain_from_reports.value:
        return False
    return last_explained_on is None or not in_last_months(last_explained_on, on, months)


def _same_incident(reports: Sequence[Report]) -> list[list[Report]]:
    """The reports of each victim, those of one incident together."""
    groups: list[tuple[set[tuple[str, ...]], list[Report]]] = []
    for report in reports:
        marks = _marks(report)
        joined = [group for group in groups if group[0] & marks]
        groups = [group for group in groups if not group[0] & marks]
        together = [one for group in joined for one in group[1]]
        groups.append((marks.union(*(group[0] for group in joined)), [*together, report]))
    return [members for _, members in groups]


def _marks(report: Report) -> set[tuple[str, ...]]:
    """What two reports of the same incident have in common."""
    marks: set[tuple[str, ...]] = set()
    if report.incident is not None:
        marks.add((report.victim, "incident", report.incident))
    if report.event is not None:
        marks.add((report.victim, "event", report.event, report.happened_on.isoformat()))
    return marks


def _why_not(report: Report, on: date, rules: ReviewRules) -> NotCounted | None:
    if report.reported_on > on:
        return NotCounted.AFTER_THE_DAY
    if report.happened_on > report.reported_on:
        return NotCounted.NOT_YET_HAPPENED
    counted = _counted(report, rules)
    if report.reported_on > counted.tell_by:
        return NotCounted.TOLD_LATE
    return NotCounted.TOO_LONG_AGO if on > counted.counts_until else None


def _counted(report: Report, rules: ReviewRules) -> Counted:
    return Counted(
        report,
        tell_by=end_of_period(report.happened_on, rules.report_within_months),
        counts_until=end_of_period(report.reported_on, rules.apply_within_months),
    )


def _left_out(report: Report, kept: Report | None, on: date, rules: ReviewRules) -> LeftOut:
    why = _why_not(report, on, rules)
    if why is not None or kept is None:
        return LeftOut(report, why or NotCounted.SAME_INCIDENT)
    return LeftOut(report, NotCounted.SAME_INCIDENT, same_as=kept.reference)


def _doubts(report: Report, on: date, rules: ReviewRules) -> tuple[Doubt, ...]:
    """Missed by so few days that somebody should look, an approximate day, or nothing to prove it by."""
    grace = timedelta(days=rules.borderline_days.value)
    limits = _counted(report, rules)
    nearly = any(
        last < day <= last + grace
        for day, last in ((report.reported_on, limits.tell_by), (on, limits.counts_until))
    )
    found = {
        Doubt.NEARLY: nearly,
        Doubt.APPROXIMATE: report.approximate,
        Doubt.NO_REFERENCE: not report.reference,
    }
    return tuple(doubt for doubt, holds in found.items() if holds)
