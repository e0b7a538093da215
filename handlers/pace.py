"""How many messages each person sent in the last minute. In memory: after a restart everybody begins anew."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock

MINUTE = timedelta(minutes=1)
MOST_PEOPLE = 10_000
"""So many are counted at once; who was quiet longest is forgotten first."""


class Pace:
    """Counts by chat. Safe to use from several threads."""

    def __init__(self) -> None:
        self._sent: OrderedDict[int, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def count(self, chat_key: int, now: datetime) -> int:
        """Count one more message of this chat; how many came in the last minute, this one among them."""
        with self._lock:
            sent = self._sent.setdefault(chat_key, deque())
            self._sent.move_to_end(chat_key)
            while len(self._sent) > MOST_PEOPLE:
                self._sent.popitem(last=False)
            sent.append(now)
            while sent[0] <= now - MINUTE:
                sent.popleft()
            return len(sent)
