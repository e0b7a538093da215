"""The one way to send a resident something that they did not ask for just now.

Never to somebody who is out of reach or must not be written to; by default without a word of what it is about;
not at night. What is held back until the morning waits here, since a row of the outbox that waits would hold up
the answers to what the person does meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from casework.quiet_hours import sendable_from
from handlers.keyboards import Button, Rows
from handlers.turn import Recipient, Service, Turn, tell
from handlers.words import Html
from storage import data_rights, outbox
from storage.models import Notice, Person

PRESS = "p"
SHOW = "show"


def tell_resident(
    session: Session,
    service: Service,
    person: Person,
    *,
    text: Html,
    now: datetime,
    buttons: Rows = (),
    reference: str | None = None,
    case_id: int | None = None,
    urgent: bool = False,
    show: str | None = None,
    handle: str | None = None,
) -> bool:
    """Tell them, now or when their quiet hours end. False where they must not or cannot be written to.

    ``text`` and ``buttons`` are in their language. Unless they chose otherwise the first message says only
    ``Update on <reference>``, and a button shows the rest in its place. ``urgent`` is sent at night as well.
    ``show`` is the data of that button where something else answers it, in the message called ``handle``.
    """
    if not may_be_told(person):
        return False
    notice = Notice(
        person_id=person.id,
        case_id=case_id,
        reference=reference,
        body={"text": str(text), "buttons": _stored(buttons), "show": show, "handle": handle},
        created_at=now,
        send_at=now if urgent else not_before(service, person, now),
    )
    session.add(notice)
    session.flush()
    if notice.send_at <= now:
        _send(session, service, person, notice, now)
    return True


def may_be_told(person: Person) -> bool:
    """Whether anything may be sent to them unasked.

    Never after a choice that spoke of domestic abuse (NWCSP domain facts 5.4, rule 3), nor where the bot
    cannot reach them.
    """
    return not person.silent and Recipient.of(person) is not None


def not_before(service: Service, person: Person, now: datetime) -> datetime:
    """From when on they may be disturbed, in UTC: their own quiet hours, or the policy's."""
    privacy = service.policy.privacy
    start = privacy.quiet_from if person.quiet_from is None else person.quiet_from
    end = privacy.quiet_to if person.quiet_to is None else person.quiet_to
    return sendable_from(now, start, end, service.calendar)


def send_waiting(session: Session, service: Service, now: datetime) -> dict[str, int]:
    """What waited for the morning. Who has become silent or unreachable meanwhile is not written to."""
    sent = 0
    for notice, person in data_rights.list_waiting_notices(session, now):
        if may_be_told(person):
            _send(session, service, person, notice, now)
            sent += 1
        else:
            session.delete(notice)
    if sent:
        session.flush()
        outbox.announce(session)
    return {"sent": sent}


def show(turn: Turn, notice_id: int | None) -> None:
    """What the notice says, in its own message, for the person whom it was for only."""
    notice = turn.session.get(Notice, notice_id) if notice_id is not None else None
    if notice is None or notice.person_id != turn.person.id:
        turn.say(turn.words("my_data.notice.gone"))
        return
    text, rows = Html(notice.body["text"]), _restored(notice.body["buttons"])
    turn.edit(_handle(notice), text, rows, or_send=True)


def _send(session: Session, service: Service, person: Person, notice: Notice, now: datetime) -> None:
    notice.sent_at = now
    to = Recipient.of(person)
    if to is None:
        return
    text, rows = Html(notice.body["text"]), _restored(notice.body["buttons"])
    if person.discreet:
        text, rows = _neutral(service, person, notice)
    tell(session, to, text, rows, now=now, case_id=notice.case_id, handle=_handle(notice))
    outbox.announce(session)


def _neutral(service: Service, person: Person, notice: Notice) -> tuple[Html, Rows]:
    words = service.words(person.language)
    known = notice.reference
    text = words("case.update.top", reference=known) if known else words("my_data.notice.top")
    data = notice.body.get("show") or f"{PRESS}:{SHOW}:{notice.id}"
    return text, ((Button(words.plain("case.update.button"), data),),)


def _handle(notice: Notice) -> str:
    return notice.body.get("handle") or f"notice:{notice.id}"


def _stored(rows: Rows) -> list[list[dict[str, str]]]:
    return [[{"label": b.label, "data": b.data, "copy": b.copy, "url": b.url} for b in row] for row in rows]


def _restored(rows: Sequence[Sequence[dict[str, Any]]]) -> Rows:
    return tuple(tuple(Button(**button) for button in row) for row in rows)
