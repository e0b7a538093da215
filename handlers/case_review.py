"""The ASB Case Review: when it is explained to somebody, and in which words."""

from __future__ import annotations

from datetime import datetime, timedelta

from casework import review_count
from casework.cases import CaseKind
from handlers.keyboards import Button
from handlers.turn import Turn
from handlers.words import Html
from storage import cases, following
from storage.models import Case

LONGEST_MONTH = 31


def since(turn: Turn) -> datetime:
    """From when on a report can still count today, with a little to spare."""
    rules = turn.service.policy.case_review
    months = max(rules.apply_within_months, rules.explain_months.value) + 1
    return turn.now - timedelta(days=LONGEST_MONTH * months)


def after_report(turn: Turn, case: Case) -> None:
    """Explain the case review with a victim's second report in six months, once a rolling period.

    More of something that was told before is a report, too.

    It is said after what this act says anyway, and kept (Home Office statutory guidance, July 2025). Nobody is
    known of an anonymous report.
    """
    if case.kind != CaseKind.ASB_REPORT or case.reporter_id is None:
        return
    session, calendar, person_id = turn.session, turn.service.calendar, case.reporter_id
    found = following.list_own_reports(session, person_id, since(turn))
    more = following.list_more(session, person_id, since(turn))
    explained_at = following.review_explained_at(session, person_id)
    if not review_count.second_report_due(
        [
            calendar.local_day(at)
            for at in (*(one.case.received_at for one in found), *(one.at for one in more))
        ],
        None if explained_at is None else calendar.local_day(explained_at),
        turn.today,
        turn.service.policy.case_review,
    ):
        return
    following.add_review_info(session, person_id, case.id, turn.now)
    cases.record_event(
        session, case_id=case.id, kind="review_explained", actor=None, now=turn.now, public=True
    )
    turn.afterwards.append(lambda: _say_second(turn))


def _say_second(turn: Turn) -> None:
    top = turn.words("following.review.second")
    turn.say(
        Html(f"{top}\n\n{explanation(turn)}"),
        ((Button(turn.words.plain("following.all.button"), "k:list"),),),
    )


def explanation(turn: Turn) -> Html:
    """What a case review is, when there normally is one, and how to ask for it."""
    policy = turn.service.policy
    return turn.words(
        "following.review.info",
        needed=str(policy.case_review.reports),
        months=str(policy.case_review.apply_within_months),
        phone=policy.phone_of(None).value,
    )
