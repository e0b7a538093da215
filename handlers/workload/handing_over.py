"""``/handover``: whose work, all of it or which part, and to whom; a summary; and only then is it done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casework.cases import CaseKind, RiskBand
from casework.roles import Permission
from casework.workload import Load, load_weight
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Only, Question, Receipt
from handlers.forms.kinds.choice import Choice, Several
from handlers.forms.kinds.kind import Asking
from handlers.forms.kinds.listed import Listed
from handlers.keyboards import Button, Rows
from handlers.officers.access import allowed, number_in, refuse
from handlers.officers.labels import district_name, kind_name
from handlers.officers.queue import pager
from handlers.turn import Turn
from handlers.words import Html
from handlers.workload import giving, plan
from handlers.workload.plan import UNKNOWN, Plan, Wish
from storage import handover, leaving, workload
from storage.locks import lock_chat
from storage.people import display_name, get_person, list_people

PAGE = 8
HANDLE = "handover"
MOST_LISTED = 500
"""Cases that can be ticked one by one; of more than that a part is chosen by kind, district or risk."""


def start(turn: Turn) -> None:
    """``/handover``: whose work?"""
    _ask_whose(turn, 0)


def page_pressed(turn: Turn, parts: list[str]) -> None:
    """``t:hp:<page>``: another page of the people who own work."""
    _ask_whose(turn, number_in(parts, 2) or 0, in_place=True)


def _ask_whose(turn: Turn, page: int, *, in_place: bool = False) -> None:
    if not allowed(turn, Permission.HAND_OVER):
        refuse(turn)
        return
    weights = turn.service.policy.workload
    owners = [load for load in workload.list_loads(turn.session, turn.now) if load.open]
    owners.sort(key=lambda load: (load.in_team, -load_weight(load, weights), load.name.casefold()))
    if not owners:
        turn.say(turn.words("team_work.handover.nobody"))
        return
    page = min(page, (len(owners) - 1) // PAGE)
    shown = owners[page * PAGE : (page + 1) * PAGE]
    rows: Rows = tuple((Button(_owner_label(turn, load), f"t:h:{load.person_id}"),) for load in shown)
    text = turn.words("team_work.handover.whose")
    rows = (*rows, pager(turn, "t:hp", page, (page + 1) * PAGE < len(owners)))
    if in_place:
        turn.edit(HANDLE, text, rows, or_send=True)
    else:
        turn.say(text, rows, handle=HANDLE)


def _owner_label(turn: Turn, load: Load) -> str:
    key = "team_work.person.button" if load.in_team else "team_work.person.left.button"
    return turn.words.plain(key, name=name_of(turn, load), n=load.open)


def name_of(turn: Turn, load: Load) -> str:
    """The name, or what somebody without one is called."""
    return load.name or turn.words.plain("team_work.no_name")


def whose_pressed(turn: Turn, parts: list[str]) -> None:
    """``t:h:<person_id>``: which part of their work, and to whom?"""
    if not allowed(turn, Permission.HAND_OVER):
        refuse(turn)
        return
    person_id = number_in(parts, 2)
    loads = {load.person_id: load for load in workload.list_loads(turn.session, turn.now)}
    former = loads.get(person_id) if person_id is not None else None
    if former is None or not former.open:
        turn.say(turn.words("team_work.handover.no_work"))
        return
    weights = turn.service.policy.workload
    others = [load for load in loads.values() if load.in_team and load.reachable and load is not former]
    if not others:
        turn.say(turn.words("team_work.handover.no_others"))
        return
    others.sort(key=lambda load: (load_weight(load, weights), load.name.casefold()))
    held = handover.list_held(turn.session, former.person_id, turn.now)
    cases = [one.case for one in held]
    about = {
        "from": former.person_id,
        "people": {str(load.person_id): _owner_label(turn, load) for load in others},
        "kinds": sorted({case.kind for case in cases}),
        "districts": sorted({case.district or UNKNOWN for case in cases}),
        "cases": {
            str(one.case.id): turn.words.plain(
                "team_work.case.button",
                reference=one.case.reference,
                kind=kind_name(turn.words, one.case),
                district=district_name(turn.words, turn.service, one.case),
            )
            for one in handover.first_due(held)[:MOST_LISTED]
        },
    }
    KIT.begin(turn, HANDOVER, {ABOUT: about})


# The form. What can be chosen was looked up when it began; what is done is looked up when it is done.


def _about(asking: Asking) -> dict[str, Any]:
    about: dict[str, Any] = asking.answers.get(ABOUT) or {}
    return about


def _kinds(asking: Asking) -> tuple[str, ...]:
    return tuple(_about(asking).get("kinds", [kind.value for kind in CaseKind]))


def _districts(asking: Asking) -> tuple[str, ...]:
    known = (*(district.key for district in asking.policy.districts), UNKNOWN)
    there = _about(asking).get("districts", known)
    return tuple(key for key in known if key in there)


def _district_name(asking: Asking, key: str) -> str:
    if key == UNKNOWN:
        return asking.words.plain("officer.district_unknown")
    return asking.policy.district(key).name


def _cases(asking: Asking) -> Mapping[str, str]:
    listed: dict[str, str] = _about(asking).get("cases", {})
    return listed


def _people(asking: Asking) -> Mapping[str, str]:
    listed: dict[str, str] = _about(asking).get("people", {})
    return listed


def summarise(turn: Turn, answers: Answers) -> Receipt:
    """The end of the questions is not the handover: it is what would be done, to be looked at."""
    wish = Wish(
        former=int(answers[ABOUT]["from"]),
        to=tuple(int(one) for one in answers["to"]),
        kinds=tuple(answers.get("kinds") or ()),
        districts=tuple(answers.get("districts") or ()),
        risks=tuple(answers.get("risks") or ()),
        cases=tuple(int(one) for one in answers.get("cases") or ()),
    )
    return _summary(turn, plan.make_plan(turn, wish))


def _summary(turn: Turn, made: Plan, above: Html | None = None) -> Receipt:
    words, again = turn.words, _again(turn, made.wish)
    if not made.shares.given:
        plan.remember(turn, None)
        key = "team_work.handover.not_theirs" if made.shares.left else "team_work.handover.none_left"
        return Receipt(Html("\n\n".join([*([above] if above else []), words(key)])), (again,))
    plan.remember(turn, made.wish)
    former = display_name(get_person(turn.session, made.wish.former)) or words.plain("team_work.no_name")
    given = len(made.shares.given)
    lines = [
        *([above, Html("")] if above else []),
        words.plural("team_work.handover.check", given, name=former),
    ]
    for load in made.receivers:
        share = made.of(load.person_id)
        late, high = sum(one.late for one in share), sum(one.case.risk == RiskBand.HIGH for one in share)
        values = {"name": name_of(turn, load), "high": high, "late": late}
        lines.append(words.plural("team_work.handover.share", len(share), **values))
    if made.shares.left:
        lines += [Html(""), words.plural("team_work.handover.left", len(made.shares.left))]
    lines += [Html(""), words("team_work.handover.check.told")]
    go = (Button(words.plain("team_work.handover.go.button"), f"t:go:{made.stamp}"),)
    return Receipt(Html("\n".join(lines)), (go, again))


def _again(turn: Turn, wish: Wish) -> tuple[Button, ...]:
    return (Button(turn.words.plain("team_work.handover.again.button"), f"t:h:{wish.former}"),)


def confirmed(turn: Turn, parts: list[str]) -> None:
    """``t:go:<stamp>``: do it, if it is still what the summary said; else show what it would be now.

    Locked are, in this order, the former owner's chat, the roles of the receivers and the cases: whoever ends
    the access of a receiver meanwhile comes first, and nothing is handed over, or sees that they own work.
    """
    if not allowed(turn, Permission.HAND_OVER):
        refuse(turn)
        return
    wish = plan.remembered(turn)
    if wish is None:
        turn.say(turn.words("team_work.handover.over"))
        return
    former = get_person(turn.session, wish.former)
    if former.chat_key is not None:
        lock_chat(turn.session, former.chat_key)
    current = leaving.lock_current(turn.session, (*wish.to, former.id))
    if gone := [person_id for person_id in wish.to if person_id not in current]:
        _receiver_has_left(turn, wish, gone)
        return
    made = plan.make_plan(turn, wish, lock=True)
    if [made.stamp] != parts[2:3] or not made.shares.given:
        receipt = _summary(turn, made, above=turn.words("team_work.handover.changed"))
        turn.say(receipt.text, receipt.buttons)
        return
    plan.remember(turn, None)
    told = giving.hand_over(turn, made, former, works_here=former.id in current)
    lines = [
        turn.words.plural("team_work.handover.done", len(made.shares.given)),
        turn.words.plural("team_work.handover.done.told", told),
    ]
    turn.say(Html("\n".join(lines)), _after(turn))


def _receiver_has_left(turn: Turn, wish: Wish, gone: list[int]) -> None:
    plan.remember(turn, None)
    known = list_people(turn.session, gone).values()
    names = [display_name(person) or turn.words.plain("team_work.no_name") for person in known]
    text = turn.words("team_work.handover.receiver_left", names=turn.words.listing(names))
    turn.say(text, (_again(turn, wish),))


def _after(turn: Turn) -> Rows:
    return ((Button(turn.words.plain("menu.team.button"), "m:team"),),)


HANDOVER = Form(
    name="team_work",
    permission=Permission.HAND_OVER,
    questions=(
        Question("what", Choice(("all", "kind", "district", "risk", "chosen"), across=1)),
        Question("kinds", Several(_kinds), only=(Only.when("what", "kind"),)),
        Question(
            "districts", Several(_districts, label=_district_name), only=(Only.when("what", "district"),)
        ),
        Question("risks", Several(("high", "medium", "standard")), only=(Only.when("what", "risk"),)),
        Question("cases", Listed(_cases), only=(Only.when("what", "chosen"),)),
        Question("to", Listed(_people)),
    ),
    finish=summarise,
    sends_itself=True,
)

KIT = FormKit((HANDOVER,), leave=lambda *_: None)
