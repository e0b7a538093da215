"""Officers look at a case's evidence: the list, and a file sent to their chat. Every opening is in the history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers.keyboards import Button, Rows, columns, inline_markup
from handlers.officers.access import case_to_open, number_in
from handlers.turn import Turn
from handlers.words import Html, escape
from storage import cases, evidence, outbox
from storage.cases import Parties
from storage.evidence import Which
from storage.models import Case, FileState, StoredFile

ACTS = frozenset({"list", "open", "orig"})
PAGE = 6
DOUBLE_TAP = timedelta(seconds=10)
HASH_SHOWN = 8
LONGEST_CAPTION = 200

_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "application/pdf": "pdf",
}
_METHODS = {"video/mp4": "sendVideo", "audio/ogg": "sendVoice"}
"""How the app plays it; everything else goes as a document. A working copy is a photo."""


def pressed(turn: Turn, parts: list[str]) -> None:
    """``e:list:<case_id>[:<page>]``, ``e:open:<file_id>``, ``e:orig:<file_id>``."""
    act, number = parts[1], number_in(parts, 2)
    if act == "list":
        _list(turn, number, number_in(parts, 3) or 0)
    elif not _is_double_tap(turn, ":".join(parts)):
        _open(turn, number, Which.ORIGINAL if act == "orig" else Which.COPY)


def _list(turn: Turn, case_id: int | None, page: int) -> None:
    parties = case_to_open(turn, case_id)
    if parties is None:
        return
    rows = list(enumerate(evidence.list_evidence(turn.session, parties.case.id), 1))
    shown = rows[page * PAGE : (page + 1) * PAGE] or rows[:PAGE]
    text = turn.words("officer_evidence.top", reference=parties.case.reference)
    if not shown:
        text = turn.words("officer_evidence.none", reference=parties.case.reference)
    lines = [text, *(_line(turn, place, row) for place, row in shown)]
    buttons = _list_buttons(turn, parties.case, shown, more=len(rows) > (page + 1) * PAGE, page=page)
    turn.say(Html("\n".join(lines)), buttons, protect=True, case_id=parties.case.id)


def _list_buttons(
    turn: Turn, case: Case, shown: list[tuple[int, StoredFile]], *, more: bool, page: int
) -> Rows:
    plain = turn.words.plain
    open_rows = columns(
        tuple(
            Button(plain("officer_evidence.open.button", place=str(place)), f"e:open:{row.id}")
            for place, row in shown
            if row.state == FileState.STORED.value
        ),
        3,
    )
    next_page = (Button(plain("officer_evidence.more.button"), f"e:list:{case.id}:{page + 1}"),)
    back = (Button(plain("officer_evidence.back.button"), f"o:{case.id}"),)
    return (*open_rows, next_page if more else (), back)


def _line(turn: Turn, place: int, row: StoredFile) -> Html:
    """One file: what, when it came, how large, the beginning of its hash; or why it is not here."""
    words = turn.words
    facts: dict[str, Any] = {"place": str(place), "kind": kind_name(turn, row), "when": _when(turn, row)}
    if row.state == FileState.WAITING.value:
        line = words("officer_evidence.line.waiting", **facts)
    elif row.state == FileState.REFUSED.value:
        why = words.plain(f"officer_evidence.why.{row.refusal}.name")
        line = words("officer_evidence.line.refused", why=why, **facts)
    else:
        digest = (row.sha256 or b"").hex()[:HASH_SHOWN]
        line = words("officer_evidence.line", size=_size(turn, row), digest=digest, **facts)
    if row.caption:
        line = Html(f"{line}\n<blockquote>{escape(row.caption[:LONGEST_CAPTION])}</blockquote>")
    return line


def kind_name(turn: Turn, row: StoredFile) -> str:
    """ "photo", "video", "sound" or "document": by its content where it is here, else as it was sent."""
    kind = (row.content_type or "").partition("/")[0] or row.kind
    kind = {"photo": "image", "voice": "audio", "application": "document"}.get(kind, kind)
    return turn.words.plain(f"officer_evidence.kind.{kind}.name")


def _when(turn: Turn, row: StoredFile) -> str:
    return turn.words.moment(row.received_at, turn.service.zone, turn.today)


def _size(turn: Turn, row: StoredFile) -> str:
    megabytes = max(0.1, (row.size or 0) / 2**20)
    return turn.words.plain("officer_evidence.size.name", number=f"{megabytes:.1f}")


def _open(turn: Turn, file_id: int | None, which: Which) -> None:
    """Send the file by upload, out of the store, to an officer who may open its case; and record it."""
    row = evidence.find_file(turn.session, file_id) if file_id is not None else None
    parties = case_to_open(turn, row.case_id if row is not None else None)
    if parties is None or row is None:
        return
    if row.copy is None and which is Which.COPY:
        which = Which.ORIGINAL
    if row.state != FileState.STORED.value or not evidence.is_kept(turn.service.vault, row, which):
        turn.say(turn.words("officer_evidence.not_here", reference=parties.case.reference))
        return
    digest = (row.sha256 or b"").hex()
    cases.record_event(
        turn.session,
        case_id=parties.case.id,
        kind="evidence_opened",
        actor=turn.actor,
        now=turn.now,
        detail={"file": row.id, "which": which.value, "sha256": digest},
    )
    _send(turn, parties, row, which, digest)


def _send(turn: Turn, parties: Parties, row: StoredFile, which: Which, digest: str) -> None:
    is_copy = which is Which.COPY
    facts = {"reference": parties.case.reference, "kind": kind_name(turn, row), "when": _when(turn, row)}
    key = "officer_evidence.copy" if is_copy else "officer_evidence.original"
    payload: dict[str, Any] = {
        "chat_id": turn.incoming.chat_id,
        "caption": str(turn.words(key, digest=digest, **facts)),
        "parse_mode": "HTML",
        "protect_content": True,
        "upload": {"paper": f"evidence_{which.value}", "id": row.id},
    }
    method = "sendPhoto" if is_copy else _METHODS.get(row.content_type or "", "sendDocument")
    if method in ("sendPhoto", "sendVideo"):
        payload["has_spoiler"] = True  # shown on a tap, not to whoever looks over a shoulder
    if is_copy and row.original is not None:
        button = Button(turn.words.plain("officer_evidence.original.button"), f"e:orig:{row.id}")
        payload["reply_markup"] = inline_markup(((button,),))
    outbox.add(
        turn.session,
        chat_key=turn.chat_key,
        method=method,
        payload=payload,
        now=turn.now,
        case_id=parties.case.id,
    )


def file_name(session: Session, row: StoredFile, mime: str) -> str:
    """What it is called when it is sent: the case's reference and its place there, not its sender's name for it."""
    case = cases.find_case(session, row.case_id) if row.case_id is not None else None
    ending = _ENDINGS.get(mime, "bin")
    if case is None:
        return f"file-{row.id}.{ending}"
    ids = [one.id for one in evidence.list_evidence(session, case.id)]
    return f"{case.reference}-{ids.index(row.id) + 1}.{ending}"


def _is_double_tap(turn: Turn, data: str) -> bool:
    """The second of two quick taps: one file is enough."""
    ago = turn.now.timestamp() - turn.screen.get("evidence_at", 0)
    again = turn.screen.get("evidence") == data and ago < DOUBLE_TAP.total_seconds()
    if not again:
        turn.remember(evidence=data, evidence_at=turn.now.timestamp())
    return again
