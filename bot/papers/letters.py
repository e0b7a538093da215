"""Letters to somebody without Telegram, in large type: acknowledgement, update and closing; and their diary so."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.papers import diary
from bot.papers.paper import Paper, PaperGone
from bot.papers.typeset import make_pdf
from casework.cases import DeadlineKind
from casework.following import last_day_to_reopen
from handlers.safety import EMERGENCY
from handlers.turn import Service
from handlers.words import Words
from storage import cases, deadlines, following
from storage.cases import Parties
from storage.models import CaseMessage
from storage.people import display_name

PDF = "application/pdf"
LARGE = 1.6
"""Times the usual size: 16 points, as the clear print guidelines of the sight loss charities ask."""


def acknowledgement(session: Session, service: Service, case_id: int) -> Paper:
    """That it was received, by whom, and by when they are contacted."""
    parties, words = _parties(session, service, case_id)
    case, policy = parties.case, service.policy
    day = words.day(
        service.calendar.local_day(case.received_at), service.calendar.local_day(case.received_at)
    )
    channel = words.plain(f"paper_bridge.letter.came.{case.channel}.name")
    lines = [
        words.plain("paper_bridge.letter.ack", channel=channel, day=day),
        words.plain("paper_bridge.letter.ack.who", team=policy.team_of(case.district)),
    ]
    lines += _next(session, service, words, parties, DeadlineKind.CONTACT)
    return _letter(session, service, words, parties, "ack", lines)


def update(session: Session, service: Service, message_id: int) -> Paper:
    """What the officer wrote."""
    message = session.get(CaseMessage, message_id)
    if message is None or not message.from_team:
        raise PaperGone(f"no message {message_id} of the team")
    parties, words = _parties(session, service, message.case_id)
    lines = [str(message.body.get("text", ""))]
    lines += _next(session, service, words, parties, DeadlineKind.UPDATE)
    return _letter(session, service, words, parties, "update", lines)


def closing(session: Session, service: Service, case_id: int) -> Paper:
    """That the case is closed, why, what was done, and what they can do if they disagree."""
    parties, words = _parties(session, service, case_id)
    closure = following.last_closure(session, case_id)
    if closure is None:
        raise PaperGone(f"case {case_id} was never closed")
    policy, today = service.policy, service.calendar.local_day(closure.at)
    until = words.day(last_day_to_reopen(today, policy), today)
    why = words.plain(f"following.reason.{closure.reason}.name")
    lines = [
        words.plain("paper_bridge.letter.closing", day=words.day(today, today)),
        words.plain("paper_bridge.letter.closing.why", why=why),
        words.plain("paper_bridge.letter.closing.done", done=closure.done or ""),
        words.plain(
            "paper_bridge.letter.closing.disagree",
            day=until,
            phone=policy.phone_of(parties.case.district).value,
        ),
        words.plain("following.closed.review"),
    ]
    return _letter(session, service, words, parties, "closing", lines)


def large_diary(session: Session, service: Service, case_id: int) -> Paper:
    """Their diary, to be read by them."""
    return diary.large_book(session, service, case_id, scale=LARGE)


def _parties(session: Session, service: Service, case_id: int) -> tuple[Parties, Words]:
    parties = cases.find_parties(session, case_id)
    if parties is None or parties.reporter is None:
        raise PaperGone(f"nobody to write to about case {case_id}")
    return parties, service.words(parties.reporter.language)


def _next(
    session: Session, service: Service, words: Words, parties: Parties, kind: DeadlineKind
) -> list[str]:
    """By when they hear from us; nothing where no day is set, or it has passed."""
    today = service.calendar.local_day(service.clock.now())
    days = [row.due_on for row in deadlines.list_open(session, parties.case.id) if row.kind == kind]
    return [
        words.plain(f"paper_bridge.letter.by.{kind.value}", day=words.day(day, today))
        for day in days
        if day >= today
    ]


def _letter(
    session: Session, service: Service, words: Words, parties: Parties, which: str, lines: list[str]
) -> Paper:
    case, policy = parties.case, service.policy
    now = service.clock.now()
    today = service.calendar.local_day(now)
    team = policy.team_of(case.district)
    row = cases.detail_of(session, case)
    detail: dict[str, Any] = row.detail if row is not None else {}
    name = display_name(parties.reporter) if parties.reporter else ""
    phone = policy.phone_of(case.district).value
    help_line = words.plain(
        "paper_bridge.letter.help", phone=phone, emergency=policy.contact(EMERGENCY).value
    )
    data = {
        "lang": words.language.partition("-")[0],
        "title": words.plain(f"paper_bridge.letter.title.{which}", reference=case.reference),
        "author": team,
        "from": [policy.partnership.name, team, phone],
        "to": [line for line in (name, *str(detail.get("address") or "").split(",")) if line.strip()],
        "day": words.day(today, today.replace(year=today.year - 1)),
        "dear": words.plain("paper_bridge.letter.dear", name=name),
        "lines": [*lines, help_line],
        "end": [words.plain("paper_bridge.letter.end"), _signed(parties, team)],
        "page": words.plain("history.paper.page", n="{n}", of="{of}"),
    }
    return Paper(f"letter-{case.reference}-{which}.pdf", make_pdf("letter", data), PDF)


def _signed(parties: Parties, team: str) -> str:
    owner = display_name(parties.owner) if parties.owner else ""
    return f"{owner}, {team}" if owner else team


MAKERS = {
    "letter_ack": acknowledgement,
    "letter_update": update,
    "letter_closing": closing,
    "diary_large": large_diary,
}
"""The id is the case's; that of an update is the message's."""
