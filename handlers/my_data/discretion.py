"""The one way to send a resident something that they did not ask for just now.

Never to somebody who is out of reach or must not be written to; by default without a word of what it is about;
not at night. What is held back until the morning waits here, since a row of the outbox that waits would hold up
the answers to what the person does meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from casework.quiet_hours import sendable_from
from handlers.keyboards import Button, Rows
from handlers.phone_instead import phone_instead
from handlers.turn import Recipient, Service, Turn, message_payload
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
    news = News(person, text, buttons, reference, case_id, urgent, show, handle)
    return tell_residents(session, service, [news], now) == 1


@dataclass(frozen=True, slots=True)
class News:
    """What `tell_resident` is to tell one person."""

    person: Person
    text: Html
    buttons: Rows = ()
    reference: str | None = None
    case_id: int | None = None
    urgent: bool = False
    show: str | None = None
    handle: str | None = None


def tell_residents(session: Session, service: Service, news: Iterable[News], now: datetime) -> int:
    """`tell_resident` for many people, in as few statements as for one. Returns how many are told.

    Each person once: what is for the same person goes into one message.
    """
    told: dict[int, News] = {}
    for one in news:
        if may_be_told(one.person):
            told[one.person.id] = one
        else:
            phone_instead(session, service, one.person, one.case_id, now)
    notices = {person_id: _notice(service, one, now) for person_id, one in told.items()}
    data_rights.add_notices(session, notices)
    due = [(told[person_id].person, notice) for person_id, notice in notices.items() if notice.sent_at]
    _send(session, service, due, now)
    return len(told)


def _notice(service: Service, one: News, now: datetime) -> Notice:
    send_at = now if one.urgent else not_before(service, one.person, now)
    return Notice(
        person_id=one.person.id,
        case_id=one.case_id,
        reference=one.reference,
        body={"text": str(one.text), "buttons": _stored(one.buttons), "show": one.show, "handle": one.handle},
        created_at=now,
        send_at=send_at,
        sent_at=now if send_at <= now else None,
    )


def may_be_told(person: Person) -> bool:
    """Whether anything may be sent to them unasked.

    Never after a choice that spoke of domestic abuse (NWCSP domain facts 5.4, rule 3), nor where the bot
    cannot reach them.
    """
    return not person.silent and Recipient.of(person) is not None


def not_before(service: Service, person: Person, now: datetime) -> datetime:
    """From when on they may be disturbed, in UTC."""
    return sendable_from(now, *quiet_hours_of(service, person), service.calendar)


def quiet_hours_of(service: Service, person: Person) -> tuple[time, time]:
    """Their own quiet hours, or the policy's; local."""
    privacy = service.policy.privacy
    start = privacy.quiet_from if person.quiet_from is None else person.quiet_from
    end = privacy.quiet_to if person.quiet_to is None else person.quiet_to
    return start, end


def send_waiting(session: Session, service: Service, now: datetime) -> dict[str, int]:
    """What waited for the morning. Who has become silent or unreachable meanwhile is not written to."""
    due = []
    for notice, person in data_rights.list_waiting_notices(session, now):
        if may_be_told(person):
            notice.sent_at = now
            due.append((person, notice))
        else:
            session.delete(notice)
    _send(session, service, due, now)
    return {"sent": len(due)}


def show(turn: Turn, notice_id: int | None) -> None:
    """What the notice says, in its own message, for the person whom it was for only."""
    notice = turn.session.get(Notice, notice_id) if notice_id is not None else None
    if notice is None or notice.person_id != turn.person.id:
        turn.say(turn.words("my_data.notice.gone"))
        return
    text, rows = Html(notice.body["text"]), _restored(notice.body["buttons"])
    turn.edit(_handle(notice), text, rows, or_send=True)


def _send(session: Session, service: Service, due: Sequence[tuple[Person, Notice]], now: datetime) -> None:
    messages: list[outbox.Message] = []
    for person, notice in due:
        to = Recipient.of(person)
        if to is None:
            continue
        text, rows = Html(notice.body["text"]), _restored(notice.body["buttons"])
        if person.discreet:
            text, rows = _neutral(service, person, notice)
        payload = message_payload(to.chat_id, text, rows)
        handle, case_id = _handle(notice), notice.case_id
        messages.append(outbox.Message(chat_key=to.chat_key, payload=payload, handle=handle, case_id=case_id))
    if messages:
        session.flush()
        outbox.add_messages(session, messages, now)
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
