"""Catches people who cannot be rung because of how they typed their number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.telephone import Telephone, read_telephone


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("07700 900123", "+447700900123"),  # a number kept for drama: possible, and never valid
        ("07700900123", "+447700900123"),
        ("+44 7700 900123", "+447700900123"),
        ("+44 (0)7700 900-123", "+447700900123"),
        ("0044 7700 900123", "+447700900123"),
        ("01527 64252", "+44152764252"),  # a short local one
        ("(01632) 960001", "+441632960001"),
        ("+48 512 345 678", "+48512345678"),  # a Polish mobile
        ("my number is 07700.900.123", "+447700900123"),
    ],
)
def test_a_number_is_read_and_kept_as_typed(typed, e164):
    assert read_telephone(f" {typed} ") == Telephone(typed, e164)


@pytest.mark.parametrize("typed", ["", "none", "0", "12", "call me", "0770", "07700 900123 456 789 0", "+"])
def test_what_cannot_be_rung_is_no_number(typed):
    assert read_telephone(typed) is None


@given(st.text())
def test_any_text_can_be_asked(text):
    found = read_telephone(text)
    assert found is None or found.e164.startswith("+")
