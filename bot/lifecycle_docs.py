"""docs/lifecycles.md: for every kind of case its states as a diagram, and its moves as a table.

Written by `python -m bot docs lifecycles` from the lifecycles themselves; a test holds the file to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.settings import PROJECT
from casework.cases import LIFECYCLES, CaseKind, DeadlineKind, Lifecycle, Move
from casework.policy import Policy, parse_policy
from casework.powers import FIRST
from casework.roles import Role
from handlers.words import ENGLISH, Catalogs

FILE = PROJECT / "docs" / "lifecycles.md"

_HEAD = """# The life of a case

Written by `python -m bot docs lifecycles` from `casework/cases.py`; do not edit it by hand.

A move is offered only where it can be made, and refused, with the case as it is now, when it comes late from an old
button. Each is a line of the history. *any open* stands for every state in which somebody still has to act. *Needs*
says what is asked, and what has to hold. *caretakers* are the case officer, or the officers of its district where it
has none. Nobody is told of a move of their own."""
_RULES = """## Rules beside the tables

- **close** with the reason *unable to contact* needs tries on {days} days in {ways} ways since somebody last spoke to
  the person.
- **reopen** is offered for {reopen} days after the case was closed; later it is a new case.
- **record_stage**: {first}.
"""
_OF = {
    frozenset({Role.OFFICER, Role.MANAGER}): "officer, manager",
    frozenset({Role.MANAGER}): "manager",
    frozenset(Role): "the person, officer, manager",
}


def document(policy: Policy) -> str:
    """The whole page."""
    names = Catalogs.load().words(ENGLISH)
    parts = [_HEAD]
    for kind, lifecycle in LIFECYCLES.items():
        parts.append(f"\n## {names.plain(f'officer.kind.{kind}.name').capitalize()}\n")
        parts += [*_diagram(lifecycle), "", *_table(kind, lifecycle)]
    following = policy.following
    first = "; ".join(
        f"a {_spoken(stage)} needs a {_spoken(before)} first" for stage, before in FIRST.items()
    )
    rules = _RULES.format(
        days=following.contact_try_days.value,
        ways=following.contact_try_ways.value,
        reopen=following.reopen_days.value,
        first=first,
    )
    return "\n".join([*parts, "", rules])


def write(file: Path | None = None) -> Path:
    """Write the page from the policy that comes with the project."""
    policy = parse_policy((PROJECT / "policy" / "north-worcestershire.toml").read_text(encoding="utf-8"))
    path = file or FILE
    path.write_text(document(policy), encoding="utf-8")
    return path


def _diagram(lifecycle: Lifecycle) -> Iterator[str]:
    """The moves that change the state; the others are in the table."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {lifecycle.first}"
    for source in lifecycle.states:
        for target in lifecycle.states:
            names = [
                move.name for move in lifecycle.moves if source in move.sources and move.target == target
            ]
            if names and source != target:
                yield f"    {source} --> {target}: {', '.join(names)}"
    yield from (f"    {state} --> [*]" for state in lifecycle.states if state in lifecycle.resting)
    yield "```"


def _table(kind: CaseKind, lifecycle: Lifecycle) -> Iterator[str]:
    yield _line("move", "from", "to", "who", "needs", "starts", "ends", "tells")
    yield _line(*["---"] * 8)
    for move in lifecycle.moves:
        yield _line(
            f"**{move.name}**",
            _sources(move, lifecycle),
            move.target or "the same",
            _OF[move.by],
            _needs(move),
            _deadlines(move.starts),
            _deadlines(move.ends),
            _told(kind, move),
        )


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _sources(move: Move, lifecycle: Lifecycle) -> str:
    everything = frozenset(lifecycle.states)
    running = everything - lifecycle.resting
    for name, states in (("any", everything), ("any open", running)):
        if move.sources >= states and len(states) > 1:
            return ", ".join([name, *(state for state in lifecycle.states if state in move.sources - states)])
    return ", ".join(state for state in lifecycle.states if state in move.sources)


def _needs(move: Move) -> str:
    """What is asked, what has to hold, and what must not."""
    needs = [
        *(f"asks {_spoken(ask)}" for ask in move.asks),
        *(f"is {_spoken(fact)}" for fact in sorted(move.needs)),
        *(f"is not {_spoken(fact)}" for fact in sorted(move.unless)),
    ]
    return ", ".join(needs) or "nothing"


def _deadlines(kinds: Iterable[DeadlineKind]) -> str:
    named = tuple(kinds)
    if set(named) == set(DeadlineKind):
        return "all"
    return ", ".join(_spoken(kind) for kind in named) or "none"


def _told(kind: CaseKind, move: Move) -> str:
    person = "who referred" if kind is CaseKind.NOMINATED_NEIGHBOUR else "the person"
    told = [*([person] if move.tells_reporter else []), *(_spoken(one) for one in move.tells)]
    return ", ".join(told) or "nobody"


def _spoken(key: str) -> str:
    return str(key).replace("_", " ")
