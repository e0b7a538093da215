"""Every method that the sandbox knows, and the way that every call takes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.sandbox import media_methods as media
from bot.sandbox import methods as text
from bot.sandbox import settings_methods as settings
from bot.sandbox.errors import ApiError
from bot.sandbox.wire import Params

if TYPE_CHECKING:
    from bot.sandbox.world import Telegram

_BY_NAME: dict[str, Callable[[Telegram, Params], Any]] = {
    "getMe": settings.get_me,
    "getUpdates": settings.get_updates,
    "setWebhook": settings.set_webhook,
    "deleteWebhook": settings.delete_webhook,
    "getWebhookInfo": settings.get_webhook_info,
    "logOut": settings.log_out,
    "close": settings.log_out,
    "setMyCommands": settings.set_my_commands,
    "getMyCommands": settings.get_my_commands,
    "deleteMyCommands": settings.delete_my_commands,
    "setMyName": settings.set_my_name,
    "getMyName": settings.get_my_name,
    "setMyDescription": settings.set_my_description,
    "getMyDescription": settings.get_my_description,
    "setMyShortDescription": settings.set_my_short_description,
    "getMyShortDescription": settings.get_my_short_description,
    "setChatMenuButton": settings.set_chat_menu_button,
    "getChatMenuButton": settings.get_chat_menu_button,
    "getChat": settings.get_chat,
    "sendMessage": text.send_message,
    "editMessageText": text.edit_message_text,
    "editMessageCaption": text.edit_message_caption,
    "editMessageReplyMarkup": text.edit_message_reply_markup,
    "deleteMessage": text.delete_message,
    "deleteMessages": text.delete_messages,
    "answerCallbackQuery": text.answer_callback_query,
    "sendChatAction": text.send_chat_action,
    "copyMessage": text.copy_message,
    "forwardMessage": text.forward_message,
    "pinChatMessage": text.pin_chat_message,
    "unpinChatMessage": text.unpin_chat_message,
    "setMessageReaction": text.set_message_reaction,
    "sendPhoto": media.send_photo,
    "sendDocument": media.send_document,
    "sendVoice": media.send_voice,
    "sendVideo": media.send_video,
    "sendMediaGroup": media.send_media_group,
    "sendLocation": media.send_location,
    "getFile": media.get_file,
}
METHODS = {  # Telegram ignores case
    name.lower(): method for name, method in _BY_NAME.items()
}


async def call(world: Telegram, name: str, params: Params) -> Any:
    """Carry out one method; its result comes back. ApiError for a refusal, or what a test ordered."""
    name = name.lower()
    method = METHODS.get(name)
    if method is None:
        raise ApiError(404, "Not Found: method not found")
    world.call_counts[name] += 1
    world.calls.append((name, params.values))
    if world.faults.latency_seconds and name != "getupdates":
        await world.faults.delay()
    late_fault = world.faults.before(name, params.values.get("chat_id"))
    result = method(world, params)
    if isinstance(result, Awaitable):
        result = await result
    if late_fault:
        raise late_fault
    return result
