"""The Bot API's methods for photos, files, albums and places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import limits
from bot.sandbox.chats import Json
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.files import StoredFile
from bot.sandbox.methods import deliver, formatted_fields
from bot.sandbox.wire import Params, Upload

if TYPE_CHECKING:
    from bot.sandbox.world import Telegram


def _file(world: Telegram, params: Params, kind: str, reference: Any) -> StoredFile:
    """The file that a parameter names: an upload of this request, or the id of a kept one."""
    text = str(reference or "")
    upload = params.uploads.get(text.removeprefix("attach://") if text.startswith("attach://") else kind)
    if upload is not None and (not text or text.startswith("attach://")):
        return _keep_upload(world, kind, upload)
    if not text:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    stored = world.files.find(text)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return stored


def _keep_upload(world: Telegram, kind: str, upload: Upload) -> StoredFile:
    if len(upload.content) > limits.UPLOAD_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        width, height = limits.check_photo(upload.content)
        return world.files.add(kind, upload.content, width=width, height=height)
    details: Json = {"mime_type": upload.mime_type}
    if kind == "document":
        details["file_name"] = upload.file_name
    elif kind == "voice":
        details["duration"] = 1
    elif kind in ("video", "animation"):
        details |= {"duration": 1, "width": 640, "height": 360}
    return world.files.add(kind, upload.content, **details)


def media_fields(file: StoredFile) -> Json:
    """The fields of a message that carries this file."""
    if file.kind != "photo":
        return {file.kind: file.as_json()}
    whole = file.as_json()
    small = {
        **whole,
        "file_id": whole["file_id"] + "-s",
        "file_unique_id": whole["file_unique_id"] + "s",
        "file_size": min(file.size, 1200),
        "width": 90,
        "height": max(1, 90 * whole["height"] // whole["width"]),
    }
    return {"photo": [small, whole]}


def _send_file(world: Telegram, params: Params, kind: str) -> Json:
    chat = world.chat_to_write_to(params.chat_id())
    caption = formatted_fields(params, caption=True)
    fields = media_fields(_file(world, params, kind, params.values.get(kind))) | caption
    if params.flag("has_spoiler"):
        fields["has_media_spoiler"] = True
    return deliver(world, params, fields, chat)


def send_photo(world: Telegram, params: Params) -> Json:
    return _send_file(world, params, "photo")


def send_document(world: Telegram, params: Params) -> Json:
    return _send_file(world, params, "document")


def send_voice(world: Telegram, params: Params) -> Json:
    return _send_file(world, params, "voice")


def send_video(world: Telegram, params: Params) -> Json:
    return _send_file(world, params, "video")


def send_media_group(world: Telegram, params: Params) -> list[Json]:
    chat = world.chat_to_write_to(params.chat_id())
    items = params.json("media")
    if not isinstance(items, list) or len(items) not in limits.ALBUM_ITEMS:
        raise bad_request("wrong number of messages in the album: 2-10 expected")
    if params.json("reply_markup") is not None:
        raise bad_request("reply markup can't be used in albums")
    kinds = {item.get("type") for item in items}
    if not kinds <= {"photo", "video"} and kinds != {"document"}:
        raise bad_request("document can't be mixed with other media types")
    prepared = []
    for item in items:
        own = Params({**item, "parse_mode": item.get("parse_mode", "")})
        fields = media_fields(_file(world, params, item["type"], item.get("media")))
        prepared.append(fields | formatted_fields(own, caption=True))
    group = str(13_000_000_000_000_000 + world.version)
    return [deliver(world, params, fields | {"media_group_id": group}, chat) for fields in prepared]


def send_location(world: Telegram, params: Params) -> Json:
    chat = world.chat_to_write_to(params.chat_id())
    latitude, longitude = params.decimal("latitude"), params.decimal("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong latitude or longitude")
    return deliver(world, params, {"location": {"latitude": latitude, "longitude": longitude}}, chat)


def get_file(world: Telegram, params: Params) -> Json:
    return world.files.link(params.text("file_id").removesuffix("-s"))
