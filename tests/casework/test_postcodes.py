"""Catches people turned away, or sent to another district, because of how they type a postcode."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.postcodes import HintKind, district_hint, find_postcode, read_postcode


@pytest.mark.parametrize(
    ("typed", "outward", "inward"),
    [
        ("B97 6QR", "B97", "6QR"),
        ("b976qr", "B97", "6QR"),
        ("b.97.6.q.r", "B97", "6QR"),
        (" dy10  2 aa ", "DY10", "2AA"),
        ("DY11-1AA", "DY11", "1AA"),
        ("B97 OAB", "B97", "0AB"),  # the letter for the figure
        ("dy9 ibj", "DY9", "1BJ"),
        ("SW1A 1AA", "SW1A", "1AA"),
        ("B97", "B97", None),  # the first half alone
        ("dy14", "DY14", None),
    ],
)
def test_a_postcode_is_read_however_it_is_typed(typed, outward, inward):
    postcode = read_postcode(typed)
    assert (postcode.outward, postcode.inward) == (outward, inward)


@pytest.mark.parametrize("typed", ["", "97", "Redditch", "B97 6Q", "B977 6QR", "12345", "🏠", "B97 6QR 1"])
def test_what_is_no_postcode_is_not_made_into_one(typed):
    assert read_postcode(typed) is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("12 Mill Lane, Redditch, B97 6QR", "B97 6QR"),
        ("flat 3b, dy10 2aa, by the shop", "DY10 2AA"),
        ("b98", "B98"),
        ("between B97 6QR and B98 8AA", "B98 8AA"),  # addresses end in theirs
    ],
)
def test_a_postcode_is_found_in_an_address(typed, found):
    assert find_postcode(typed).text == found


def test_an_address_without_one_has_none():
    assert find_postcode("12 Mill Lane, Redditch") is None


@given(st.from_regex(r"\A[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}\Z"))
def test_reading_what_was_read_changes_nothing(text):
    once = read_postcode(text)
    assert once.text == text
    assert read_postcode(once.text) == once
    assert read_postcode(text.lower().replace(" ", "")) == once


@given(st.text())
def test_any_text_can_be_asked(text):
    found = find_postcode(text)
    assert found is None or read_postcode(found.text) == found


@pytest.mark.parametrize(
    ("outwards", "kind", "district"),
    [
        ("B97 B98 B96", HintKind.SUGGEST, "redditch"),
        ("B60 B61 B48 B47", HintKind.SUGGEST, "bromsgrove"),
        ("DY10 DY11 DY12 DY13", HintKind.SUGGEST, "wyre_forest"),
        ("B45 B31 B32 B38 B62 B63 B90 B94 DY9 DY14 DY7 DY8 WR9", HintKind.ASK, None),
        ("B80 B49 B50", HintKind.OUT_OF_AREA, None),
        ("M1 WR1 SW1A", HintKind.UNKNOWN, None),
    ],
)
def test_the_first_half_hints_at_a_district(policy, outwards, kind, district):
    for outward in outwards.split():
        hint = district_hint(outward, policy)
        assert (hint.kind, hint.district) == (kind, district), outward


def test_out_of_area_names_who_serves_it(policy):
    assert district_hint("b80", policy).served_by == "Stratford-on-Avon District Council"
    assert district_hint("B97", policy).served_by is None
