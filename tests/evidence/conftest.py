"""A town to talk in, as the conversations have it; and one whose process died is let go without a check."""

from __future__ import annotations

from tests.conversations.conftest import ada, cllr_khan, duty_officer, quick_database, town

__all__ = ["ada", "cllr_khan", "duty_officer", "quick_database", "town"]
