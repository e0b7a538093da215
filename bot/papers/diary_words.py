"""What a diary says of one entry, in words: when it was, what was answered, how long after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.words import Words
from storage.diary import happened_of
from storage.models import DiaryEntry


@dataclass(frozen=True, slots=True)
class Tell:
    """The words of the paper. Days have their year: a diary is read years later."""

    words: Words
    zone: ZoneInfo
    now: datetime

    def plain(self, key: str, **values: Any) -> str:
        """The sentence of this key, without HTML."""
        return self.words.plain(key, **values)

    def named(self, group: str, value: str) -> str:
        """The name of a value; the value itself where there is none."""
        key = f"diary_team.paper.{group}.{value}"
        return self.words.plain(key) if self.words.has(key) else value.replace("_", " ")

    def day(self, day: date) -> str:
        """ "Tuesday 24 November 2026"."""
        return self.words.day(day, date.min)

    def moment(self, instant: datetime) -> str:
        """ "Tuesday 24 November 2026 at 10:30pm", local."""
        return self.words.moment(instant, self.zone, date.min)

    def clock(self, instant: datetime) -> str:
        """ "10:30pm", local."""
        return self.words.time(instant.astimezone(self.zone).time())

    def when(self, version: DiaryEntry) -> str:
        """When it was, as exactly as it is known."""
        happened = happened_of(version)
        day = self.day(happened.day)
        if happened.starts_at is not None:
            said = f"{day}, {self.clock(happened.starts_at)}"
        elif happened.band is not None:
            return self.words.plain(f"diary.when.{happened.band.value}.name", day=day)
        else:
            said = day
        return self.plain("diary_team.paper.approximate", when=said) if version.approximate else said

    def length(self, gap: timedelta) -> str:
        """Whole days, or hours where it is less than two days."""
        hours = int(gap.total_seconds() // 3600)
        if hours < 48:
            return str(self.words.plural("diary_team.paper.hours", hours))
        return str(self.words.plural("diary_team.paper.days", hours // 24))

    def label(self, question: str) -> str:
        """The label that the question has in the conversation."""
        return self.words.plain(f"diary.{question}.label")

    def choice(self, question: str, value: str) -> str:
        """The label of an answer that was chosen."""
        key = f"diary.{question}.choice.{value}"
        return self.words.plain(key) if self.words.has(key) else value.replace("_", " ")


def told_of(tell: Tell, version: DiaryEntry) -> str:
    """What they saw or heard, in their own words, whole."""
    said = str(version.body["answers"].get("what") or "") or tell.plain("diary_team.paper.file_only")
    more = [str(text) for text in version.body.get("more", []) if text]
    return "\n\n".join([said, *more])


def facts_of(tell: Tell, version: DiaryEntry) -> list[list[str]]:
    """The other answers with their labels, in the order of the diary sheet; what was not answered is left out."""
    answers = version.body["answers"]
    happened = happened_of(version)
    rows = [
        ("started", tell.when(version)),
        ("ended", tell.moment(happened.ends_at) if happened.ends_at else _picked(tell, "ends", answers)),
    ]
    found = [[tell.named("label", key), text] for key, text in rows if text]
    for key in ("where", "who"):
        found += _row(tell, key, _picked(tell, key, answers))
    if answers.get("bad"):
        found += _row(tell, "bad", tell.choice("bad", answers["bad"]))
    effects = [tell.choice("effect", value) for value in answers.get("effect") or []]
    found += _row(tell, "effect", ", ".join(effects))
    found += _row(tell, "witnesses", _picked(tell, "witnesses", answers))
    if answers.get("willing"):
        found += _row(tell, "willing", tell.choice("willing", answers["willing"]))
    return found + _row(tell, "told", str(answers.get("told") or ""))


def keyed_of(tell: Tell, version: DiaryEntry) -> list[list[str]]:
    """Who keyed it in from paper; nothing where the person wrote it here."""
    keyed = version.body.get("keyed_in")
    if not keyed:
        return []
    label = tell.words.plain("paper_bridge.keyed.label")
    return [[label, tell.words.plain("paper_bridge.keyed", name=keyed["name"])]]


def _row(tell: Tell, question: str, text: str) -> list[list[str]]:
    return [[tell.label(question), text]] if text else []


def _picked(tell: Tell, question: str, answers: dict[str, Any]) -> str:
    """A line that was typed, or the label of the ready-made answer."""
    value = answers.get(question) or {}
    if "pick" in value:
        return tell.choice(question, value["pick"])
    return str(value.get("text") or "")
