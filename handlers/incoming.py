"""What a person just did, as a plain value: the only place that knows the shape of Telegram's updates."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message, Update

COMMAND_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Press:
    """A tap on an inline button."""

    query_id: str
    data: str


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A contact card. ``own`` is true only when Telegram says it is the sender's own number."""

    phone: str
    name: str
    own: bool


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as Telegram describes it: nothing here has been checked, and nothing downloaded."""

    kind: str  # photo, video, voice, document
    file_id: str
    unique_id: str
    size: int | None
    mime: str | None
    name: str | None
    album: str | None = None  # files sent together share it


@dataclass(frozen=True, slots=True)
class Sender:
    """Who Telegram says it is."""

    id: int
    name: str
    language: str | None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One act of one person in one chat. Exactly one of the optional parts is usually set."""

    chat_id: int
    private: bool
    sender: Sender
    message_id: int | None = None
    text: str | None = None
    command: str | None = None
    argument: str = ""
    press: Press | None = None
    edited: bool = False
    location: tuple[float, float] | None = None
    contact: SharedContact | None = None
    file: SentFile | None = None
    other: bool = False  # a sticker, a poll, a dice …: something we cannot take
    blocked: bool | None = None  # the person blocked the bot (True) or came back (False)


def read_update(update: Update) -> Incoming | None:
    """The act in ``update``, or None where there is nobody to answer (a channel post, a service note)."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or user.is_bot:
        return None
    sender = Sender(user.id, user.full_name, user.language_code)
    private = chat.type == "private"
    if update.callback_query is not None:
        press = Press(update.callback_query.id, update.callback_query.data or "")
        return Incoming(chat.id, private, sender, press=press)
    if update.my_chat_member is not None:
        blocked = update.my_chat_member.new_chat_member.status in {"kicked", "left"}
        return Incoming(chat.id, private, sender, blocked=blocked)
    message = update.edited_message or update.message
    if message is None:
        return None
    return _read_message(message, chat.id, private, sender, edited=update.edited_message is not None)


def _read_message(message: Message, chat_id: int, private: bool, sender: Sender, *, edited: bool) -> Incoming:
    text = message.text if message.text is not None else message.caption
    command, argument = _read_command(message) if not edited else (None, "")
    location = (message.location.latitude, message.location.longitude) if message.location else None
    file = _read_file(message)
    contact = _read_contact(message, sender)
    nothing_known = text is None and location is None and contact is None and file is None
    return Incoming(
        chat_id,
        private,
        sender,
        message_id=message.message_id,
        text=text,
        command=command,
        argument=argument,
        edited=edited,
        location=location,
        contact=contact,
        file=file,
        other=nothing_known,
    )


def _read_command(message: Message) -> tuple[str | None, str]:
    """``/start@bot payload`` → ``("start", "payload")``. Without entities too: some clients send none."""
    text = message.text or ""
    if not text.startswith("/") or len(text) < 2:
        return None, ""
    word, _, rest = text[1:].partition(" ")
    name = word.split("@")[0].lower()
    if len(name) > COMMAND_LENGTH or not name.replace("_", "").isalnum():
        return None, ""
    return name, rest.strip()


def _read_contact(message: Message, sender: Sender) -> SharedContact | None:
    card = message.contact
    if card is None:
        return None
    name = " ".join(part for part in (card.first_name, card.last_name) if part)
    return SharedContact(card.phone_number, name, own=card.user_id == sender.id)


def _read_file(message: Message) -> SentFile | None:
    if message.photo:
        largest = message.photo[-1]
        return SentFile(
            "photo",
            largest.file_id,
            largest.file_unique_id,
            largest.file_size,
            "image/jpeg",
            None,
            message.media_group_id,
        )
    if message.voice:
        voice = message.voice
        return SentFile("voice", voice.file_id, voice.file_unique_id, voice.file_size, voice.mime_type, None)
    for kind, media in (
        ("video", message.video),
        ("video", message.video_note),
        ("audio", message.audio),
        ("document", message.document if message.animation is None else None),
    ):
        if media is not None:
            mime = getattr(media, "mime_type", None)
            name = getattr(media, "file_name", None)
            return SentFile(
                kind,
                media.file_id,
                media.file_unique_id,
                media.file_size,
                mime,
                name,
                message.media_group_id,
            )
    return None
