"""The person writes to the team about their case; what they wrote becomes a deadline until somebody answers.

Typed outside of any conversation it is asked about first: it may have been meant for something else.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from casework.abuse import is_abusive
from casework.cases import DeadlineKind
from casework.danger import danger_in
from casework.following import is_chased
from casework.references import find_reference
from handlers import expecting
from handlers.following import one
from handlers.following.own import is_running, own_report
from handlers.forms import ways
from handlers.forms.kinds.choice import fold
from handlers.forms.kinds.text import clean
from handlers.keyboards import Button, Rows
from handlers.officers import case_news, timing
from handlers.officers.access import number_in
from handlers.safety import danger_text
from handlers.turn import Turn
from handlers.words import Html
from storage import cases, drafts, following
from storage.models import Case

REPLY = "reply"
TOLD_ANEW_AFTER = timedelta(minutes=10)
"""Several messages in a row are one notice to the officer."""
MOST_OFFERED = 3
FEWEST_LETTERS = 3


def write_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:write:<case_id>``: the next thing they type goes to the team."""
    case = own_report(turn, number_in(parts, 2))
    if case is not None and _is_open(turn, case):
        expecting.expect(turn, REPLY, case.id)
        emergency = turn.service.policy.contact("emergency").value
        turn.say(turn.words("following.write.ask", reference=case.reference, emergency=emergency))


def said(turn: Turn, expects: dict[str, Any]) -> None:
    """What they typed after *Write to us*, and what they add to it."""
    case = own_report(turn, expects["case"], lock=True)
    if case is None:
        expecting.forget(turn)
        return
    if ways.way_meant(turn.words, fold(turn.incoming.text or "")) in ("back", "cancel"):
        expecting.forget(turn)
        one.show(turn, case)
        return
    if not _is_open(turn, case):
        expecting.forget(turn)
        return
    keep(turn, case, turn.incoming.text or "", turn.incoming.message_id, added=bool(expects.get("sent")))
    expecting.expect(turn, REPLY, case.id, life=expecting.GOES_ON_FOR, sent=True)


def keep(turn: Turn, case: Case, text: str, message_id: int | None, *, added: bool = False) -> None:
    """The message reaches the case: kept, in its history, a day by which it is answered, the officer told.

    The case has to be locked. Words of danger get the numbers that help before anything else is said.
    """
    danger = danger_in(text, turn.service.policy)
    if danger:
        turn.say(danger_text(turn, danger))
    unanswered, last_at = following.unanswered(turn.session, case.id)
    made = following.add_message(
        turn.session,
        case.id,
        author_id=turn.person.id,
        from_team=False,
        body={"text": clean(text)},
        now=turn.now,
        message_id=message_id,
    )
    if message_id is not None:
        drafts.keep_words(
            turn.session,
            chat_key=turn.chat_key,
            message_id=message_id,
            draft_id=None,
            question=following.MESSAGE,
            text=text,
            now=turn.now,
            case_id=case.id,
        )
    abusive = is_abusive(text, turn.service.policy)
    detail = {
        "message": made.id,
        **({"danger": danger} if danger else {}),
        **({"abusive": True} if abusive else {}),
    }
    _record(turn, case, "message_in", detail, public=True)
    days = timing.start(turn.session, turn.service, case, (DeadlineKind.ANSWER,), turn.now)
    day = turn.words.day(days[DeadlineKind.ANSWER], turn.today)
    if danger or last_at is None or turn.now - last_at >= TOLD_ANEW_AFTER:
        key = "messages.notice.danger" if danger else "messages.notice.new"
        case_news.tell_caretakers(turn.session, turn.service, case, key, turn.now, day=day)
    if is_chased(unanswered + 1, turn.service.policy):
        _tell_chased(turn, case, unanswered + 1)
    turn.say(
        turn.words(
            "following.write.added" if added else "following.write.sent", reference=case.reference, day=day
        )
    )


def _tell_chased(turn: Turn, case: Case, unanswered: int) -> None:
    """Who writes again and again without an answer is the manager's business, too."""
    told = case_news.tell_managers(
        turn.session, turn.service, case, "messages.notice.chased", turn.now, number=str(unanswered)
    )
    _record(turn, case, "chased", {"unanswered": unanswered, "managers_told": told})


def _record(turn: Turn, case: Case, kind: str, detail: dict[str, Any], *, public: bool = False) -> None:
    cases.record_event(
        turn.session,
        case_id=case.id,
        kind=kind,
        actor=turn.actor,
        now=turn.now,
        public=public,
        detail=detail,
    )


def _is_open(turn: Turn, case: Case) -> bool:
    """Whether there is somebody who works on it; False after showing the closed case, with what can be done."""
    if is_running(case):
        return True
    one.show(turn, case, above=turn.words("following.write.closed"))
    return False


# Typed outside of any conversation


def offer_rows(turn: Turn) -> Rows:
    """A button for each open report of theirs that sends what they just typed to its team.

    Nothing where they have none, or where what was typed is no message.
    """
    text = clean(turn.incoming.text or "")
    if len(text) < FEWEST_LETTERS or find_reference(text) is not None:
        return ()
    found = following.list_own_open(turn.session, turn.person.id, MOST_OFFERED)
    if not found:
        return ()
    turn.remember(unsent={"text": text, "message": turn.incoming.message_id}, expects=None)
    return tuple(
        (Button(turn.words.plain("following.offer.button", reference=case.reference), f"k:send:{case.id}"),)
        for case in found
    )


def offer(turn: Turn) -> bool:
    """Ask whether what was typed is for the team; False where they have no open report."""
    rows = offer_rows(turn)
    if not rows:
        return False
    no = (Button(turn.words.plain("following.offer.no"), "k:no"),)
    turn.say(turn.words("following.offer.ask"), (*rows, no))
    return True


def send_pressed(turn: Turn, parts: list[str]) -> None:
    """``k:send:<case_id>``: what they typed before goes to the team."""
    unsent = turn.screen.get("unsent")
    case = own_report(turn, number_in(parts, 2), lock=True)
    if case is None or not _is_open(turn, case):
        return
    if not unsent:
        one.show(turn, case, above=turn.words("following.offer.gone"))
        return
    keep(turn, case, unsent["text"], unsent["message"])
    expecting.expect(turn, REPLY, case.id, life=expecting.GOES_ON_FOR, sent=True)


def no_pressed(turn: Turn, _parts: list[str]) -> None:
    """``k:no``: it was not for the team, and nothing of it is kept."""
    expecting.forget(turn)
    turn.say(
        Html(turn.words("following.offer.not_sent")),
        ((Button(turn.words.plain("following.menu.button"), "m:start"),),),
    )
