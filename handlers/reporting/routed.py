"""Who acts on a report, worked out from its answers; and what the person is told of it when they ask."""

from __future__ import annotations

from typing import Any

from casework.routing import Facts, Route, expectation_values, route
from handlers.following.own import own_report
from handlers.forms.flow import Answers
from handlers.keyboards import Button
from handlers.officers.access import number_in
from handlers.reporting.details import named_kind
from handlers.turn import Turn
from handlers.words import Html
from storage import cases
from storage.models import AsbReport, Case

PRESS = "x"
HATE = "hate"
"""Kept with a report of something else that they take for hate."""


def route_of(turn: Turn, answers: Answers) -> Route:
    """The rules' decision on these answers (NWCSP domain facts 3.2 and 3.3)."""
    return route(
        Facts(
            category=answers["category"],
            sub_kind=named_kind(answers),
            district=answers["where"]["district"],
            my_home=answers.get("my_home"),
            their_home=answers.get("their_home"),
            danger_now=answers["danger"] == "yes",
            hate=answers["category"] == "hate",
            repeated=answers["how_often"] != "once",
        ),
        turn.service.policy,
    )


def route_anew(turn: Turn, case: Case, report: AsbReport) -> None:
    """Work out again who acts, after more was told of a report that is there."""
    told: dict[str, Any] = report.detail
    found = route(
        Facts(
            category=report.category,
            sub_kind=report.sub_kind,
            district=case.district,
            my_home=told.get("my_home"),
            their_home=told.get("their_home"),
            danger_now=report.danger_now,
            hate=report.category == "hate" or bool(told.get(HATE)),
            repeated=told.get("how_often") != "once",
        ),
        turn.service.policy,
    )
    report.route = found.to_json()


def expectation(turn: Turn, found: Route, district: str | None) -> Html:
    """What to expect: who acts, what they can and cannot do, and what the officer still does."""
    values = expectation_values(found, district, turn.service.policy)
    return turn.words(f"{found.expectation_key}.whole", **values)


def next_button(turn: Turn, case: Case) -> Button:
    """*What happens next?*, under the receipt."""
    return Button(turn.words.plain("reporting.next.button"), f"{PRESS}:next:{case.id}")


def next_pressed(turn: Turn, parts: list[str]) -> None:
    """``x:next:<case_id>``: only for the person who reported it."""
    case = own_report(turn, number_in(parts, 2))
    detail = cases.detail_of(turn.session, case) if case is not None else None
    if case is None or not isinstance(detail, AsbReport) or detail.route is None:
        return
    turn.say(expectation(turn, Route.from_json(detail.route), case.district), case_id=case.id)
