"""Lines of a case's history in the team's words: when, what exactly, and who."""

from __future__ import annotations

from datetime import date

from handlers.officers.detail import cut
from handlers.turn import Turn
from handlers.words import Html
from storage.models import CaseEvent, Person
from storage.people import display_name

LONGEST_NOTE = 120
"""Characters of a note in its line; the notes themselves are behind a button."""


def event_line(turn: Turn, event: CaseEvent, person: Person | None) -> Html:
    """One line: when, what, who."""
    when = turn.words.moment(event.at, turn.service.zone, turn.today)
    return turn.words(
        "officer.card.event", when=when, what=what_happened(turn, event), who=who_acted(turn, event, person)
    )


def what_happened(turn: Turn, event: CaseEvent) -> str:
    """What was done, with what the line of history holds of it: the way, the step, whose it is now."""
    words, detail = turn.words, event.detail
    if event.kind == "contact_tried" and detail.get("way"):
        way = words.plain(f"officer_acts.way.{detail['way']}.name")
        return words.plain("officer_acts.event.contact_tried", way=way)
    if event.kind == "record_stage":
        return stage_line(turn, event)
    if event.kind == "note":
        return words.plain("officer_acts.event.note", note=cut(str(detail.get("note", "")), LONGEST_NOTE))
    if event.kind in ("assign", "reassign") and detail.get("owner_name"):
        return words.plain("officer_acts.event.given", name=detail["owner_name"])
    key = f"officer.event.{event.kind}.name"
    return words.plain(key) if words.has(key) else event.kind.replace("_", " ")


def stage_line(turn: Turn, event: CaseEvent) -> str:
    """A formal step, and the day on which it was taken."""
    words, detail = turn.words, event.detail
    stage = words.plain(f"officer_stage.stage.choice.{detail['stage']}")
    day = words.day(date.fromisoformat(detail["on"]), turn.today)
    return words.plain("officer_acts.event.stage", stage=stage, day=day)


def who_acted(turn: Turn, event: CaseEvent, person: Person | None) -> str:
    """Staff by name, others by what they are: a resident's name stands once on the card, not in each line."""
    staff = event.actor_role in ("officer", "manager")
    name = display_name(person) if person is not None and staff else ""
    return name or turn.words.plain(f"officer.role.{event.actor_role}.name")
