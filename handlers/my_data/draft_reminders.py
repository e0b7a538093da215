"""One reminder of what somebody began and has not sent: after a day, by day, never a second one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.forms.pen import DANGER
from handlers.keyboards import Button
from handlers.my_data.discretion import not_before, tell_resident
from handlers.turn import Service, Turn
from storage import data_rights
from storage.models import Draft, Person

AFTER = timedelta(days=1)


def remind(session: Session, service: Service, now: datetime) -> dict[str, int]:
    """Remind whoever has not touched a draft for a day, outside their quiet hours."""
    told = 0
    for draft, person in data_rights.list_drafts_to_remind(session, now - AFTER, now):
        if not_before(service, person, now) > now:
            continue
        data_rights.mark_reminded(session, draft.chat_key, now)
        # Words of danger: somebody else may read the telephone (NWCSP domain facts 5.4, rule 3).
        begun = (draft.answers or draft.partial) and not draft.answers.get(DANGER)
        told += bool(begun and _tell(session, service, draft, person, now))
    return {"reminded": told}


def stop(turn: Turn) -> None:
    """No more of these."""
    turn.person.draft_reminders = False
    turn.say(turn.words("my_data.draft.stopped"))


def _tell(session: Session, service: Service, draft: Draft, person: Person, now: datetime) -> bool:
    words, calendar = service.words(person.language), service.calendar
    if not words.has(f"{draft.form}.name"):  # begun with a form that is no more
        return False
    today = calendar.local_day(now)
    text = words(
        "my_data.draft.reminder",
        what=words.plain(f"{draft.form}.name"),
        began=words.day(calendar.local_day(draft.started_at), today),
        until=words.day(calendar.local_day(draft.expires_at), today),
    )
    buttons = (
        (Button(words.plain("kit.resume.go_on"), f"r:{draft.id}:go"),),
        (Button(words.plain("kit.resume.delete"), f"r:{draft.id}:del"),),
        (Button(words.plain("my_data.draft.stop.button"), "p:nodrafts"),),
    )
    return tell_resident(session, service, person, text=text, now=now, buttons=buttons)
