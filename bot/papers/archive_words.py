"""The rows of a copy as a person reads them: headings, labels and values in their language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import Any

from handlers.words import MissingWords, Words
from storage.data_copy import Rows

_SAID_EITHER_WAY = ("discreet", "draft_reminders")
_ENDS = ("asked_back_on", "waited_days")


def _label_keys(name: str) -> tuple[str, ...]:
    """Where a label may be found; the conversations' own words first come after those of the paper."""
    return (
        f"my_data.paper.field.{name}.label",
        f"report.{name}.label",
        f"diary.{name}.label",
        f"my_data.ask.{name}.label",
    )


def _of_a_case(name: str, value: str) -> tuple[str, ...]:
    """States, lines of the history and what is due, as the conversations call them."""
    if name == "status":
        return (f"case.report.{value}", f"my_data.standing.{value}", f"officer.status.{value}.name")
    if name == "kind":
        return (f"following.event.{value}.name", f"officer.deadline.{value}.name")
    return ()


def _value_keys(name: str, value: str) -> tuple[str, ...]:
    """Where a choice may be found."""
    return (
        f"my_data.paper.value.{name}.{value}.name",
        f"report.{name}.choice.{value}",
        f"diary.{name}.choice.{value}",
        f"my_data.ask.{name}.choice.{value}",
        f"my_data.paper.value.{value}.name",
        *_of_a_case(name, value),
    )


_OTHER_LABELS = {"category": "report.category.label", "asked": "my_data.ask.what.label"}

Line = tuple[str, str]


def sections(
    words: Words, zone: tzinfo, today: date, rows: dict[str, Rows], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """A heading for each table, and for each row its lines. ``names``: of districts and languages, by key."""
    reader = _Reader(words, zone, today, names)
    return [
        {"title": reader.heading(table), "rows": [list(map(list, reader.lines(row))) for row in found]}
        for table, found in rows.items()
    ]


class _Reader:
    def __init__(self, words: Words, zone: tzinfo, today: date, names: Mapping[str, str]) -> None:
        self._words = words
        self._zone = zone
        self._today = today
        self._names = names

    def heading(self, table: str) -> str:
        """What the table is called; its own name in words where the catalog has none."""
        return self._first([f"my_data.paper.table.{table}.label"]) or _spelt(table)

    def lines(self, row: dict[str, Any]) -> Iterator[Line]:
        """One line a value, what is nested set out flat."""
        for name, value in row.items():
            yield from self._line(name, value)

    def _line(self, name: str, value: Any) -> Iterator[Line]:
        if isinstance(value, dict):
            shown = self._known(value)
            if shown is not None:
                yield self._label(name), shown
                return
            yield from self.lines(value)
        elif value is False and name in _SAID_EITHER_WAY:
            yield self._label(name), self._words.plain("my_data.paper.no.label")
        elif value not in (None, "", [], False) and name not in _ENDS:
            yield self._label(name), self._value(name, value)

    def _known(self, value: dict[str, Any]) -> str | None:
        """A place, a number, a moment: as it was given."""
        for key in ("text", "typed", "pick"):
            if isinstance(value.get(key), str) and value[key]:
                return str(value[key])
        return None

    def _label(self, name: str) -> str:
        keys = [_OTHER_LABELS[name]] if name in _OTHER_LABELS else []
        return self._first([*keys, *_label_keys(name)]) or _spelt(name)

    def _value(self, name: str, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(self._value(name, one) for one in value)
        if value is True:
            return self._words.plain("my_data.paper.yes.label")
        if not isinstance(value, str):
            return str(value)
        if name.endswith("_at") or name == "at":
            return self._words.moment(datetime.fromisoformat(value), self._zone, self._today)
        if name.endswith("_on") or name == "day":
            return self._words.day(date.fromisoformat(value), self._today)
        if name in ("district", "language"):
            return self._names.get(value, value)
        if name == "form":
            return self._first([f"{value}.name"]) or value
        return self._first(list(_value_keys(name, value))) or value

    def _first(self, keys: list[str]) -> str | None:
        for key in keys:
            if " " not in key and self._words.has(key):
                try:
                    return self._words.plain(key)
                except (MissingWords, ValueError):  # a sentence with values or markup is no label
                    continue
        return None


def _spelt(name: str) -> str:
    return name.replace("_", " ").capitalize()
