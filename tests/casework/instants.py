"""Instants of the years for which the bank holidays are known, to the minute."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

_FIRST = datetime(2025, 1, 1, tzinfo=UTC)
_MINUTES = (datetime(2028, 9, 1, tzinfo=UTC) - _FIRST) // timedelta(minutes=1)

instants = st.integers(0, _MINUTES).map(lambda minutes: _FIRST + timedelta(minutes=minutes))
