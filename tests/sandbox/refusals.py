"""The client capitalises Telegram's words; a test should not have to."""

from __future__ import annotations

import re
from typing import Any

import pytest
from telegram.error import BadRequest, TelegramError


def refused(words: str, kind: type[TelegramError] = BadRequest) -> Any:
    """The block ends with this kind of error and these words in it, in capitals or not."""
    return pytest.raises(kind, match="(?i)" + re.escape(words))
