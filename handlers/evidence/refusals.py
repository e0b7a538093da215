"""A file that could not be kept: one sentence for the person that says what to do instead, a line for the case."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.my_data.discretion import may_be_told, tell_resident
from handlers.turn import Recipient, Service, tell
from handlers.words import Html
from storage import cases, people
from storage.evidence import Refusal
from storage.models import Case, Person, StoredFile

STILL_THERE = timedelta(minutes=15)
"""Who sent it so lately is still in the conversation, and is answered in it."""


def tell_refused(session: Session, service: Service, row: StoredFile, why: Refusal, now: datetime) -> None:
    """Record it with the case, and tell whoever sent it. Nobody is told where that is not known or not safe."""
    case = cases.find_case(session, row.case_id) if row.case_id is not None else None
    if case is not None:
        detail = {"file": row.id, "why": why.value}
        cases.record_event(
            session, case_id=case.id, kind="evidence_refused", actor=None, now=now, detail=detail
        )
    person = people.find_by_chat(session, row.chat_key) if row.chat_key is not None else None
    if person is not None and may_be_told(person):
        _tell(session, service, person, row, case, sentence(service, person, row, why), now)


def sentence(service: Service, person: Person, row: StoredFile, why: Refusal) -> Html:
    """What to do instead, in the person's language."""
    words = service.words(person.language)
    phone = service.policy.phone_of(None).value
    most = str(service.policy.evidence.megabytes.value)
    return words(_SENTENCES[why], most=most, phone=phone)


_SENTENCES = {
    Refusal.SIZE: "evidence.refused.size",
    Refusal.KIND: "evidence.refused.kind",
    Refusal.PICTURE: "evidence.refused.picture",
    Refusal.METADATA: "evidence.refused.kind",
    Refusal.LOST: "evidence.refused.lost",
}


def _tell(
    session: Session,
    service: Service,
    person: Person,
    row: StoredFile,
    case: Case | None,
    text: Html,
    now: datetime,
) -> None:
    to = Recipient.of(person)
    if to is not None and now - row.received_at < STILL_THERE:
        tell(session, to, text, now=now, case_id=row.case_id)
        return
    reference = case.reference if case is not None else None
    tell_resident(session, service, person, text=text, now=now, reference=reference, case_id=row.case_id)
