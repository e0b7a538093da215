"""The visit that is booked on a case, with what can be done about it now."""

from __future__ import annotations

from casework.visits import may_record
from handlers.fieldwork.current import back_row
from handlers.fieldwork.visit_telling import moment
from handlers.keyboards import Button, Rows
from handlers.turn import Turn
from handlers.words import Html
from storage.cases import Parties
from storage.people import display_name
from storage.visits import Booked


def show_visit(turn: Turn, parties: Parties, booked: Booked) -> None:
    """When, where and who goes."""
    words, visit, case = turn.words, booked.visit, parties.case
    when = moment(words, turn.service, visit, turn.now)
    lines = [words("visits.screen.top", reference=case.reference, when=when)]
    lines.append(
        words("visits.screen.place", place=visit.place) if visit.place else words("visits.screen.address")
    )
    if booked.visitor is not None and (name := display_name(booked.visitor)):
        lines.append(words("visits.screen.who", name=name))
    turn.say(Html("\n".join(lines)), _rows(turn, parties, booked), protect=True, case_id=case.id)


def _rows(turn: Turn, parties: Parties, booked: Booked) -> Rows:
    case, plain = parties.case, turn.words.plain
    done: Rows = ()
    if may_record(booked.visit.at, turn.now, turn.service.calendar):
        done = tuple(
            (Button(plain(f"visits.{act}.button"), f"v:{act}:{case.id}:{case.version}"),)
            for act in ("been", "out")
        )
    return (
        *done,
        (
            Button(plain("visits.move.button"), f"v:move:{case.id}:{case.version}"),
            Button(plain("visits.cancel.button"), f"v:cancel:{case.id}:{case.version}"),
        ),
        (Button(plain("visits.calendar.button"), f"v:file:{case.id}"),),
        back_row(turn, case.id),
    )
