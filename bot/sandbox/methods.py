"""The Bot API's methods for text, edits, deletions and button presses.

Media are in media_methods.py, the bot's own settings and the updates in settings_methods.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import limits
from bot.sandbox.chats import Chat, Json, Stored
from bot.sandbox.entities import Entity, parse_html, typed_entities
from bot.sandbox.errors import bad_request
from bot.sandbox.wire import Params

if TYPE_CHECKING:
    from bot.sandbox.world import Telegram

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def formatted(params: Params, name: str, entities_name: str) -> tuple[str, list[Entity]]:
    """Text and entities of a parameter that may carry markup."""
    text = params.text(name)
    mode = params.text("parse_mode").lower()
    if mode == "html":
        return parse_html(text)
    if mode:
        raise bad_request("unsupported parse_mode")  # Markdown exists at Telegram; this bot has none
    explicit = params.json(entities_name)
    text = text.strip()
    return text, explicit if explicit else typed_entities(text)


def formatted_fields(params: Params, *, caption: bool = False) -> Json:
    """``text`` or ``caption`` with its entities as fields of a message, checked; no caption, no field."""
    if not caption:
        text, entities = formatted(params, "text", "entities")
        limits.check_text(text)
        return {"text": text} | ({"entities": entities} if entities else {})
    text, entities = formatted(params, "caption", "caption_entities")
    limits.check_caption(text)
    fields: Json = {"caption": text} if text else {}
    return fields | ({"caption_entities": entities} if entities else {})


def deliver(world: Telegram, params: Params, fields: Json, chat: Chat) -> Json:
    """Put the bot's message into the chat: reply, keyboard and protection as the parameters say."""
    markup = params.json("reply_markup")
    if markup is not None:
        markup = limits.check_reply_markup(markup, private=chat.private)
    fields |= _reply_fields(params, chat)
    world.faults.check_flood(chat.chat_id)
    editable = True
    if markup is not None:
        editable = _apply_markup(chat, fields, markup)
    if params.flag("protect_content"):
        fields["has_protected_content"] = True
    stored = chat.add(fields, world.bot, int(world.timestamp()), editable=editable)
    world.changed(chat, stored)
    return stored.data


def _apply_markup(chat: Chat, fields: Json, markup: Json) -> bool:
    """Show the keyboard; whether a message with it can be edited later."""
    if "inline_keyboard" in markup:
        if markup["inline_keyboard"]:
            fields["reply_markup"] = markup
        return True
    chat.reply_keyboard = markup if "keyboard" in markup else None
    return False


def _reply_fields(params: Params, chat: Chat) -> Json:
    reply = params.json("reply_parameters") or {}
    message_id = reply.get("message_id") or params.number("reply_to_message_id")
    if not message_id:
        return {}
    stored = chat.messages.get(int(message_id))
    if stored:
        return {"reply_to_message": {k: v for k, v in stored.data.items() if k != "reply_to_message"}}
    if reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def send_message(world: Telegram, params: Params) -> Json:
    chat = world.chat_to_write_to(params.chat_id())
    return deliver(world, params, formatted_fields(params), chat)


def _to_edit(world: Telegram, params: Params) -> tuple[Chat, Stored, Json | None]:
    """The chat, the message and its new inline keyboard (None: it loses the old one)."""
    chat = world.chat_to_write_to(params.chat_id())
    stored = chat.messages.get(params.number("message_id") or 0)
    if stored is None:
        raise bad_request("message to edit not found")
    if not stored.from_bot or not stored.editable:
        raise bad_request("message can't be edited")
    markup = params.json("reply_markup")
    if markup is None:
        return chat, stored, None
    if not isinstance(markup, dict) or "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    markup = limits.check_reply_markup(markup, private=chat.private)
    return chat, stored, markup if markup["inline_keyboard"] else None


def _edit(world: Telegram, chat: Chat, stored: Stored, changes: Json, dropped: set[str]) -> Json:
    data = {key: value for key, value in stored.data.items() if key not in dropped} | changes
    if data == {key: value for key, value in stored.data.items() if key != "edit_date"}:
        raise bad_request(_NOT_MODIFIED)
    world.faults.check_flood(chat.chat_id)
    data["edit_date"] = int(world.timestamp())
    chat.replace(stored, data)
    world.changed(chat, stored)
    return data


def edit_message_text(world: Telegram, params: Params) -> Json:
    chat, stored, markup = _to_edit(world, params)
    if "text" not in stored.data:
        raise bad_request("there is no text in the message to edit")
    changes = formatted_fields(params) | ({"reply_markup": markup} if markup else {})
    return _edit(world, chat, stored, changes, {"text", "entities", "reply_markup", "edit_date"})


def edit_message_caption(world: Telegram, params: Params) -> Json:
    chat, stored, markup = _to_edit(world, params)
    if not any(kind in stored.data for kind in ("photo", "video", "voice", "document", "animation")):
        raise bad_request("there is no caption in the message to edit")
    changes = formatted_fields(params, caption=True) | ({"reply_markup": markup} if markup else {})
    return _edit(world, chat, stored, changes, {"caption", "caption_entities", "reply_markup", "edit_date"})


def edit_message_reply_markup(world: Telegram, params: Params) -> Json:
    chat, stored, markup = _to_edit(world, params)
    changes = {"reply_markup": markup} if markup else {}
    return _edit(world, chat, stored, changes, {"reply_markup", "edit_date"})


def _delete(world: Telegram, chat: Chat, message_id: int) -> None:
    stored = chat.messages.get(message_id)
    if stored is None:
        raise bad_request("message to delete not found")
    if world.timestamp() - stored.data["date"] > limits.DELETE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    del chat.messages[message_id]
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
    world.changed(chat)


def delete_message(world: Telegram, params: Params) -> bool:
    _delete(world, world.chat_to_write_to(params.chat_id()), params.number("message_id") or 0)
    return True


def message_ids(params: Params) -> list[int]:
    """The ids of a bulk method, at most a hundred."""
    ids = params.json("message_ids")
    if not isinstance(ids, list) or not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > limits.BULK_IDS:
        raise bad_request("too many message identifiers specified")
    return [int(message_id) for message_id in ids]


def delete_messages(world: Telegram, params: Params) -> bool:
    chat = world.chat_to_write_to(params.chat_id())
    for message_id in message_ids(params):
        if message_id in chat.messages:
            _delete(world, chat, message_id)
    return True


def answer_callback_query(world: Telegram, params: Params) -> bool:
    press = world.presses.get(params.text("callback_query_id"))
    if press is None or world.timestamp() - press.pressed_at > limits.PRESS_ANSWER_SECONDS:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = params.text("text")
    if len(text) > limits.PRESS_ANSWER_CHARACTERS:
        raise bad_request("MESSAGE_TOO_LONG")
    press.answer = {"text": text, "show_alert": params.flag("show_alert")}
    if text:
        press.chat.notice = press.answer
        world.changed(press.chat)
    return True


def send_chat_action(world: Telegram, params: Params) -> bool:
    chat = world.chat_to_write_to(params.chat_id())
    action = params.text("action")
    if action not in limits.CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.action = (action, world.timestamp() + 5)
    world.changed(chat)
    return True


def _own_message(world: Telegram, params: Params, missing: str) -> tuple[Chat, Stored]:
    chat = world.chat_to_write_to(params.chat_id())
    stored = chat.messages.get(params.number("message_id") or 0)
    if stored is None:
        raise bad_request(missing)
    return chat, stored


def pin_chat_message(world: Telegram, params: Params) -> bool:
    chat, stored = _own_message(world, params, "message to pin not found")
    message_id = stored.data["message_id"]
    chat.pinned = [one for one in chat.pinned if one != message_id] + [message_id]
    world.changed(chat)
    return True


def unpin_chat_message(world: Telegram, params: Params) -> bool:
    chat = world.chat_to_write_to(params.chat_id())
    message_id = params.number("message_id")
    if message_id is None:
        chat.pinned = chat.pinned[:-1]
    elif message_id in chat.pinned:
        chat.pinned.remove(message_id)
    else:
        raise bad_request("message to unpin not found")
    world.changed(chat)
    return True


def set_message_reaction(world: Telegram, params: Params) -> bool:
    chat, stored = _own_message(world, params, "message to react not found")
    reactions = params.json("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    chat.reactions[stored.data["message_id"]] = reactions
    world.changed(chat)
    return True


def _source(world: Telegram, params: Params, missing: str) -> tuple[Chat, Stored]:
    """The message to copy or forward."""
    origin = world.chats.get(params.number("from_chat_id") or 0)
    if origin is None:
        raise bad_request("chat not found")
    stored = origin.messages.get(params.number("message_id") or 0)
    if stored is None or stored.view_once:
        raise bad_request(missing)
    return origin, stored


_NOT_COPIED = {
    "message_id",
    "from",
    "chat",
    "date",
    "edit_date",
    "reply_markup",
    "reply_to_message",
    "media_group_id",
    "has_protected_content",
    "forward_origin",
}


def copy_message(world: Telegram, params: Params) -> Json:
    chat = world.chat_to_write_to(params.chat_id())
    _, stored = _source(world, params, "message to copy not found")
    fields = {key: value for key, value in stored.data.items() if key not in _NOT_COPIED}
    if "caption" in params.values and "text" not in fields:
        fields = {k: v for k, v in fields.items() if not k.startswith("caption")}
        fields |= formatted_fields(params, caption=True)
    return {"message_id": deliver(world, params, fields, chat)["message_id"]}


def forward_message(world: Telegram, params: Params) -> Json:
    chat = world.chat_to_write_to(params.chat_id())
    _, stored = _source(world, params, "message to forward not found")
    if stored.data.get("has_protected_content"):
        raise bad_request("message can't be forwarded")
    fields = {key: value for key, value in stored.data.items() if key not in _NOT_COPIED}
    fields["forward_origin"] = {
        "type": "user",
        "sender_user": stored.data["from"],
        "date": stored.data["date"],
    }
    return deliver(world, params, fields, chat)
