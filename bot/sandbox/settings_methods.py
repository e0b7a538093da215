"""The Bot API's methods for updates, the webhook, the bot's commands, names and menu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import limits
from bot.sandbox.chats import Json
from bot.sandbox.errors import bad_request, conflict
from bot.sandbox.wire import Params

if TYPE_CHECKING:
    from bot.sandbox.world import Telegram


def get_me(world: Telegram, params: Params) -> Json:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return world.bot | abilities


async def get_updates(world: Telegram, params: Params) -> list[Json]:
    if world.webhooks.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    world.inbox.allow(_allowed_updates(params))
    limit = params.number("limit")
    updates = await world.inbox.poll(
        params.number("offset") or 0,
        limits.UPDATES_A_CALL if limit is None else limit,
        params.number("timeout") or 0,
    )
    return [update.as_json() for update in updates]


def _allowed_updates(params: Params) -> list[str] | None:
    kinds = params.json("allowed_updates")
    if kinds is not None and not isinstance(kinds, list):
        raise bad_request("can't parse allowed updates: expected an Array")
    return kinds


def set_webhook(world: Telegram, params: Params) -> bool:
    url = params.text("url")
    if not url:
        return delete_webhook(world, params)
    secret = params.text("secret_token")
    if secret and not limits.WEBHOOK_SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters or is too long")
    connections = params.number("max_connections") or 40
    if connections not in limits.WEBHOOK_CONNECTIONS:
        raise bad_request("max_connections must be between 1 and 100")
    world.inbox.allow(_allowed_updates(params))
    if params.flag("drop_pending_updates"):
        world.inbox.forget_all()
    world.webhooks.set(url, secret, connections)
    world.inbox.end_other_reader("terminated by setWebhook request")
    return True


def delete_webhook(world: Telegram, params: Params) -> bool:
    world.webhooks.remove()
    if params.flag("drop_pending_updates"):
        world.inbox.forget_all()
    return True


def get_webhook_info(world: Telegram, params: Params) -> Json:
    return world.webhooks.info()


def _scope_and_language(world: Telegram, params: Params) -> tuple[str, str]:
    scope = params.json("scope") or {"type": "default"}
    name = str(scope.get("type", ""))
    if name in ("chat", "chat_administrators", "chat_member"):
        chat_id = int(scope.get("chat_id") or 0)
        if chat_id not in world.chats or not world.chats[chat_id].started:
            raise bad_request("chat not found")
        name = f"{name}:{chat_id}"
        if "user_id" in scope:
            name += f":{scope['user_id']}"
    elif name not in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators"):
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    return name, params.text("language_code")


def set_my_commands(world: Telegram, params: Params) -> bool:
    commands = limits.check_commands(params.json("commands"))
    world.commands[_scope_and_language(world, params)] = commands
    world.touch_all_chats()
    return True


def get_my_commands(world: Telegram, params: Params) -> list[dict[str, str]]:
    return world.commands.get(_scope_and_language(world, params), [])


def delete_my_commands(world: Telegram, params: Params) -> bool:
    world.commands.pop(_scope_and_language(world, params), None)
    world.touch_all_chats()
    return True


def _set_text(kind: str, limit: int) -> Any:
    def set_text(world: Telegram, params: Params) -> bool:
        text = params.text(kind)
        if len(text) > limit:
            raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
        world.texts[kind, params.text("language_code")] = text
        return True

    return set_text


def _get_text(kind: str) -> Any:
    def get_text(world: Telegram, params: Params) -> Json:
        default = world.bot["first_name"] if kind == "name" else ""
        own = world.texts.get((kind, params.text("language_code")))
        return {kind: own or world.texts.get((kind, ""), default)}

    return get_text


set_my_name = _set_text("name", limits.NAME_CHARACTERS)
set_my_description = _set_text("description", limits.DESCRIPTION_CHARACTERS)
set_my_short_description = _set_text("short_description", limits.SHORT_DESCRIPTION_CHARACTERS)
get_my_name = _get_text("name")
get_my_description = _get_text("description")
get_my_short_description = _get_text("short_description")


def set_chat_menu_button(world: Telegram, params: Params) -> bool:
    chat_id = params.number("chat_id") or 0
    if chat_id and chat_id not in world.chats:
        raise bad_request("chat not found")
    world.menu_buttons[chat_id] = params.json("menu_button") or {"type": "default"}
    return True


def get_chat_menu_button(world: Telegram, params: Params) -> Json:
    return world.menu_buttons.get(params.number("chat_id") or 0, {"type": "commands"})


def get_chat(world: Telegram, params: Params) -> Json:
    chat = world.chats.get(params.chat_id())
    if chat is None or not chat.started:
        raise bad_request("chat not found")
    return chat.info | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def log_out(world: Telegram, params: Params) -> bool:
    return True
