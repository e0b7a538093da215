"""A file to be sent, as delivery needs it. What is in it is its maker's matter."""

from __future__ import annotations

from dataclasses import dataclass, field


class PaperGone(LookupError):
    """What the paper would show is not there any more: the message is given up."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The name that people see, the bytes, and their MIME type."""

    filename: str
    content: bytes = field(repr=False)
    mime: str
