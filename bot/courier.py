"""Carries one message of the outbox to Telegram and says what became of it; it knows no database."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum, auto
from typing import Any

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError, TimedOut

from bot.papers.paper import Paper, PaperGone
from bot.telegram_errors import Answer, Verdict, judge
from bot.telegram_http import form
from storage.outbox import Claimed

log = structlog.get_logger(__name__)

SEND_LIMIT = timedelta(seconds=15)
"""No call takes longer; what has not been answered by then may have arrived all the same."""

MakePaper = Callable[[Mapping[str, Any]], Paper]
"""Makes the file that a payload's ``upload`` names; synchronous, PaperGone where there is none."""

_UPLOAD = "upload"
_NOT_SENT = frozenset({"or_send", _UPLOAD})  # our own notes in a payload
_FILE_PARTS = {
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendVideo": "video",
    "sendAudio": "audio",
    "sendVoice": "voice",
}

# Of no use a moment later, so they are tried once and then forgotten.
_ONLY_NOW = frozenset({"answerCallbackQuery", "sendChatAction"})
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_MOST_TRIES = 4  # as it is, with the new chat id, as a new message, without markup


class Fate(StrEnum):
    """What becomes of the row."""

    SENT = auto()  # it leaves the outbox
    LATER = auto()  # tried, and to be tried again after a back-off
    HELD = auto()  # not to be tried before an instant; does not count as an attempt
    RELEASED = auto()  # not tried; free for the next claim
    DEAD = auto()
    UNREACHABLE = auto()  # dead, and so is all else for this chat


@dataclass(frozen=True, slots=True)
class Outcome:
    """A row's fate, why, and the id of the message that now stands in the chat."""

    row: Claimed
    fate: Fate
    reason: str = ""
    message_id: int | None = None
    wait: timedelta = timedelta()
    our_bug: bool = False
    fresh: bool = False
    """Whether it is a new message, not one that was changed."""

    @property
    def stops_the_chat(self) -> bool:
        """Whether what follows for the chat has to wait, so that the order is kept."""
        return self.fate not in (Fate.SENT, Fate.DEAD)


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    parameters: dict[str, Any] = field(repr=False)
    paper: Paper | None = field(default=None, repr=False)


class Courier:
    """Makes the calls of one bot. Raises InvalidToken when Telegram no longer knows the bot's token."""

    def __init__(self, bot: Bot, make_paper: MakePaper | None = None) -> None:
        self._bot = bot
        self._make_paper = make_paper

    async def deliver(self, row: Claimed, message_id: int | None) -> Outcome:
        """Send, change or delete one message; ``message_id`` is what its ``edit_handle`` stands for."""
        call = _first_call(row, message_id)
        if call is not None and _UPLOAD in row.payload:
            try:
                call = replace(call, paper=await self._paper(row))
            except PaperGone as error:
                return Outcome(row, Fate.DEAD, f"no paper: {error}")
        our_bug = False
        answer = Answer(Verdict.DONE, "nothing to change")
        for _ in range(_MOST_TRIES):
            if call is None:
                break
            try:
                result = await self._post(call)
            except TelegramError as error:
                answer = judge(error)
            except Exception as error:  # a payload that can't be sent must not stop the queue
                log.exception("outbox_call_broken", row=row.id, method=call.method)
                return Outcome(row, Fate.DEAD, type(error).__name__, our_bug=True)
            else:
                fresh = call.method.startswith("send")
                return Outcome(row, Fate.SENT, message_id=_message_id(result), our_bug=our_bug, fresh=fresh)
            our_bug = our_bug or answer.our_bug
            call = _mended(row, call, answer)
        outcome = await self._settle(row, answer)
        return replace(outcome, our_bug=our_bug or outcome.our_bug)

    async def _paper(self, row: Claimed) -> Paper:
        """The file that goes with the row, made now and away from the loop."""
        if self._make_paper is None:
            raise PaperGone("nobody makes papers here")
        return await asyncio.to_thread(self._make_paper, row.payload[_UPLOAD])

    async def _post(self, call: _Call) -> Any:
        data = form(call.parameters, _files(call))
        try:
            async with asyncio.timeout(SEND_LIMIT.total_seconds()):
                # Bot's own methods build objects from every answer; we need one number of it.
                return await self._bot.request.post(f"{self._bot.base_url}/{call.method}", data)
        except TimeoutError:
            raise TimedOut from None

    async def _settle(self, row: Claimed, answer: Answer) -> Outcome:
        """The outcome where nothing more can be tried now."""
        if answer.verdict is Verdict.TOKEN:
            await self._check_token()
            return Outcome(row, Fate.DEAD, f"{row.method}: {answer.reason}", our_bug=True)
        if row.method in _ONLY_NOW:
            return Outcome(row, Fate.SENT, answer.reason)
        fate = _FATES.get(answer.verdict, Fate.DEAD)
        return Outcome(row, fate, answer.reason, wait=answer.wait)

    async def _check_token(self) -> None:
        """An unknown method and an unknown token get the same answer; only one of them stops the bot."""
        try:
            await self._post(_Call("getMe", {}))
        except InvalidToken:
            raise
        except TelegramError as error:
            raise TokenNotChecked from error


def chat_id_of(row: Claimed) -> int:
    """Where it goes; 0 for a call that names no chat."""
    return int(row.payload.get("chat_id", 0))


def counts_for_flood(row: Claimed) -> bool:
    """Whether Telegram counts it as a message; it does not count answers to a pressed button."""
    return row.method not in _ONLY_NOW and chat_id_of(row) != 0


class TokenNotChecked(Exception):
    """Telegram refused a call as if the token were unknown, and then could not be asked about the token."""


_FATES = {
    Verdict.DONE: Fate.SENT,
    Verdict.SEND_NEW: Fate.SENT,  # gone, and the row does not ask for a new one
    Verdict.WAIT: Fate.HELD,
    Verdict.UNREACHABLE: Fate.UNREACHABLE,
    Verdict.LATER: Fate.LATER,
}


def _first_call(row: Claimed, message_id: int | None) -> _Call | None:
    parameters = {name: value for name, value in row.payload.items() if name not in _NOT_SENT}
    call = _Call(row.method, parameters)
    if row.edit_handle is None:
        return call
    if message_id is None:
        return _as_new(row, call)
    return replace(call, parameters=parameters | {"message_id": message_id})


def _files(call: _Call) -> dict[str, tuple[str, bytes, str]]:
    """The parts of an upload, under the name that the method has for its file."""
    if call.paper is None:
        return {}
    return {_FILE_PARTS[call.method]: (call.paper.filename, call.paper.content, call.paper.mime)}


def _mended(row: Claimed, call: _Call, answer: Answer) -> _Call | None:
    """The call to make instead; None where there is none."""
    if answer.verdict is Verdict.MIGRATED:
        return replace(call, parameters=call.parameters | {"chat_id": answer.new_chat_id})
    if answer.verdict is Verdict.SEND_NEW:
        return _as_new(row, call)
    if answer.verdict is Verdict.PLAIN and "parse_mode" in call.parameters:
        return replace(call, parameters=_plain(call.parameters))
    return None


def _as_new(row: Claimed, call: _Call) -> _Call | None:
    if call.method != "editMessageText" or not row.payload.get("or_send"):
        return None
    rest = {name: value for name, value in call.parameters.items() if name != "message_id"}
    return _Call("sendMessage", rest)


def _plain(parameters: dict[str, Any]) -> dict[str, Any]:
    """The same message as plain text: what people read stays, what marked it up goes."""
    plain = {name: value for name, value in parameters.items() if name != "parse_mode"}
    for name in ("text", "caption"):
        if name in plain:
            plain[name] = html.unescape(_TAG.sub("", plain[name]))
    return plain


def _message_id(result: Any) -> int | None:
    """Of an album the first message; None for calls that leave no message."""
    if isinstance(result, list):
        result = result[0] if result else None
    return result.get("message_id") if isinstance(result, dict) else None
