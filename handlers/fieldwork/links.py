"""Linked cases: what may belong to a case, linking two by an officer's hand, and taking a link away.

A counter-allegation is two sides of one dispute. Nothing here is told to any resident, and no line of it is public.
"""

from __future__ import annotations

from typing import Any

from casework.linking import LinkKind
from casework.references import Mistyped, find_reference
from casework.roles import Permission
from handlers.fieldwork import link_screen
from handlers.fieldwork.current import back_row, case_of_form
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.kind import Asking, Outcome, Problem, Taken
from handlers.forms.kinds.text import ShortText, clean
from handlers.incoming import Incoming
from handlers.officers.access import case_to_open, number_in, sees
from handlers.turn import Turn
from handlers.words import Html
from storage import cases, links
from storage.models import Case, CaseLink

DOMAIN = "links"
LONGEST_REASON = 500


class Reference(ShortText):
    """The reference of a case, as somebody types it."""

    def take(self, asking: Asking, incoming: Incoming) -> Outcome:
        """The reference in what was typed."""
        found = find_reference(clean(incoming.text or ""))
        if found is None or isinstance(found, Mistyped):
            return Problem("links.problem.reference")
        return Taken(str(found))


def list_pressed(turn: Turn, parts: list[str]) -> None:
    """``v:links:<case_id>:<page>``: linked cases, then those that may belong to this one."""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is not None:
        link_screen.show(turn, parties.case, number_in(parts, 3) or 0)


def link_pressed(turn: Turn, parts: list[str]) -> None:
    """``v:link:<case_id>`` asks for a reference; ``v:link:<case_id>:<other_id>`` knows it, and asks how."""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    known: Answers = {ABOUT: {"case": parties.case.id}}
    other_id = number_in(parts, 3)
    other = cases.find_case(turn.session, other_id) if other_id is not None else None
    if other is not None and sees(turn, other):
        known["reference"] = other.reference
    KIT.begin(turn, LINK, known)


def why_not(turn: Turn, answers: Answers) -> Html | None:
    """Why these two can't be linked. Of a case that is not theirs they read what they would of none."""
    case_id = answers[ABOUT]["case"]
    other = cases.find_by_reference(turn.session, answers["reference"])
    if other is None or not sees(turn, other):
        return turn.words("links.problem.unknown", reference=answers["reference"])
    if other.id == case_id:
        return turn.words("links.problem.itself")
    if links.find_open_between(turn.session, case_id, other.id) is not None:
        return turn.words("links.problem.linked", reference=other.reference)
    return None


def link(turn: Turn, answers: Answers) -> Receipt:
    """Link the two, in the history of both."""
    other = cases.find_by_reference(turn.session, answers["reference"])
    case_id = answers[ABOUT]["case"]
    if other is not None:
        links.lock_both(turn.session, case_id, other.id)
    parties = case_of_form(turn, answers)
    if parties is None or other is None:
        return Receipt(turn.words("officer.gone"))
    if (problem := why_not(turn, answers)) is not None:
        return Receipt(problem, _rows(turn, case_id))
    kind = LinkKind(answers["kind"])
    made = links.add_link(turn.session, case_id, other.id, kind, by=turn.person.id, now=turn.now)
    _record_on_both(turn, made, "linked")
    text = turn.words(
        f"links.link.sent.{kind.value}", reference=parties.case.reference, other=other.reference
    )
    return Receipt(text, _rows(turn, case_id))


def unlink_pressed(turn: Turn, parts: list[str]) -> None:
    """``v:unlink:<case_id>:<link_id>``: why?"""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    if _open_link(turn, parties.case, number_in(parts, 3)) is None:
        link_screen.show(turn, parties.case, 0, above=turn.words("links.gone"))
        return
    KIT.begin(turn, UNLINK, {ABOUT: {"case": parties.case.id, "link": number_in(parts, 3)}})


def unlink(turn: Turn, answers: Answers) -> Receipt:
    """Take the link away; that it was there, and why it is not, stays in the history of both."""
    about = answers.get(ABOUT) or {}
    found = links.find_link(turn.session, about["link"])
    if found is not None:
        links.lock_both(turn.session, found.case_id, found.other_id)
    parties = case_of_form(turn, answers)
    if parties is None:
        return Receipt(turn.words("officer.gone"))
    still = _open_link(turn, parties.case, about["link"])
    if still is None:
        return Receipt(turn.words("links.gone"), _rows(turn, parties.case.id))
    links.end_link(turn.session, still, reason=answers["reason"], by=turn.person.id, now=turn.now)
    _record_on_both(turn, still, "unlinked", reason=answers["reason"])
    return Receipt(turn.words("links.unlink.sent"), _rows(turn, parties.case.id))


def _open_link(turn: Turn, case: Case, link_id: int | None) -> CaseLink | None:
    """The link, where it is one of this case, still there, and the other case is theirs to open."""
    found = links.find_link(turn.session, link_id) if link_id is not None else None
    if found is None or found.ended_at is not None or case.id not in (found.case_id, found.other_id):
        return None
    other = cases.find_case(turn.session, found.other_id if found.case_id == case.id else found.case_id)
    return found if other is not None and sees(turn, other) else None


def _record_on_both(turn: Turn, made: CaseLink, kind: str, **detail: Any) -> None:
    """By the other's id, never its reference: what of a history goes to a resident can't name it even by mistake."""
    for case_id, other_id in ((made.case_id, made.other_id), (made.other_id, made.case_id)):
        cases.record_event(
            turn.session,
            case_id=case_id,
            kind=kind,
            actor=turn.actor,
            now=turn.now,
            detail={"other": other_id, "link": made.kind, **detail},
        )


def _rows(turn: Turn, case_id: int) -> tuple[tuple[Any, ...], ...]:
    return ((link_screen.list_button(turn, case_id),), back_row(turn, case_id))


LINK = Form(
    name=f"{DOMAIN}.link",
    permission=Permission.MOVE_CASE,
    questions=(
        Question("reference", Reference()),
        Question("kind", Choice(tuple(kind.value for kind in LinkKind), across=1)),
    ),
    finish=link,
    watches_danger=False,
    may_send=why_not,
)
UNLINK = Form(
    name=f"{DOMAIN}.unlink",
    permission=Permission.MOVE_CASE,
    questions=(Question("reason", ShortText(longest=LONGEST_REASON)),),
    finish=unlink,
    watches_danger=False,
)

KIT = FormKit((LINK, UNLINK), leave=lambda *_: None)
"""Begins the forms; from then on the application's own kit has them."""
