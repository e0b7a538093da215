"""A file sent with no form open: it is offered to one of the person's own open cases, and kept nowhere before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from casework.danger import danger_in
from casework.references import Mistyped, find_reference
from handlers.forms.kinds.choice import find_label
from handlers.keyboards import Button, Rows
from handlers.officers import notices
from handlers.officers.access import number_in
from handlers.safety import danger_text
from handlers.turn import Turn, tell
from handlers.words import Html
from storage import cases, evidence
from storage.evidence import NewFile
from storage.models import Case
from storage.team import load_team

OFFER = "offer"
HANDLE = "evidence:offer"
LIVES = timedelta(days=1)
"""How long the person may take to answer; what was offered is not fetched before."""
DOUBLE_TAP = timedelta(seconds=10)
LONGEST_CAPTION = 1024


def offer_file(turn: Turn) -> bool:
    """Ask whether the file is for one of their cases. False where there is no file, or they have no open case."""
    file = turn.incoming.file
    if file is None:
        return False
    own = evidence.list_cases_to_add_to(turn.session, turn.person.id)
    if not own:
        return False
    danger = danger_in(turn.incoming.text or "", turn.service.policy)
    above = danger_text(turn, danger, kept=False) if danger else None
    limits = turn.service.policy.evidence
    if file.size is not None and file.size > limits.most_bytes:
        turn.say(_under(above, turn.words("kit.problem.file_size", most=str(limits.megabytes.value))))
        return True
    offer = _offered(turn) or {"files": [], "albums": [], "case": _named(turn, own).id}
    if len(offer["files"]) >= limits.files.value:
        turn.say(_under(above, turn.words("evidence.offer.full", most=str(limits.files.value))))
        return True
    same_album = file.album is not None and file.album == offer.get("album")
    offer = {
        "files": [*offer["files"], _as_facts(turn)],
        "case": offer["case"],
        "album": file.album,
        "at": turn.now.timestamp(),
    }
    turn.remember(**{OFFER: offer})
    _ask(turn, offer, own, above=above, in_place=same_album)
    return True


def typed(turn: Turn) -> bool:
    """Whether what was typed is one of the buttons under an offer; then it is as if it was tapped."""
    offer = _offered(turn)
    if offer is None or not turn.incoming.text or turn.incoming.file is not None:
        return False
    own = evidence.list_cases_to_add_to(turn.session, turn.person.id)
    labels = {button.data: button.label for row in _rows(turn, offer, own) for button in row}
    found = find_label(turn.incoming.text, labels)
    if found is None:
        return False
    pressed(turn, found.split(":"))
    return True


def pressed(turn: Turn, parts: list[str]) -> None:
    """``e:add:<case_id>``, ``e:other``, ``e:no``."""
    act = parts[1] if len(parts) > 1 else ""
    offer = _offered(turn)
    if offer is None:
        _nothing_offered(turn)
    elif act == "add":
        _add(turn, offer, number_in(parts, 2))
    elif act == "other":
        own = evidence.list_cases_to_add_to(turn.session, turn.person.id)
        turn.edit(HANDLE, turn.words("evidence.which.ask"), _choices(turn, own), or_send=True)
    else:
        _forget(turn)
        turn.edit(HANDLE, turn.words("evidence.offer.not_added"), or_send=True)


def _ask(
    turn: Turn, offer: dict[str, Any], own: Sequence[Case], *, above: Html | None, in_place: bool
) -> None:
    reference = next((case.reference for case in own if case.id == offer["case"]), own[0].reference)
    text = _under(above, turn.words.plural("evidence.offer.ask", len(offer["files"]), reference=reference))
    rows = _rows(turn, offer, own)
    if in_place:
        turn.edit(HANDLE, text, rows, or_send=True)
        return
    if len(offer["files"]) > 1:
        turn.strip_buttons(HANDLE)
    turn.say(text, rows, handle=HANDLE)


def _rows(turn: Turn, offer: dict[str, Any], own: Sequence[Case]) -> Rows:
    plain = turn.words.plain
    yes = (Button(plain("evidence.offer.yes.button"), f"e:add:{offer['case']}"),)
    other = (Button(plain("evidence.offer.other.button"), "e:other"),) if len(own) > 1 else ()
    return (yes, other, (Button(plain("evidence.offer.no.button"), "e:no"),))


def _choices(turn: Turn, own: Sequence[Case]) -> Rows:
    rows = tuple((Button(_label(turn, case), f"e:add:{case.id}"),) for case in own)
    return (*rows, (Button(turn.words.plain("evidence.offer.no.button"), "e:no"),))


def _label(turn: Turn, case: Case) -> str:
    day = turn.words.day(turn.service.calendar.local_day(case.received_at), turn.today)
    return turn.words.plain("evidence.which.button", reference=case.reference, day=day)


def _add(turn: Turn, offer: dict[str, Any], case_id: int | None) -> None:
    """To a case of theirs that is open still; a button's data can be forged, and cases close."""
    own = evidence.list_cases_to_add_to(turn.session, turn.person.id)
    case = next((one for one in own if one.id == case_id), None)
    if case is None:
        turn.edit(HANDLE, turn.words("evidence.offer.gone"), or_send=True)
        return
    _forget(turn)
    files = [
        NewFile(**{**facts, "unique_hash": bytes.fromhex(facts["unique_hash"])}) for facts in offer["files"]
    ]
    added = evidence.add_to_case(turn.session, case.id, files, chat_key=turn.chat_key, now=turn.now)
    if not added:
        turn.edit(HANDLE, turn.words("evidence.offer.had_it", reference=case.reference), or_send=True)
        return
    detail = {"files": added, "words": [file.caption for file in files if file.caption]}
    cases.record_event(
        turn.session, case_id=case.id, kind="evidence_added", actor=turn.actor, now=turn.now, detail=detail
    )
    _tell_team(turn, case, added)
    done = turn.words.plural("evidence.offer.added", added, reference=case.reference)
    turn.edit(HANDLE, done, or_send=True)


def _tell_team(turn: Turn, case: Case, added: int) -> None:
    """Whoever has the case, or the officers of its district, learn that there is more; not what it shows."""
    caretakers = load_team(turn.session, turn.today).caretakers(case)
    for to in notices.recipients(person for person in caretakers if person.id != turn.person.id):
        words = turn.service.words(to.language)
        text = words.plural("officer_evidence.notice", added, reference=case.reference)
        tell(turn.session, to, text, notices.open_row(words, case), now=turn.now, case_id=case.id)


def _offered(turn: Turn) -> dict[str, Any] | None:
    offer = turn.screen.get(OFFER)
    if not offer or turn.now.timestamp() - offer["at"] > LIVES.total_seconds():
        return None
    return dict(offer)


def _forget(turn: Turn) -> None:
    turn.remember(**{OFFER: None}, offered_at=turn.now.timestamp())


def _nothing_offered(turn: Turn) -> None:
    """An old button; or the second of two quick taps, which is no news."""
    ago = turn.now.timestamp() - turn.screen.get("offered_at", 0)
    if ago >= DOUBLE_TAP.total_seconds():
        turn.say(turn.words("evidence.offer.gone"))


def _named(turn: Turn, own: Sequence[Case]) -> Case:
    """The case whose reference stands under the file, where it is theirs; else the newest."""
    found = find_reference(turn.incoming.text or "")
    if found is None or isinstance(found, Mistyped):
        return own[0]
    return next((case for case in own if case.reference == found), own[0])


def _as_facts(turn: Turn) -> dict[str, Any]:
    """The file as JSON, for the screen: nothing of it is in a table of files before the person says yes."""
    file = turn.incoming.file
    if file is None:
        raise ValueError("there is no file in this turn")
    return {
        "kind": file.kind,
        "file_id": file.file_id,
        "unique_hash": turn.service.keyring.hash_text("file", file.unique_id).hex(),
        "size": file.size,
        "mime": file.mime[:100] if file.mime else None,
        "name": file.name[:200] if file.name else None,
        "caption": (turn.incoming.text or "")[:LONGEST_CAPTION] or None,
    }


def _under(above: Html | None, text: Html) -> Html:
    return Html(f"{above}\n\n{text}") if above else text
