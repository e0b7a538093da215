"""Reads the text of a policy file, and says in which line a mistake stands: TOML's or one of meaning."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any
from zoneinfo import available_timezones

from pydantic import ValidationError

from casework.cases import CaseKind
from casework.errors import PolicyError
from casework.policy import Policy

Path = tuple[str | int, ...]

_TIMED_ELSEWHERE = (CaseKind.ENQUIRY, CaseKind.DATA_REQUEST)
"""Kinds whose timescales stand under a heading of their own, or in the law."""
_TOML_POSITION = re.compile(r"^(?P<what>.*?) \(at line (?P<line>\d+), column \d+\)$", re.S)
_HEADER = re.compile(r"^\s*(?P<open>\[\[?)\s*(?P<name>[\w.\"' -]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*(?P<name>[\w.\"'-]+(?:\s*\.\s*[\w\"'-]+)*)\s*=")


def read(text: str) -> Policy:
    """The policy in a TOML text. Raises PolicyError, with one line for each problem."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError((_toml_problem(str(error), text),)) from error
    data["digest"] = hashlib.sha256(text.encode()).hexdigest()
    try:
        policy = Policy.model_validate(data)
    except ValidationError as error:
        lines = positions(text)
        found = [(tuple(item["loc"]), _said(item["type"], item["msg"])) for item in error.errors()]
        raise PolicyError(tuple(_problem(lines, path, what) for path, what in found)) from error
    mistakes = list(_contradictions(policy))
    if mistakes:
        lines = positions(text)
        raise PolicyError(tuple(_problem(lines, path, what) for path, what in mistakes))
    return policy


def positions(text: str) -> dict[Path, int]:
    """The line, from 1, of every table and key of a TOML text that can be read."""
    lines = text.splitlines()
    found: dict[Path, int] = {(): 1}
    counts: Counter[Path] = Counter()
    table: Path = ()
    number = 0
    while number < len(lines):
        line = lines[number]
        if header := _HEADER.match(line):
            table = _resolve(_parts(header["name"]), counts, opens_item=header["open"] == "[[")
            found.setdefault(table, number + 1)
            number += 1
        elif key := _KEY.match(line):
            found[table + _parts(key["name"])] = number + 1
            number += _value_lines(lines[number:])
        else:
            number += 1
    return found


def _parts(name: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in name.split("."))


def _resolve(names: Path, counts: Counter[Path], *, opens_item: bool) -> Path:
    """The path of a table, with the index of the item that each array of tables is at."""
    path: Path = ()
    for depth, name in enumerate(names):
        path += (name,)
        if opens_item and depth == len(names) - 1:
            counts[path] += 1
        if counts[path]:
            path += (counts[path] - 1,)
    return path


def _value_lines(lines: list[str]) -> int:
    """How many lines the first key's value takes: as many as it needs to be whole."""
    for taken in range(1, len(lines) + 1):
        try:
            tomllib.loads("\n".join(lines[:taken]))
        except tomllib.TOMLDecodeError:
            continue
        return taken
    return 1


def _toml_problem(message: str, text: str) -> str:
    position = _TOML_POSITION.match(message)
    if position is None:  # "(at end of document)"
        return f"Line {max(len(text.splitlines()), 1)}: {message}."
    return f"Line {position['line']}: {position['what']}."


def _problem(lines: dict[Path, int], path: Path, what: str) -> str:
    known = path
    while known not in lines:
        known = known[:-1]
    return f"Line {lines[known]} ({_spoken(path)}): {what}."


def _spoken(path: Path) -> str:
    return " → ".join(str(part + 1) if isinstance(part, int) else part for part in path) or "whole file"


def _said(kind: str, message: str) -> str:
    if kind == "missing":
        return "this key is missing"
    if kind == "extra_forbidden":
        return "there is no key of this name; check its spelling"
    return message.removeprefix("Value error, ").rstrip(".")


def _contradictions(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Where one part of the file names something that another part doesn't have."""
    yield from _twice(policy)
    yield from _unknown_districts(policy)
    yield from _unknown_contacts(policy)
    yield from _agencies(policy)
    for index, district in enumerate(policy.districts):
        for tenure in district.tenures:
            if tenure not in policy.tenures:
                yield ("districts", index, "tenures"), f"{tenure!r} is not one of tenures"
    for kind in CaseKind:
        if kind not in policy.timescales and kind not in _TIMED_ELSEWHERE:
            yield ("timescales",), f"there are no timescales for {kind.value}"
    if policy.calendar.zone not in available_timezones():
        yield ("calendar", "zone"), f"{policy.calendar.zone!r} is no time zone"


def _twice(policy: Policy) -> Iterator[tuple[Path, str]]:
    named: dict[str, list[str]] = {
        "districts": [district.key for district in policy.districts],
        "contacts": [contact.key for contact in policy.contacts],
        "categories": [category.key for category in policy.categories],
        "danger": [danger.key for danger in policy.danger],
        "retention": [entry.what for entry in policy.retention],
    }
    for section, keys in named.items():
        for index, key in enumerate(keys):
            if key in keys[:index]:
                yield (section, index), f"{key!r} stands in the file twice"
    seen: set[str] = set()
    for index, outward in enumerate(policy.outward):
        for code in outward.codes:
            if code in seen:
                yield ("outward", index, "codes"), f"{code!r} stands in the file twice"
            seen.add(code)


def _agencies(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Each agency needs one entry for everywhere; its others name districts, each once."""
    districts = {district.key for district in policy.districts}
    contacts = {contact.key for contact in policy.contacts}
    seen: set[tuple[str, str]] = set()
    for index, agency in enumerate(policy.agencies):
        for district in agency.districts or ("everywhere",):
            if (agency.key, district) in seen:
                yield ("agencies", index), f"{agency.key!r} stands in the file twice for {district}"
            seen.add((agency.key, district))
        for unknown in set(agency.districts) - districts:
            yield ("agencies", index, "districts"), f"{unknown!r} is not one of districts"
        if agency.contact is not None and agency.contact not in contacts:
            yield ("agencies", index, "contact"), f"{agency.contact!r} is not one of contacts"
    for index, agency in enumerate(policy.agencies):
        if (agency.key, "everywhere") not in seen:
            yield ("agencies", index), f"{agency.key!r} needs an entry without districts, for everywhere else"


def _unknown_districts(policy: Policy) -> Iterator[tuple[Path, str]]:
    known = {district.key for district in policy.districts}
    sections: dict[str, tuple[Any, ...]] = {"outward": policy.outward, "places": policy.places}
    for section, entries in sections.items():
        for index, entry in enumerate(entries):
            if entry.district is not None and entry.district not in known:
                yield (section, index, "district"), f"{entry.district!r} is not one of districts"


def _unknown_contacts(policy: Policy) -> Iterator[tuple[Path, str]]:
    known = {contact.key: contact for contact in policy.contacts}
    named: list[tuple[Path, str]] = [(("team", "contact"), policy.team.contact)]
    named += [(("districts", i, "contact"), d.contact) for i, d in enumerate(policy.districts)]
    for path, key in named:
        if key in known and not known[key].may_be_shown:
            yield path, f"{key!r} may not be shown to people before somebody has verified it"
    named += [(("danger", i, "contacts"), key) for i, d in enumerate(policy.danger) for key in d.contacts]
    for path, key in named:
        if key not in known:
            yield path, f"{key!r} is not one of contacts"
