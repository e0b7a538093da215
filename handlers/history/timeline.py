"""The whole timeline of a case as a PDF: for whose case it is and for managers, to be given to an ombudsman."""

from __future__ import annotations

from casework.roles import may_print_timeline
from handlers.officers.access import case_to_open, number_in
from handlers.papers import DOCUMENT, send_paper
from handlers.turn import Turn
from storage import cases

OPENED = "timeline_opened"
TIMELINE = "timeline"
"""The kind of paper; the id is the case's."""


def pressed(turn: Turn, parts: list[str]) -> None:
    """``g:time:<case_id>``: the PDF. It can't be forwarded from the chat; who asked for it is recorded."""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    case = parties.case
    if not may_print_timeline(turn.actor, case.owner_id):
        turn.say(turn.words("history.timeline.not_yours", reference=case.reference))
        return
    detail = {"what": "pdf"}
    cases.record_event(
        turn.session, case_id=case.id, kind=OPENED, actor=turn.actor, now=turn.now, detail=detail
    )
    caption = turn.words("history.timeline.caption", reference=case.reference)
    send_paper(turn, DOCUMENT, TIMELINE, case.id, caption, protect=True, case_id=case.id)
