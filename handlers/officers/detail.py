"""What people told us, as the card shows it: one labelled line an answer, long words cut.

The keys are those under which the conversations store their answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from handlers.turn import Turn
from handlers.words import Html, escape
from storage.models import AsbReport, DataRequest, Enquiry, NnsReferral

LONGEST_LINE = 200
MOST_EDITS = 3
LONGEST_STORY = 1200
"""A message holds 4096 characters (Bot API, sendMessage); the rest of the card takes half of them."""

Detail = AsbReport | NnsReferral | Enquiry | DataRequest | None
_Shown = Callable[[Turn, Any], str]


def detail_lines(turn: Turn, detail: Detail) -> list[Html]:
    """The answers in the order in which an officer wants them, the story last."""
    return [*_facts(turn, detail), *_contact(turn, detail), *_story(turn, detail)]


def whole_story(detail: Detail) -> str:
    """All that was written in their own words."""
    stored = detail.detail if detail is not None else {}
    parts = [stored.get("what") or stored.get("story"), stored.get("notes"), *(stored.get("more") or [])]
    return "\n\n".join(str(part) for part in parts if part)


def edit_lines(turn: Turn, edits: Sequence[str]) -> list[Html]:
    """How they last put it after it was sent; all of it is in the whole story."""
    return [_line(turn, "edited", text) for text in edits[-MOST_EDITS:]]


def is_cut(detail: Detail, edits: Sequence[str]) -> bool:
    """Whether there is more of their own words than the card shows."""
    long = len(whole_story(detail)) > LONGEST_STORY or any(len(text) > LONGEST_LINE for text in edits)
    return long or len(edits) > MOST_EDITS


def why_not_ring(detail: Detail) -> str | None:
    """Why whoever sent it must not be rung: ``write_only``, or ``no_number``; None where they may be.

    The number on a referral is the resident's, not that of who referred them.
    """
    stored = detail.detail if isinstance(detail, AsbReport) else {}
    if stored.get("safe") == "chat_only":
        return "write_only"
    return None if stored.get("phone") else "no_number"


def danger_lines(turn: Turn, detail: Detail) -> list[Html]:
    """That somebody was in danger, and the kinds of danger that their words spoke of."""
    if detail is None:
        return []
    lines = []
    if isinstance(detail, AsbReport) and detail.danger_now:
        lines.append(turn.words("officer.card.danger_now"))
    kinds = [
        _named(turn, f"officer.danger.{kind}.name", kind) for kind in detail.detail.get("danger_words") or []
    ]
    if kinds:
        lines.append(turn.words("officer.card.danger_words", kinds=turn.words.listing(kinds)))
    return lines


def _facts(turn: Turn, detail: Detail) -> Iterator[Html]:
    if isinstance(detail, AsbReport):
        yield _line(
            turn, "category", _named(turn, f"report.category.choice.{detail.category}", detail.category)
        )
        yield from _asked_besides(turn, detail)
    if isinstance(detail, NnsReferral):
        how = _named(turn, f"officer.consent.{detail.consent_how}.name", detail.consent_how)
        day = turn.words.day(detail.consent_given_on, turn.today)
        yield _line(turn, "consent", turn.words.plain("officer.consent.on", how=how, day=day))
        reasons = [_named(turn, f"refer.reasons.choice.{reason}", reason) for reason in detail.reasons]
        if reasons:
            yield _line(turn, "reasons", turn.words.listing(reasons))
    if isinstance(detail, DataRequest):
        yield _line(turn, "asked", turn.words.plain(f"officer_data.asked.{detail.asked}.name"))
    for key, show in _SHOWN.items():
        value = detail.detail.get(key) if detail is not None else None
        if value:
            yield _line(turn, key, show(turn, value))


def _asked_besides(turn: Turn, report: AsbReport) -> Iterator[Html]:
    """What exactly it is, what was asked besides, when noise comes, and for whom it was reported."""
    if report.sub_kind:
        form = "noise" if report.category == "noise" else "report"
        yield _line(turn, "kind", _named(turn, f"{form}.kind.choice.{report.sub_kind}", report.sub_kind))
    for key, value in (report.detail.get("details") or {}).items():
        values = value if isinstance(value, list) else [value]
        said = turn.words.listing([_named(turn, f"report.{key}.choice.{one}", str(one)) for one in values])
        yield turn.words("officer.card.line", label=turn.words.plain(f"report.{key}.label"), value=said)
    if pattern := report.detail.get("pattern"):
        days = turn.words.listing([turn.words.plain(f"noise.days.choice.{day}") for day in pattern["days"]])
        bands = turn.words.listing(
            [turn.words.plain(f"noise.bands.choice.{band}") for band in pattern["bands"]]
        )
        yield _line(turn, "pattern", f"{days} · {bands}")
    if helped := report.detail.get("on_behalf"):
        ground = helped.get("ground")
        key = f"report.ground.choice.{ground}" if ground else f"report.agreed.choice.{helped['agreed']}"
        yield _line(turn, "on_behalf", f"{helped['name']} · {turn.words.plain(key)}")


def _contact(turn: Turn, detail: Detail) -> Iterator[Html]:
    """Name, number, and whether it is safe to ring; nothing where they stayed anonymous."""
    stored = detail.detail if detail is not None else {}
    if stored.get("name"):
        yield _line(turn, "name", str(stored["name"]))
    if stored.get("phone"):
        yield _line(turn, "phone", _phone(stored["phone"]))
    if stored.get("safe"):
        yield _line(turn, "safe", _named(turn, f"report.safe.choice.{stored['safe']}", stored["safe"]))
    neighbour = stored.get("neighbour")
    if neighbour:
        known = [neighbour.get("name"), _phone(neighbour.get("phone"))]
        yield _line(turn, "neighbour", ", ".join(str(part) for part in known if part))


def _story(turn: Turn, detail: Detail) -> Iterator[Html]:
    story = whole_story(detail)
    if story:
        yield Html(f"<blockquote>{escape(cut(story, LONGEST_STORY))}</blockquote>")


def cut(text: str, longest: int) -> str:
    """At most so many characters."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _line(turn: Turn, key: str, value: str) -> Html:
    label = turn.words.plain(f"officer.detail.{key}.label")
    return turn.words("officer.card.line", label=label, value=cut(value, LONGEST_LINE))


def _where(turn: Turn, value: Any) -> str:
    if not isinstance(value, dict):
        return str(value)
    if value.get("text"):
        return str(value["text"])
    latitude, longitude = value.get("location") or ("", "")
    return f"{latitude}, {longitude}"


def _when(turn: Turn, value: Any) -> str:
    day = turn.words.day(date.fromisoformat(value["day"]), turn.today)
    if not value.get("at"):
        return day
    moment = datetime.fromisoformat(value["at"])
    spoken = turn.words.moment(moment, turn.service.zone, turn.today)
    return turn.words.plain("officer.about", when=spoken) if value.get("approximate") else spoken


def _phone(value: Any) -> str:
    return str(value.get("typed", "")) if isinstance(value, dict) else str(value or "")


def _named(turn: Turn, key: str, value: str) -> str:
    """The words for a choice; the choice itself where a policy has one that the catalog lacks."""
    return turn.words.plain(key) if turn.words.has(key) else value.replace("_", " ")


_SHOWN: dict[str, _Shown] = {
    "where": _where,
    "how_often": lambda turn, value: _named(turn, f"report.how_often.choice.{value}", value),
    "when": _when,
    "my_home": lambda turn, value: _named(turn, f"officer.tenure.{value}.name", value),
    "their_home": lambda turn, value: _named(turn, f"officer.tenure.{value}.name", value),
    "address": lambda _turn, value: str(value),
    "reach": lambda turn, value: _named(turn, f"paper_bridge.reach.choice.{value}", value),
    "best_time": lambda turn, value: _named(turn, f"refer.best_time.choice.{value}", value),
    "doorstep_crime": lambda turn, value: _named(turn, f"officer.answer.{value}.name", value),
}
