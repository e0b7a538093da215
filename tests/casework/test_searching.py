"""What a case can be found by: spelling, sound, abbreviations; and what is meant by what somebody types."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.references import ALPHABET, Reference, nearby_references, new_reference, read_reference
from casework.searching import SearchKind, Term, TermKind, read_search, streets_in, terms_of


def case(name: str | None = None, where: str = "", postcode: str | None = None) -> frozenset[Term]:
    return terms_of({"name": name, "where": {"text": where, "postcode": postcode, "district": "redditch"}})


def finds(typed: str, terms: frozenset[Term]) -> bool:
    return any(all(one & terms for one in way) for way in read_search(typed).any_of)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("John Smith", "Jon Smyth"),
        ("John Smith", "smith"),
        ("Mohammed Hussain", "Muhammad Hussein"),
        ("Catherine Clarke", "Kathryn Clark"),
        ("Sean Reid", "Shaun Reed"),
        ("Piotr Wójcik", "wojcik"),
        ("Łukasz Kowalski", "Lukas Kowalsky"),
        ("Mrs Edith Shaw", "Edith Shaw"),
        ("Edith Shaw", "Mr Shaw"),
        ("Siân O’Brien", "sian obrien"),
        ("Олена Шевченко", "шевченко"),
        ("Jeffrey Philips", "Geoffrey Phillips"),
    ],
)
def test_a_name_is_found_however_it_is_spelled(stored: str, typed: str) -> None:
    assert finds(typed, case(stored))


@pytest.mark.parametrize("typed", ["John Brown", "Jane Smithson", "Patel"])
def test_another_name_is_not(typed: str) -> None:
    assert not finds(typed, case("John Smith"))


@pytest.mark.parametrize(
    "typed",
    [
        "Oak Road",
        "oak rd",
        "12 Oak Rd",
        "Oak Road, Redditch",
        "14 oak road redditch",
        "Oak",
        "oke road",
        "Oak Close",
    ],
)
def test_a_street_is_found_by_how_it_sounds_whatever_the_number(typed: str) -> None:
    assert finds(typed, case(where="12 Oak Road, Redditch B98 8AA"))


def test_of_streets_the_right_house_comes_nearest() -> None:
    meant = read_search("12 Oak Rd").nearer
    near, nearer, far = (case(where=where) for where in ("14 Oak Road", "12 Oak Road", "12 Oak Close"))
    assert len(meant & far) < len(meant & near) < len(meant & nearer)


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("12 Oak Road, Redditch B98 8AA", ["oak road"]),
        ("Flat 3, Harwood House, 12 Oak Rd Redditch", ["harwood house", "oak road"]),
        ("St Johns Close", ["st johns close"]),
        ("12 High St", ["high street"]),
        ("behind the shops in Church Hill Rd", ["church hill road"]),
        ("church hill", ["church hill"]),
        ("Green Lane", ["green lane"]),
        ("The Mount, Bromsgrove", ["mount"]),
        ("B98 8AA", []),
        ("12", []),
        ("", []),
    ],
)
def test_streets_are_read_out_of_an_address(address: str, names: list[str]) -> None:
    assert [street.name for street in streets_in(address)] == names


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("B98 8AA", SearchKind.POSTCODE),
        ("b988aa", SearchKind.POSTCODE),
        ("12 Oak Road B98 8AA", SearchKind.POSTCODE),
        ("b98", SearchKind.OUTWARD),
        ("DY11", SearchKind.OUTWARD),
        ("oak road", SearchKind.STREET),
        ("12 Oakfield", SearchKind.STREET),
        ("Smith", SearchKind.WORDS),
        ("Green", SearchKind.WORDS),
        ("???", SearchKind.NOTHING),
        ("", SearchKind.NOTHING),
        ("km4p-x7r", SearchKind.REFERENCE),
    ],
)
def test_what_is_looked_for_is_known_by_its_shape(typed: str, kind: SearchKind) -> None:
    assert read_search(typed).kind is kind


def test_a_postcode_is_found_whole_and_by_its_first_half() -> None:
    terms = case(where="12 Oak Road", postcode="B98 8AA")
    assert finds("b98 8aa", terms)
    assert finds("B98", terms)
    assert not finds("B97", terms)
    assert not finds("B98 8AB", terms)


def test_the_nominated_neighbour_is_found_too() -> None:
    assert finds("Grace Okafor", terms_of({"name": "Edith Shaw", "neighbour": {"name": "Grace Okafor"}}))


def test_what_has_no_names_has_no_terms() -> None:
    assert terms_of({"what": "John Smith of 12 Oak Road", "name": None, "where": None}) == frozenset()


_ANYTHING = st.text(max_size=80)


@given(_ANYTHING)
def test_whatever_is_typed_can_be_looked_for(typed: str) -> None:
    for way in read_search(typed).any_of:
        assert way
        assert all(way)


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=2, max_size=20))
def test_a_name_is_found_by_itself(name: str) -> None:
    terms = case(name)
    assert not terms or finds(name, terms)


@given(_ANYTHING, _ANYTHING)
def test_a_term_names_its_kind_and_something(name: str, where: str) -> None:
    assert all(term.text.strip() and isinstance(term.kind, TermKind) for term in case(name, where))


def references() -> st.SearchStrategy[Reference]:
    return st.integers(0, 2**32).map(lambda seed: new_reference(random.Random(seed).choice))


@given(references(), st.integers(0, 7), st.sampled_from(ALPHABET))
def test_the_right_reference_is_near_one_with_a_wrong_character(right: str, place: int, other: str) -> None:
    plain = right.replace("-", "")
    wrong = plain[:place] + other + plain[place + 1 :]
    if wrong != plain:
        assert right in nearby_references(wrong)
        assert len(nearby_references(wrong)) <= 32


@given(references(), st.integers(0, 6))
def test_the_right_reference_is_near_one_with_two_changed_about(right: str, place: int) -> None:
    plain = right.replace("-", "")
    wrong = plain[:place] + plain[place : place + 2][::-1] + plain[place + 2 :]
    if wrong != plain:
        assert right in nearby_references(wrong)


@given(references(), st.integers(0, 7), st.sampled_from("0125AEIOUSLZ"))
def test_the_right_reference_is_near_one_with_a_strange_character(right: str, place: int, other: str) -> None:
    plain = right.replace("-", "")
    assert right in nearby_references(plain[:place] + other + plain[place + 1 :])


@given(references(), st.integers(0, 7))
def test_the_right_reference_is_near_one_with_a_character_too_few_or_too_many(right: str, place: int) -> None:
    plain = right.replace("-", "")
    assert right in nearby_references(plain[:place] + plain[place + 1 :])
    assert right in nearby_references(plain[:place] + "K" + plain[place:])


@given(_ANYTHING)
def test_what_is_near_is_a_reference(text: str) -> None:
    assert all(read_reference(one) == one for one in nearby_references(text))
