"""Who looked at a case: for managers, one tap from the card. That they looked is in the history, too."""

from __future__ import annotations

from casework.roles import Permission
from handlers.history.telling import who_acted
from handlers.keyboards import Button
from handlers.officers.access import allowed, case_to_open, number_in, refuse
from handlers.turn import Turn
from handlers.words import Html, Words
from storage import cases, history
from storage.models import CaseEvent, Person

OPENED = "lookers_opened"
PAGE = 15


def pressed(turn: Turn, parts: list[str]) -> None:
    """``g:who:<case_id>``, with the line of history before which to go on: the newest first."""
    if not allowed(turn, Permission.SEE_LOOKS):
        refuse(turn)
        return
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    case, before, plain = parties.case, number_in(parts, 3), turn.words.plain
    found = history.list_looks(turn.session, case.id, before=before, limit=PAGE + 1)
    if before is None:
        cases.record_event(turn.session, case_id=case.id, kind=OPENED, actor=turn.actor, now=turn.now)
    shown = found[:PAGE]
    top = turn.words("history.who.top" if shown else "history.who.none", reference=case.reference)
    earlier = (
        (Button(plain("history.who.earlier.button"), f"g:who:{case.id}:{shown[-1][0].id}"),)
        if len(found) > PAGE
        else ()
    )
    rows = (earlier, (Button(plain("history.card.button"), f"o:{case.id}"),))
    turn.say(
        Html("\n".join([top, *(_line(turn, *one) for one in shown)])), rows, protect=True, case_id=case.id
    )


def _line(turn: Turn, event: CaseEvent, person: Person | None) -> Html:
    when = turn.words.moment(event.at, turn.service.zone, turn.today)
    who = who_acted(turn.words, event, person)
    return turn.words("history.who.line", when=when, who=who, what=_seen(turn.words, event))


def _seen(words: Words, event: CaseEvent) -> str:
    """What of the case: as exactly as the line of history says."""
    part = event.detail.get("what") or event.detail.get("which")
    for key in (f"history.saw.{event.kind}.{part}.name", f"history.saw.{event.kind}.name"):
        if words.has(key):
            return words.plain(key)
    key = f"officer.event.{event.kind}.name"
    return words.plain(key) if words.has(key) else event.kind.replace("_", " ")
