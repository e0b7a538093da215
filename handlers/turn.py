"""One act of one person, being worked on: what handlers see instead of Telegram.

Everything a turn says goes to the outbox in the transaction of the act, and leaves after the commit.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from casework.clock import Clock
from casework.policy import Policy
from casework.roles import Actor
from casework.working_days import WorkingCalendar
from handlers.incoming import Incoming
from handlers.keyboards import ReplyKeyboard, Rows, inline_markup, request_markup
from handlers.pace import Pace
from handlers.words import Catalogs, Html, Words
from storage import outbox, people
from storage.crypto import Keyring
from storage.models import Dialog, Draft, Person
from storage.vault import NO_VAULT, Vault


@dataclass(frozen=True, slots=True)
class Service:
    """What every turn may rely on; made once, at start."""

    policy: Policy
    calendar: WorkingCalendar
    clock: Clock
    catalogs: Catalogs
    keyring: Keyring
    zone: ZoneInfo
    bot_username: str
    choose: Callable[[str], str]  # secrets.choice: a random character of a string
    vault: Vault = NO_VAULT  # where the bytes of files are
    pace: Pace = field(default_factory=Pace)

    def words(self, language: str) -> Words:
        """The sentences in ``language``; English where it isn't offered."""
        return self.catalogs.words(language)


@dataclass(slots=True)
class Turn:
    """The act, the person, their place, and the pen."""

    service: Service
    session: Session
    incoming: Incoming
    person: Person
    dialog: Dialog
    draft: Draft | None
    actor: Actor
    words: Words
    now: datetime  # aware, UTC; the same instant for all that this act does
    after_commit: list[Callable[[], None]] = field(default_factory=list)
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    """What is said after all else that this act says."""

    @property
    def chat_key(self) -> int:
        """The chat, as the database knows it."""
        return self.dialog.chat_key

    @property
    def today(self) -> date:
        """The local day."""
        return self.service.calendar.local_day(self.now)

    def say(
        self,
        text: Html,
        buttons: Rows = (),
        *,
        handle: str | None = None,
        protect: bool = False,
        case_id: int | None = None,
    ) -> None:
        """A message to the person of this turn. ``handle`` names it, to be edited later."""
        payload = message_payload(self.incoming.chat_id, text, buttons, protect=protect)
        self._send("sendMessage", payload, handle=handle, case_id=case_id)

    def edit(self, handle: str, text: Html, buttons: Rows = (), *, or_send: bool = False) -> None:
        """Change the message called ``handle``; with ``or_send`` a new one where that can't be done."""
        payload = message_payload(self.incoming.chat_id, text, buttons)
        payload.setdefault("reply_markup", {"inline_keyboard": []})
        if or_send:
            payload["or_send"] = True
        self._send("editMessageText", payload, handle=handle if or_send else None, edit_handle=handle)

    def strip_buttons(self, handle: str) -> None:
        """Take the buttons off the message called ``handle``; its text stays."""
        payload: dict[str, Any] = {
            "chat_id": self.incoming.chat_id,
            "reply_markup": {"inline_keyboard": []},
        }
        self._send("editMessageReplyMarkup", payload, edit_handle=handle)

    def delete(self, handle: str) -> None:
        """Take the message called ``handle`` away; one older than two days stays (Bot API, deleteMessage)."""
        self._send("deleteMessage", {"chat_id": self.incoming.chat_id}, edit_handle=handle)

    def show_keyboard(self, keyboard: ReplyKeyboard, *, handle: str) -> None:
        """The app's own keyboard, with its throw-away message, which is called ``handle``."""
        payload = message_payload(self.incoming.chat_id, self.words(keyboard.text_key), ())
        payload["reply_markup"] = request_markup(keyboard.kind, self.words.plain(keyboard.button_key))
        self._send("sendMessage", payload, handle=handle)

    def hide_keyboard(self, text: Html) -> None:
        """Say ``text`` and put the app's own keyboard away."""
        payload = message_payload(self.incoming.chat_id, text, ())
        payload["reply_markup"] = {"remove_keyboard": True}
        self._send("sendMessage", payload)

    def _send(
        self,
        method: str,
        payload: dict[str, Any],
        *,
        handle: str | None = None,
        edit_handle: str | None = None,
        case_id: int | None = None,
    ) -> None:
        outbox.add(
            self.session,
            chat_key=self.chat_key,
            method=method,
            payload=payload,
            now=self.now,
            handle=handle,
            edit_handle=edit_handle,
            case_id=case_id,
        )

    # Screens: the message that holds the person's present buttons, and what it waits for.

    @property
    def screen(self) -> dict[str, Any]:
        """Small facts about what the person sees now (JSON). Assign a new dict to change it."""
        return self.dialog.screen

    def remember(self, **facts: Any) -> None:
        """Change some facts of the screen; None forgets one."""
        changed = {**self.dialog.screen, **facts}
        self.dialog.screen = {key: value for key, value in changed.items() if value is not None}


def message_payload(chat_id: int, text: Html, buttons: Rows, *, protect: bool = False) -> dict[str, Any]:
    """The parameters of ``sendMessage`` for an HTML text without link previews."""
    payload: dict[str, Any] = {
        "chat_id": chat_id,
        "text": str(text),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if buttons:
        payload["reply_markup"] = inline_markup(buttons)
    if protect:
        payload["protect_content"] = True
    return payload


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody else to tell: their chat and their language."""

    person_id: int
    chat_id: int
    chat_key: int
    language: str

    @classmethod
    def of(cls, person: Person) -> Recipient | None:
        """The person as a recipient; None where the bot can't reach them (no Telegram, or blocked)."""
        if person.telegram_id is None or person.chat_key is None or person.unreachable_since is not None:
            return None
        return cls(person.id, int(person.telegram_id), person.chat_key, person.language)


def tell(
    session: Session,
    to: Recipient,
    text: Html,
    buttons: Rows = (),
    *,
    now: datetime,
    case_id: int | None = None,
    dedupe_key: str | None = None,
    receipts: list[int] | None = None,
    handle: str | None = None,
) -> None:
    """A message to somebody other than the person of the turn: same transaction, same way out."""
    outbox.add(
        session,
        chat_key=to.chat_key,
        method="sendMessage",
        payload=message_payload(to.chat_id, text, buttons),
        now=now,
        handle=handle,
        case_id=case_id,
        dedupe_key=dedupe_key,
        receipts=receipts or (),
    )


current_turn: ContextVar[Turn] = ContextVar("current_turn")
"""The turn that is being worked on in this thread: PTB's ``check_update`` takes no context."""


def load_turn(session: Session, service: Service, incoming: Incoming) -> Turn:
    """The turn for ``incoming``: the person (made at their first word), their place, their roles."""
    now = service.clock.now()
    place = people.load_place(session, service.keyring, chat_id=incoming.chat_id, now=now)
    return Turn(
        service=service,
        session=session,
        incoming=incoming,
        person=place.person,
        dialog=place.dialog,
        draft=place.draft,
        actor=place.actor,
        words=service.words(place.person.language),
        now=now,
    )
