"""What comes in over HTTP, as parameters and uploads: query string, form fields, multipart or JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from bot.sandbox.errors import ApiError, bad_request

_TRUE = {"true", "1", "yes", "True"}
_BOUNDARY = re.compile(r'boundary="?([^";,]+)"?')
_FIELD_NAME = re.compile(r'\bname="((?:[^"\\]|\\.)*)"')
_FILE_NAME = re.compile(r'\bfilename="((?:[^"\\]|\\.)*)"')
_CONTENT_TYPE = re.compile(r"^content-type:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class Upload:
    """A file part of a multipart request."""

    file_name: str
    mime_type: str
    content: bytes


class Params:
    """Parameters of one call. Values are strings from forms, or typed from JSON; both read alike."""

    __slots__ = ("uploads", "values")

    def __init__(self, values: dict[str, Any], uploads: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.uploads = uploads or {}

    def text(self, name: str, default: str = "") -> str:
        """A string; ``default`` where the parameter is missing."""
        value = self.values.get(name)
        return default if value is None else str(value)

    def number(self, name: str) -> int | None:
        """A whole number, or None where the parameter is missing."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f"parameter {name} must be an Integer") from None

    def decimal(self, name: str) -> float:
        """A number that must be there."""
        try:
            return float(self.values[name])
        except (KeyError, TypeError, ValueError):
            raise bad_request(f"parameter {name} must be a Number") from None

    def flag(self, name: str) -> bool:
        """A Boolean; missing is false."""
        value = self.values.get(name)
        return value is True or (isinstance(value, (str, int)) and str(value) in _TRUE)

    def json(self, name: str) -> Any:
        """A JSON value; None where the parameter is missing."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def chat_id(self) -> int:
        """The target chat's id."""
        value = self.values.get("chat_id")
        if value is None or value == "":
            raise bad_request("chat_id is empty")
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request("chat not found") from None  # @names of channels are not kept here


def read_params(content_type: str, query: bytes, body: bytes) -> Params:
    """The parameters of a request. ApiError 400 where the body is not what its type says."""
    values: dict[str, Any] = dict(parse_qsl(query.decode(), keep_blank_values=True)) if query else {}
    if not body:
        return Params(values)
    if content_type.startswith("application/json"):
        return Params(values | _json_object(body))
    if content_type.startswith("multipart/form-data"):
        fields, uploads = _multipart(content_type, body)
        return Params(values | fields, uploads)
    values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return Params(values)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise ApiError(400, "Bad Request: can't parse request body as a JSON object")
    return value


def _multipart(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    match = _BOUNDARY.search(content_type)
    if not match:
        raise ApiError(400, "Bad Request: boundary not found")
    fields: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + match.group(1).encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = head.decode("utf-8", "replace")
        name = _FIELD_NAME.search(headers)
        if not name:
            continue
        file_name = _FILE_NAME.search(headers)
        if file_name is None:
            fields[name.group(1)] = content.decode("utf-8", "replace")
            continue
        mime_type = _CONTENT_TYPE.search(headers)
        uploads[name.group(1)] = Upload(
            file_name.group(1), mime_type.group(1) if mime_type else "application/octet-stream", content
        )
    return fields, uploads
