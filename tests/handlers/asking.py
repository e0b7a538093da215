"""What a kind of answer sees while it asks: a Tuesday morning in November, and nothing answered yet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from casework.working_days import WorkingCalendar
from handlers.forms.kinds.kind import Asking
from handlers.incoming import Incoming, Sender, SharedContact
from tests.support.service import the_policy, the_words

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
ADA = Sender(7_000_000_001, "Ada Lovelace", "en")
CALENDAR = WorkingCalendar.from_policy(the_policy())


def asking(key: str, form: str = "report", **given: Any) -> Asking:
    """The question ``form.key``; ``given``: partial, answers, files."""
    known: dict[str, Any] = {"answers": {}, "sender_name": ADA.name, **given}
    return Asking(
        form=form,
        key=key,
        words=the_words().words("en"),
        policy=the_policy(),
        calendar=CALENDAR,
        now=NOW,
        **known,
    )


def typed(text: str) -> Incoming:
    """Ada typed this."""
    return Incoming(ADA.id, True, ADA, message_id=1, text=text)


def shared(phone: str, *, own: bool) -> Incoming:
    """Ada sent a contact card."""
    return Incoming(ADA.id, True, ADA, message_id=1, contact=SharedContact(phone, "Ada", own))


def located(latitude: float, longitude: float) -> Incoming:
    """Ada shared a place."""
    return Incoming(ADA.id, True, ADA, message_id=1, location=(latitude, longitude))
