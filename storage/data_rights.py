"""A person's own data: notices that wait for them, messages that can be taken back, holds on cases, drafts.

The copy is `storage.data_copy`'s, erasure `storage.erasure`'s, what goes by itself `storage.retention`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from storage.dialects import dialect_of, insert_statements, table_of
from storage.models import Case, CaseHold, DataRequest, Dialog, Draft, Notice, Person, RecentMessage

MOST_AT_ONCE = 200

_RECENT = table_of(RecentMessage)
_OF_NOTICE = ("person_id", "case_id", "reference", "body", "created_at", "send_at", "sent_at")


# Notices


def add_notices(session: Session, notices: Mapping[int, Notice]) -> None:
    """Store notices, by the person whom each is for, in one statement; each is given its id."""
    if not notices:
        return
    rows = [{name: getattr(notice, name) for name in _OF_NOTICE} for notice in notices.values()]
    session.flush()
    stored = session.execute(insert(Notice).returning(Notice.id, Notice.person_id), rows)
    for notice_id, person_id in stored:
        notices[person_id].id = notice_id


def list_waiting_notices(
    session: Session, now: datetime, limit: int = MOST_AT_ONCE
) -> Sequence[tuple[Notice, Person]]:
    """Notices whose hour has come and their persons, the oldest first."""
    rows = session.execute(
        select(Notice, Person)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.sent_at.is_(None), Notice.send_at <= now)
        .order_by(Notice.send_at, Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Notice)
    ).all()
    return [(notice, person) for notice, person in rows]


# Messages that Telegram still lets the bot delete


def remember_messages(session: Session, messages: Iterable[tuple[int, int]], now: datetime) -> None:
    """Keep which messages (chat key, message id) stand in a chat, whoever sent them."""
    # To the day only: to the microsecond it would name the chat that sent an anonymous report.
    day = start_of_day(now)
    rows = [{"chat_key": chat, "message_id": message, "sent_at": day} for chat, message in messages]
    if rows:
        session.connection().execute(_REMEMBER[dialect_of(session)], rows)


def take_recent(session: Session, chat_key: int) -> list[tuple[int, datetime]]:
    """The messages kept for a chat with the day (UTC) of each; they are forgotten with it."""
    gone = delete(RecentMessage).where(RecentMessage.chat_key == chat_key)
    rows = session.execute(gone.returning(RecentMessage.message_id, RecentMessage.sent_at)).all()
    return sorted((int(row.message_id), row.sent_at) for row in rows)


def start_of_day(now: datetime) -> datetime:
    """The beginning of the day in UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


_REMEMBER = insert_statements(_RECENT, lambda insert: insert.on_conflict_do_nothing())


# Drafts


def list_drafts_to_remind(
    session: Session, changed_before: datetime, now: datetime, limit: int = MOST_AT_ONCE
) -> Sequence[tuple[Draft, Person]]:
    """The newest draft of each chat that nobody was reminded of, with answers or not, and its person."""
    newer = select(func.max(Draft.id)).where(Draft.expires_at > now).group_by(Draft.chat_key)
    rows = session.execute(
        select(Draft, Person)
        .join(Person, Person.chat_key == Draft.chat_key)
        .where(
            Draft.id.in_(newer),
            Draft.reminded_at.is_(None),
            Draft.updated_at <= changed_before,
            Person.draft_reminders,
            Person.unreachable_since.is_(None),
            ~Person.silent,
        )
        .order_by(Draft.updated_at, Draft.id)
        .limit(limit)
    ).all()
    return [(draft, person) for draft, person in rows]


def mark_reminded(session: Session, chat_key: int, now: datetime) -> None:
    """No draft that this chat has now is spoken of again."""
    session.execute(
        update(Draft)
        .where(Draft.chat_key == chat_key, Draft.reminded_at.is_(None))
        .values(reminded_at=now)
        .execution_options(synchronize_session=False)
    )


def delete_drafts(session: Session, dialog: Dialog) -> int:
    """Delete every draft of the chat, the open one as well. Returns how many."""
    dialog.draft_id = None
    session.flush()
    gone = delete(Draft).where(Draft.chat_key == dialog.chat_key).returning(Draft.id)
    return len(session.execute(gone, execution_options={"synchronize_session": False}).all())


# Requests and holds


def add_hold(session: Session, case_id: int, reason: str, *, by: int | None, now: datetime) -> CaseHold:
    """Keep the case from being deleted, whatever its time says."""
    hold = CaseHold(case_id=case_id, reason=reason, placed_by=by, placed_at=now)
    session.add(hold)
    session.flush()
    return hold


def end_holds(session: Session, case_id: int, now: datetime) -> int:
    """End all holds of a case. Returns how many there were."""
    rows = session.scalars(
        select(CaseHold).where(CaseHold.case_id == case_id, CaseHold.ended_at.is_(None))
    ).all()
    for hold in rows:
        hold.ended_at = now
    session.flush()
    return len(rows)


def is_held(session: Session, case_id: int) -> bool:
    """Whether something keeps the case from being deleted."""
    held = exists().where(CaseHold.case_id == case_id, CaseHold.ended_at.is_(None))
    return bool(session.scalar(select(held)))


def find_request(session: Session, case_id: int) -> DataRequest | None:
    """What the request asks for; None where the case is no request."""
    return session.get(DataRequest, case_id)


def list_cases_of(session: Session, person_id: int) -> Sequence[Case]:
    """The cases that somebody reported, the newest first; those of a Member's referrals are not theirs."""
    return session.scalars(select(Case).where(Case.reporter_id == person_id).order_by(Case.id.desc())).all()


def month_of(day: date) -> str:
    """``2026-11``."""
    return f"{day.year:04}-{day.month:02}"
