"""What of a text is still to be understood, and the parts of the day."""

from __future__ import annotations

import re
from enum import StrEnum


class PartOfDay(StrEnum):
    """A stretch of the day that people name in place of a time."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


class Rest:
    """What of the text has not been understood yet."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Cut the first match out."""
        found = pattern.search(self.text)
        if found is not None:
            self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}"
        return found
