"""Two spellings of one address are the same; two homes are not, and neither is a whole street."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.addresses import address_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("12 High Street, B97 4AA", "B97 4AA"), ("12, high st., Redditch b974aa", "b974aa")),
        (("Flat 3, 12 High Street, B97 4AA", "B97 4AA"), ("flat 3 12 HIGH STREET B97 4AA", "B97 4AA")),
        (("12 High Street", None), ("12  HIGH  street.", None)),
        (("Rose Cottage, Mill Lane, B96 6AA", "B96 6AA"), ("rose cottage mill ln B96 6AA", "B96 6AA")),
    ],
)
def test_spelling_does_not_count(one: tuple[str, str | None], other: tuple[str, str | None]) -> None:
    assert address_key(*one) == address_key(*other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("12 High Street, B97 4AA", "B97 4AA"), ("14 High Street, B97 4AA", "B97 4AA")),
        (("12 High Street, B97 4AA", "B97 4AA"), ("12 High Street, DY10 1AA", "DY10 1AA")),
        (("12a High Street", None), ("12b High Street", None)),
        (("Flat 3, 12 High Street, B97 4AA", "B97 4AA"), ("12 High Street, B97 4AA", "B97 4AA")),
    ],
)
def test_two_homes_differ(one: tuple[str, str | None], other: tuple[str, str | None]) -> None:
    assert address_key(*one) != address_key(*other)


@pytest.mark.parametrize(
    ("text", "postcode"),
    [(None, None), ("", None), ("B97 4AA", "B97 4AA"), ("b974aa", "b974aa"), ("12", None)],
)
def test_what_is_no_address_has_no_key(text: str | None, postcode: str | None) -> None:
    assert address_key(text, postcode) is None


@given(st.text(max_size=80))
def test_case_and_outer_space_never_count(text: str) -> None:
    assert address_key(f"  {text} ") == address_key(text)
