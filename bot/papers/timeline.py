"""The timeline of a case on paper: every line of its history, every message and deadline, and where nothing was done.

Staff stand in it with their names, other people as what they are to the case; notes are marked as internal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.papers.paper import Paper, PaperGone
from bot.papers.typeset import make_pdf
from casework.timeline import Gap, gaps, is_look
from handlers.history.telling import what_happened, what_was_written, who_acted
from handlers.officers.labels import deadline_name, district_name, kind_name, status_name
from handlers.officers.messages import text_of
from handlers.turn import Service
from handlers.words import ENGLISH, Words
from storage import cases, history
from storage.models import Case, CaseMessage, Deadline
from storage.people import display_name

PDF = "application/pdf"
NOTE = "note"
_OF_THE_CLOCK = 1
"""Behind what people did at the same instant."""


@dataclass(frozen=True, slots=True, order=True)
class _Entry:
    at: datetime
    order: tuple[int, int]
    what: str
    who: str = ""
    text: str = ""
    mark: str = ""
    acted: bool = True
    """Whether it is something that was done, and so ends a gap."""


@dataclass(frozen=True, slots=True)
class _Tell:
    words: Words
    service: Service
    now: datetime

    def plain(self, key: str, **values: Any) -> str:
        return self.words.plain(key, **values)

    def local(self, instant: datetime) -> date:
        return self.service.calendar.local_day(instant)

    def day(self, day: date) -> str:
        """With the year: a timeline is read years later."""
        return self.words.day(day, date.min)

    def moment(self, instant: datetime) -> str:
        return self.words.moment(instant, self.service.zone, date.min)

    def clock(self, instant: datetime) -> str:
        return self.words.time(instant.astimezone(self.service.zone).time())


def make_timeline(session: Session, service: Service, case_id: int) -> Paper:
    """The whole of it, as it is when it is sent. In English: it is for bodies here."""
    parties = cases.find_parties(session, case_id)
    if parties is None:
        raise PaperGone(f"no case {case_id}")
    case, tell = parties.case, _Tell(service.words(ENGLISH), service, service.clock.now())
    entries = sorted([*_events(session, tell, case), *_deadlines(session, tell, case)])
    owner = display_name(parties.owner) if parties.owner else tell.plain("history.paper.nobody")
    found = _gaps(tell, case, entries)
    title = tell.plain("history.paper.title", reference=case.reference)
    data = {
        "lang": "en",
        "title": title,
        "author": service.policy.team_of(case.district),
        "reference": case.reference,
        "facts": _head(tell, case, owner, entries, found),
        "about": tell.plain("history.paper.about", n=service.policy.history.gap_days.value),
        "days": _days(tell, entries, found),
        "page": tell.plain("history.paper.page", n="{n}", of="{of}"),
    }
    return Paper(f"timeline-{case.reference}.pdf", make_pdf("timeline", data), PDF)


def _head(tell: _Tell, case: Case, owner: str, entries: list[_Entry], found: list[Gap]) -> list[list[str]]:
    words = tell.words
    state = status_name(words, case)
    return [
        [tell.plain("history.paper.case.label"), case.reference],
        [tell.plain("history.paper.kind.label"), kind_name(words, case)],
        [tell.plain("history.paper.district.label"), district_name(words, tell.service, case)],
        [tell.plain("history.paper.state.label"), state],
        [tell.plain("history.paper.owner.label"), owner],
        [tell.plain("history.paper.received.label"), tell.moment(case.received_at)],
        [tell.plain("history.paper.channel.label"), tell.plain(f"history.paper.channel.{case.channel}.name")],
        [
            tell.plain("history.paper.count.label"),
            tell.plain("history.paper.count", n=len(entries), gaps=len(found)),
        ],
        [tell.plain("history.paper.made.label"), tell.moment(tell.now)],
        [tell.plain("history.paper.team.label"), tell.service.policy.team_of(case.district)],
    ]


def _events(session: Session, tell: _Tell, case: Case) -> Iterator[_Entry]:
    messages = history.messages_by_id(session, case.id)
    for event, person in history.list_all(session, case.id):
        message = messages.get(event.detail.get("message") or 0)
        text = _message(tell, message) if message is not None else what_was_written(event)
        yield _Entry(
            at=event.at,
            order=(0, event.id),
            what="" if event.kind == NOTE else what_happened(tell.words, event),
            who=who_acted(tell.words, event, person),
            text=text,
            mark=tell.plain("history.paper.internal") if event.kind == NOTE else "",
            acted=not is_look(event.kind) and event.actor_role != cases.BOT,
        )


def _message(tell: _Tell, message: CaseMessage) -> str:
    return text_of(tell.words, message.body)


def _deadlines(session: Session, tell: _Tell, case: Case) -> Iterator[_Entry]:
    for row in history.list_deadlines(session, case.id):
        what, day = deadline_name(tell.words, row.kind), tell.day(row.due_on)
        yield _of_clock(row, row.set_at, tell.plain("history.paper.deadline.set", what=what, day=day))
        ended = row.ended_at
        if (ended or tell.now) > row.due_at:
            mark = tell.plain("history.paper.deadline.missed.label")
            yield _of_clock(
                row, row.due_at, tell.plain("history.paper.deadline.missed", what=what, day=day), mark
            )
        if ended is not None:
            key = "met" if row.end_reason is None else row.end_reason
            yield _of_clock(row, ended, tell.plain(f"history.paper.deadline.{key}", what=what, day=day))


def _of_clock(row: Deadline, at: datetime, what: str, mark: str = "") -> _Entry:
    return _Entry(at=at, order=(_OF_THE_CLOCK, row.id), what=what, mark=mark, acted=False)


def _gaps(tell: _Tell, case: Case, entries: list[_Entry]) -> list[Gap]:
    acted = [tell.local(entry.at) for entry in entries if entry.acted]
    until = None if case.closed_at is not None else tell.local(tell.now)
    longest = tell.service.policy.history.gap_days.value
    return gaps(acted, longer_than=longest, until=until)


def _days(tell: _Tell, entries: list[_Entry], found: list[Gap]) -> list[dict[str, Any]]:
    """The entries of each local day; before a day on which a gap ends, the gap."""
    days: dict[date, list[_Entry]] = {}
    for entry in entries:
        days.setdefault(tell.local(entry.at), []).append(entry)
    begins = {gap.first: gap for gap in found}
    shown = []
    for day, theirs in days.items():
        gap = begins.get(day)
        shown.append(
            {
                "day": tell.day(day),
                "entries": [_shown(tell, entry) for entry in theirs],
                "gap": _gap(tell, gap) if gap else "",
            }
        )
    return shown


def _shown(tell: _Tell, entry: _Entry) -> dict[str, str]:
    return {
        "time": tell.clock(entry.at),
        "what": entry.what,
        "who": entry.who,
        "text": entry.text,
        "mark": entry.mark,
    }


def _gap(tell: _Tell, gap: Gap) -> str:
    return tell.plain("history.paper.gap", n=gap.days, first=tell.day(gap.first), last=tell.day(gap.last))


MAKERS = {"timeline": make_timeline}
"""The id is the case's."""
