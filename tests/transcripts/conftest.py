"""A town on a Tuesday morning in November, its officer and its manager."""

from tests.conversations.conftest import plain_logs
from tests.following.conftest import asha, mona
from tests.following.conftest import quick_database as quick_database
from tests.following.conftest import town as town

__all__ = ["asha", "mona", "plain_logs", "quick_database", "town"]
