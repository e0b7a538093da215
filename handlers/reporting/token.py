"""Following an anonymous report: whoever holds its token sees where it stands, and nothing links them to it."""

from __future__ import annotations

import re

from casework.references import ALPHABET
from handlers.officers import reporter
from handlers.turn import Service, Turn
from storage import risk
from storage.models import Case

_TOKEN = re.compile(r"\bt_[0-9A-Za-z]{16}\b")
_LENGTH = 16


def give_token(service: Service, case: Case) -> str:
    """A new token for the case, to be shown once; only its keyed hash is kept."""
    token = "t_" + "".join(service.choose(ALPHABET) for _ in range(_LENGTH))
    case.follow_token_hash = risk.follow_token_hash(token)
    return token


def is_token(turn: Turn) -> bool:
    """Whether a token was typed, or came with Start."""
    return turn.incoming.text is not None and _TOKEN.search(turn.incoming.text) is not None


def show(turn: Turn) -> None:
    """Where the report stands; the same words for a token of nothing as for a mistyped one."""
    found = _TOKEN.search(turn.incoming.text or "")
    case = risk.find_by_follow_token(turn.session, found[0]) if found else None
    if case is None:
        turn.say(turn.words("reporting.token.unknown"))
        return
    turn.say(turn.words("reporting.token.status", status=reporter.standing(turn, case)))
