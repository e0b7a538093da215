"""The one error that a Bot API method ends with, and the faults that a test can order."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An answer with ``ok`` false: the error code (also the HTTP status), the text and its parameters."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The JSON object that Telegram answers with."""
        answer = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | {"parameters": self.parameters} if self.parameters else answer


class ConnectionDropped(Exception):
    """The connection ends in the middle of the answer, by order of a test."""


class NoAnswerInTime(Exception):
    """No answer comes within the caller's patience, by order of a test."""


def bad_request(text: str) -> ApiError:
    """400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {text}")


def forbidden(text: str) -> ApiError:
    """403 with Telegram's prefix."""
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    """409 with Telegram's prefix."""
    return ApiError(409, f"Conflict: {text}")


def too_many_requests(retry_after: int) -> ApiError:
    """429, to be tried again after so many seconds."""
    return ApiError(
        429, f"Too Many Requests: retry after {retry_after}", parameters={"retry_after": retry_after}
    )
