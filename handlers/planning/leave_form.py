"""The questions of a leave, and what follows from it: the deputy told, and the promised days that fall into it."""

from __future__ import annotations

from datetime import date

from casework.following import PROMISED
from casework.roles import Permission
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.choice import Choice
from handlers.forms.kinds.coming import Coming, day_of
from handlers.forms.kinds.kind import Asking
from handlers.keyboards import Rows
from handlers.officers.access import allowed
from handlers.officers.notices import recipients
from handlers.officers.reminding import Item, case_buttons, item_lines
from handlers.turn import Turn, tell
from handlers.words import Html, Words
from storage import leave
from storage.leave import LeaveEnd
from storage.models import Leave, Person
from storage.people import display_name, list_people
from storage.team import load_team

MOST_DEPUTIES = 12
MOST_PROMISES = 200


def name_of(words: Words, person: Person) -> str:
    """As colleagues know them."""
    return display_name(person) or words.plain("officer.role.officer.name")


def deputies_for(turn: Turn, person: Person) -> list[Person]:
    """Who can stand in: colleagues of the same districts first, then managers, then all others; not too many."""
    team = load_team(turn.session, turn.today)
    own = team.officers.get(person.id, frozenset())

    def order(other: Person) -> tuple[bool, bool, int]:
        shares = bool(own & team.officers.get(other.id, frozenset()))
        return (not shares, other.id not in team.managers, other.id)

    others = [other for other in team.people.values() if other.id != person.id]
    return sorted(others, key=order)[:MOST_DEPUTIES]


def about_person(words: Words, person: Person, deputies: list[Person], changed: Leave | None) -> Answers:
    """What is known before the first question. A leave that has begun can be changed with its own first day."""
    names = {str(one.id): name_of(words, one) for one in deputies}
    known = {"leave": changed.id, "since": changed.first_on.isoformat()} if changed else {"leave": None}
    return {ABOUT: {"person": person.id, "deputies": names, **known}}


def _deputies(asking: Asking) -> tuple[str, ...]:
    return tuple(asking.answers.get(ABOUT, {}).get("deputies", {}))


def _deputy_name(asking: Asking, value: str) -> str:
    return str(asking.answers[ABOUT]["deputies"].get(value, value))


def _earliest(asking: Asking) -> date:
    today = asking.calendar.local_day(asking.now)
    since = asking.answers.get(ABOUT, {}).get("since")
    return min(today, date.fromisoformat(since)) if since else today


def _from_first(asking: Asking) -> date:
    today = asking.calendar.local_day(asking.now)
    first = asking.answers.get("first")
    return max(today, day_of(first)) if first else today


def _may_save(turn: Turn, answers: Answers) -> Html | None:
    """Whether the days fit together and are free."""
    about, words = answers[ABOUT], turn.words
    first, last = day_of(answers["first"]), day_of(answers["last"])
    if last < first:
        return words("leave.last.before_first", first=words.day(first, turn.today))
    same = [
        row
        for row in leave.list_overlapping(turn.session, about["person"], first, last)
        if row.id != about["leave"]
    ]
    if not same:
        return None
    person = list_people(turn.session, [about["person"]])[about["person"]]
    return words("leave.overlaps", **_values(turn, words, person, same[0]))


def save(turn: Turn, answers: Answers) -> Receipt:
    """Keep it, tell whom it concerns, and list the promised days that fall into it."""
    about, session = answers[ABOUT], turn.session
    person = leave.lock_person(session, int(about["person"]))
    deputy_id = int(answers["deputy"])
    team = load_team(session, turn.today)
    mine = about["person"] == turn.person.id
    if person is None or not (mine or allowed(turn, Permission.ASSIGN)) or deputy_id not in team.people:
        return Receipt(turn.words("leave.gone"))
    if (problem := _may_save(turn, answers)) is not None:
        return Receipt(problem)
    before = None
    if about["leave"] is not None:
        before = session.get(Leave, about["leave"])
        if before is None or before.ended_at is not None or before.person_id != person.id:
            return Receipt(turn.words("leave.gone"))
        leave.end_leave(before, LeaveEnd.CHANGED, turn.now)
    row = leave.add_leave(
        session,
        person_id=person.id,
        deputy_id=deputy_id,
        first_on=day_of(answers["first"]),
        last_on=day_of(answers["last"]),
        by=turn.person.id,
        now=turn.now,
    )
    deputy = team.people[deputy_id]
    promised = leave.list_due_in(session, person.id, row.first_on, row.last_on, PROMISED, MOST_PROMISES)
    _tell_deputies(turn, person, deputy, row, before, promised)
    if not mine:
        _tell_person(turn, person, deputy, row, promised)
    return _receipt(turn, person, deputy, row, promised, changed=before is not None)


def _receipt(
    turn: Turn, person: Person, deputy: Person, row: Leave, promised: list[Item], *, changed: bool
) -> Receipt:
    words = turn.words
    values = {**_values(turn, words, person, row), "deputy": name_of(words, deputy)}
    lines = [words("leave.sent.changed" if changed else "leave.sent", **values)]
    for other in leave.list_overlapping(turn.session, deputy.id, row.first_on, row.last_on):
        both = _values(turn, words, deputy, other)
        lines.append(words("leave.deputy_away", deputy=both["name"], first=both["first"], last=both["last"]))
    lines.append(_promised(turn, words, promised))
    return Receipt(Html("\n\n".join(lines)), case_buttons(case for _, case in promised))


def _promised(turn: Turn, words: Words, promised: list[Item]) -> Html:
    """The promised days, to be looked at again."""
    if not promised:
        return words("leave.promises.none")
    lines = item_lines(words, turn.service, promised, turn.today)
    return Html("\n".join([words.plural("leave.promises", len(promised)), *lines]))


def _values(turn: Turn, words: Words, person: Person, row: Leave) -> dict[str, str]:
    return {
        "name": name_of(words, person),
        "first": words.day(row.first_on, turn.today),
        "last": words.day(row.last_on, turn.today),
    }


def _tell_deputies(
    turn: Turn, person: Person, deputy: Person, row: Leave, before: Leave | None, promised: list[Item]
) -> None:
    """The deputy, with the promised days; and who was it before the change."""
    same = before is not None and before.deputy_id == deputy.id
    for reader in recipients([deputy]):
        words = turn.service.words(reader.language)
        key = "leave.notice.changed" if same else "leave.notice.deputy"
        text = words(key, **_values(turn, words, person, row))
        rows: Rows = case_buttons(case for _, case in promised) if row.first_on <= turn.today else ()
        if promised:
            text = Html(f"{text}\n\n{_promised(turn, words, promised)}")
        tell(turn.session, reader, text, rows, now=turn.now)
    if before is None or same:
        return
    for reader in recipients(list_people(turn.session, [before.deputy_id]).values()):
        words = turn.service.words(reader.language)
        text = words("leave.notice.not_you", name=name_of(words, person))
        tell(turn.session, reader, text, now=turn.now)


def _tell_person(turn: Turn, person: Person, deputy: Person, row: Leave, promised: list[Item]) -> None:
    """Whose leave a manager planned: they know the promised days, too."""
    for reader in recipients([person]):
        words = turn.service.words(reader.language)
        values = _values(turn, words, person, row)
        text = words(
            "leave.notice.set_for_you",
            by=name_of(words, turn.person),
            first=values["first"],
            last=values["last"],
            deputy=name_of(words, deputy),
        )
        whole = Html(f"{text}\n\n{_promised(turn, words, promised)}")
        tell(turn.session, reader, whole, case_buttons(case for _, case in promised), now=turn.now)


LEAVE = Form(
    name="leave",
    permission=Permission.OPEN_CASE,
    questions=(
        Question("first", Coming(quick=("today", "tomorrow"), working=False, earliest=_earliest)),
        Question(
            "last", Coming(quick=("tomorrow", "week", "fortnight"), working=False, earliest=_from_first)
        ),
        Question("deputy", Choice(_deputies, across=1, label=_deputy_name)),
    ),
    finish=save,
    may_send=_may_save,
)
KIT = FormKit((LEAVE,), leave=lambda *_: None)
