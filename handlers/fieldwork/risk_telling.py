"""A lower risk waits for a second officer: who is asked, what they read, and what the first one hears."""

from __future__ import annotations

from casework.roles import may_open
from handlers.fieldwork.current import back_row
from handlers.keyboards import Button, Rows
from handlers.officers.labels import district_name, kind_name
from handlers.officers.notices import open_row
from handlers.turn import Recipient, Turn, tell
from handlers.words import Html, Words
from storage.models import Case, Person, RiskChange
from storage.people import actor_of, display_name
from storage.team import load_team


def ask_second_officers(turn: Turn, case: Case, change: RiskChange) -> int:
    """Ask the other officers of the case and the managers. Returns how many; a notice has no word of the case."""
    team = load_team(turn.session, turn.today)
    people = {person.id: person for person in (*team.officers_of(case.district), *team.all_managers())}
    people.pop(turn.person.id, None)
    asked = [to for to in map(Recipient.of, people.values()) if to is not None]
    for to in asked:
        words = turn.service.words(to.language)
        text = words(
            "officer_risk.notice.proposed",
            reference=case.reference,
            kind=kind_name(words, case),
            district=district_name(words, turn.service, case),
        )
        rows = (*_decide_rows(words, case, change), (_why_button(words, case),), *open_row(words, case))
        tell(turn.session, to, text, rows, now=turn.now, case_id=case.id)
    return len(asked)


def show_waiting(turn: Turn, case: Case, change: RiskChange, proposer: Person | None) -> None:
    """Who proposed what, and why. Whoever proposed it can only take it back."""
    words = turn.words
    own = change.made_by == turn.person.id
    name = display_name(proposer) if proposer is not None else ""
    lines = [
        words(
            "officer_risk.waits.own" if own else "officer_risk.waits.top",
            reference=case.reference,
            before=words.plain(f"officer.risk.{change.before}.name"),
            after=words.plain(f"officer.risk.{change.after}.name"),
            name=name or words.plain("officer.role.officer.name"),
        ),
        Html(f"<blockquote>{words('officer_risk.waits.reason', reason=change.reason)}</blockquote>"),
    ]
    take_back = Button(words.plain("officer_risk.take_back.button"), f"v:decline:{case.id}:{change.id}")
    rows: Rows = ((take_back,),) if own else _decide_rows(words, case, change)
    turn.say(Html("\n".join(lines)), (*rows, back_row(turn, case.id)), protect=True, case_id=case.id)


def tell_proposer(turn: Turn, case: Case, proposer: Person | None, key: str) -> None:
    """What the second officer decided."""
    to = Recipient.of(proposer) if proposer is not None and proposer.id != turn.person.id else None
    if proposer is None or to is None or not may_open(actor_of(turn.session, proposer), case.district):
        return
    words = turn.service.words(to.language)
    text = words(key, reference=case.reference)
    tell(turn.session, to, text, open_row(words, case), now=turn.now, case_id=case.id)


def _decide_rows(words: Words, case: Case, change: RiskChange) -> Rows:
    agree = Button(words.plain("officer_risk.agree.button"), f"v:agree:{case.id}:{change.id}")
    decline = Button(words.plain("officer_risk.decline.button"), f"v:decline:{case.id}:{change.id}")
    return ((agree, decline),)


def _why_button(words: Words, case: Case) -> Button:
    return Button(words.plain("officer_risk.why.button"), f"v:why:{case.id}")
