"""What to do about each answer of Telegram to a message: errors in, a verdict out. Nothing is sent here.

``BadRequest`` and ``TimedOut`` are subclasses of ``NetworkError``, so the order of the questions matters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError


class Verdict(StrEnum):
    """What becomes of a message that Telegram did not simply take."""

    DONE = auto()  # as good as sent: what was asked is already so, or there is nothing left to do
    SEND_NEW = auto()  # the message to change is gone: send its text anew where the row allows it
    PLAIN = auto()  # our markup is broken: once more without it
    WAIT = auto()  # too fast: this chat waits for as long as Telegram says
    MIGRATED = auto()  # the group has a new id
    UNREACHABLE = auto()  # this person or group can't be written to; nothing more will arrive
    BURY = auto()  # will never be taken as it is
    LATER = auto()  # the network or Telegram is away; it may have arrived all the same
    TOKEN = auto()  # the token, or the method, is unknown


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict with its reason; ``our_bug`` where somebody must look at our code."""

    verdict: Verdict
    reason: str
    our_bug: bool = False
    wait: timedelta = timedelta()
    new_chat_id: int = 0


_QUOTED = re.compile(r'"[^"]*"|<[^>]*>')

# Telegram's texts are matched by fragments: it changes their beginnings and their capitals.
_BAD_REQUESTS: tuple[tuple[str, Verdict, bool], ...] = (
    ("message is not modified", Verdict.DONE, False),
    ("message to edit not found", Verdict.SEND_NEW, False),
    ("message can't be edited", Verdict.SEND_NEW, False),
    ("message to delete not found", Verdict.DONE, False),
    ("message can't be deleted", Verdict.DONE, False),
    ("query is too old", Verdict.DONE, False),
    ("query id is invalid", Verdict.DONE, False),
    ("can't parse entities", Verdict.PLAIN, True),
    ("message is too long", Verdict.BURY, True),
    ("caption is too long", Verdict.BURY, True),
    ("text is empty", Verdict.BURY, True),
    ("button_data_invalid", Verdict.BURY, True),
    ("reply markup is too long", Verdict.BURY, True),
    ("chat not found", Verdict.UNREACHABLE, False),
    ("user is deactivated", Verdict.UNREACHABLE, False),
    ("peer_id_invalid", Verdict.UNREACHABLE, False),
    ("file is temporarily unavailable", Verdict.LATER, False),
)


def judge(error: TelegramError) -> Answer:
    """The verdict on an error of the Bot API. Its reason may be stored and logged: it quotes no message."""
    text = _QUOTED.sub('"…"', error.message)
    if isinstance(error, RetryAfter):
        return Answer(Verdict.WAIT, "too many requests", wait=_as_timedelta(error.retry_after))
    if isinstance(error, ChatMigrated):
        return Answer(Verdict.MIGRATED, "group upgraded", new_chat_id=error.new_chat_id)
    if isinstance(error, Forbidden):
        return Answer(Verdict.UNREACHABLE, text)
    if isinstance(error, InvalidToken):
        return Answer(Verdict.TOKEN, text)
    if isinstance(error, BadRequest):
        return _judge_bad_request(text)
    if "entity too large" in text.lower():  # 413 arrives as a plain NetworkError
        return Answer(Verdict.BURY, text, our_bug=True)
    return Answer(Verdict.LATER, f"{type(error).__name__}: {text}")


def _judge_bad_request(text: str) -> Answer:
    lowered = text.lower()
    for fragment, verdict, our_bug in _BAD_REQUESTS:
        if fragment in lowered:
            return Answer(verdict, text, our_bug)
    return Answer(Verdict.BURY, text)


def _as_timedelta(value: int | timedelta) -> timedelta:
    """python-telegram-bot gives seconds, or a timedelta where PTB_TIMEDELTA is set."""
    return value if isinstance(value, timedelta) else timedelta(seconds=value)
