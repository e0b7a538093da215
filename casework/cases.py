"""Kinds of case and their lifecycles, as data: which moves there are, who may make them, which deadlines they
start and end, and whether the person who reported or referred is told. Durations are left to the policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from casework.errors import MoveNotAllowed
from casework.roles import Role


class CaseKind(StrEnum):
    """What a case is about."""

    ASB_REPORT = "asb_report"
    NOMINATED_NEIGHBOUR = "nominated_neighbour"
    ENQUIRY = "enquiry"
    DATA_REQUEST = "data_request"


class RiskBand(StrEnum):
    """How much harm there may be to the person who reported. Never shown to them."""

    STANDARD = "standard"
    MEDIUM = "medium"
    HIGH = "high"


class Channel(StrEnum):
    """How a case reached the team."""

    TELEGRAM = "telegram"
    PHONE = "phone"
    LETTER = "letter"
    IN_PERSON = "in_person"
    PAPER = "paper"


class DeadlineKind(StrEnum):
    """What has to be done by a day.

    PHONE: ring a person whom the bot cannot reach. ANSWER: write back. UPDATE: say how it goes. REVIEW: look at
    the case again.
    """

    ACKNOWLEDGE = "acknowledge"
    CONTACT = "contact"
    VISIT = "visit"
    PHONE = "phone"
    ANSWER = "answer"
    UPDATE = "update"
    REVIEW = "review"


class CloseReason(StrEnum):
    """Why a report was closed (NWCSP domain facts 3.5)."""

    RESOLVED = "resolved"
    PASSED_TO = "passed_to"
    NO_FURTHER_ACTION = "no_further_action"
    WITHDRAWN = "withdrawn"
    UNABLE_TO_CONTACT = "unable_to_contact"
    NOT_ASB = "not_asb"


class Fact(StrEnum):
    """What else is known of a case, beside its status, that decides which moves it has."""

    ACKNOWLEDGED = "acknowledged"
    OWNED = "owned"
    CALL_DUE = "call_due"
    """The bot cannot reach the person, and nobody has tried another way yet."""
    ANONYMOUS = "anonymous"
    """Nobody is known who could be contacted."""


class Asks(StrEnum):
    """What a move needs to be told, beside the tap."""

    OWNER = "owner"
    CHANNEL = "channel"
    TEXT = "text"
    STAGE = "stage"
    DAY = "day"
    REASON = "reason"


class Told(StrEnum):
    """Who of the team is told of a move, apart from whoever makes it."""

    NEW_OWNER = "new_owner"
    OLD_OWNER = "old_owner"
    CARETAKERS = "caretakers"
    """The case officer, or the officers of its district where it has none."""


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed change.

    `target` None leaves the status as it is. A move is offered only with the facts in `needs`, and with none
    of those in `unless`. `takes`: the person who makes the move becomes the owner. `tells_reporter`: the
    person who reported or referred is told, unless the move is their own; `tells`: who of the team is.
    """

    name: str
    sources: frozenset[str]
    target: str | None
    by: frozenset[Role]
    starts: tuple[DeadlineKind, ...] = ()
    ends: tuple[DeadlineKind, ...] = ()
    tells_reporter: bool = False
    takes: bool = False
    needs: frozenset[Fact] = frozenset()
    unless: frozenset[Fact] = frozenset()
    asks: tuple[Asks, ...] = ()
    tells: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states of one kind of case, first to last, and its moves. In a `resting` state nobody need act."""

    states: tuple[str, ...]
    resting: frozenset[str]
    moves: tuple[Move, ...]

    @property
    def first(self) -> str:
        """The state of a case that has just come in."""
        return self.states[0]


def first_status(kind: CaseKind) -> str:
    """The state of a case that has just come in."""
    return LIFECYCLES[kind].first


def is_open(kind: CaseKind, status: str) -> bool:
    """Whether somebody still has to do something about a case in this state."""
    return status not in LIFECYCLES[kind].resting


def open_statuses(kind: CaseKind) -> tuple[str, ...]:
    """The states in which a case is open."""
    return tuple(state for state in LIFECYCLES[kind].states if is_open(kind, state))


def facts(
    *, acknowledged: bool, owned: bool, call_due: bool = False, anonymous: bool = False
) -> frozenset[Fact]:
    """The facts of a case as a set."""
    known = {
        Fact.ACKNOWLEDGED: acknowledged,
        Fact.OWNED: owned,
        Fact.CALL_DUE: call_due,
        Fact.ANONYMOUS: anonymous,
    }
    return frozenset(fact for fact, holds in known.items() if holds)


def moves_for(
    kind: CaseKind, status: str, role: Role, known: Iterable[Fact] = frozenset()
) -> tuple[Move, ...]:
    """The moves that somebody of this role can make now, in the order in which they are usually made."""
    held = frozenset(known)
    return tuple(
        move
        for move in LIFECYCLES[kind].moves
        if status in move.sources and role in move.by and move.needs <= held and not move.unless & held
    )


def find_move(
    kind: CaseKind, status: str, name: str, role: Role, known: Iterable[Fact] = frozenset()
) -> Move:
    """The move of that name as it applies now. Raises MoveNotAllowed."""
    for move in moves_for(kind, status, role, known):
        if move.name == name:
            return move
    raise MoveNotAllowed(kind.value, status, name, role.value)


def apply_move(
    kind: CaseKind, status: str, name: str, role: Role, known: Iterable[Fact] = frozenset()
) -> str:
    """The status after the move. Raises MoveNotAllowed."""
    return find_move(kind, status, name, role, known).target or status


_STAFF = frozenset({Role.OFFICER, Role.MANAGER})
_MANAGER = frozenset({Role.MANAGER})
_ANYBODY = frozenset(Role)
"""Of those whose case it is: who that is, is not a matter of roles."""
_Facts = frozenset[Fact]
_NONE: _Facts = frozenset()
_ACKNOWLEDGED = frozenset({Fact.ACKNOWLEDGED})
_OWNED = frozenset({Fact.OWNED})
_CALL_DUE = frozenset({Fact.CALL_DUE})
_ANONYMOUS = frozenset({Fact.ANONYMOUS})
_ALL_DEADLINES = tuple(DeadlineKind)
# A conversation with the person answers what they wrote, and tells them how it goes.
_REACHED = (
    DeadlineKind.ACKNOWLEDGE,
    DeadlineKind.CONTACT,
    DeadlineKind.PHONE,
    DeadlineKind.ANSWER,
    DeadlineKind.UPDATE,
)


def _states(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _acknowledge(sources: str, target: str | None) -> Move:
    ends = (DeadlineKind.ACKNOWLEDGE,)
    return Move(
        "acknowledge", _states(sources), target, _STAFF, ends=ends, tells_reporter=True, unless=_ACKNOWLEDGED
    )


def _phoned(sources: str) -> Move:
    """Whom the bot cannot reach was phoned, or tried in the way that is left."""
    return Move("phoned", _states(sources), None, _STAFF, ends=(DeadlineKind.PHONE,), needs=_CALL_DUE)


def _give(
    name: str, sources: str, target: str | None = None, *, needs: _Facts = _NONE, unless: _Facts = _NONE
) -> Move:
    """A manager gives a case to somebody, who is told, and so is whoever had it."""
    told = (Told.NEW_OWNER, Told.OLD_OWNER)
    by, asks = _MANAGER, (Asks.OWNER,)
    return Move(name, _states(sources), target, by, needs=needs, unless=unless, asks=asks, tells=told)


def _contact_tried(sources: str) -> Move:
    """Nobody answered: the promise to make contact stands, and each try is kept with its way."""
    ends, asks = (DeadlineKind.PHONE,), (Asks.CHANNEL,)
    return Move("contact_tried", _states(sources), None, _STAFF, ends=ends, unless=_ANONYMOUS, asks=asks)


def _note(sources: str) -> Move:
    """For the team's eyes only, whatever the state."""
    return Move("note", _states(sources), None, _STAFF, asks=(Asks.TEXT,))


# NWCSP domain facts 3.5. `acknowledged` stands between received and triaged: it says that the person has been
# answered, not who owns the case, so a case that was taken first can still be acknowledged.
_ASB_WORKED = "acknowledged triaged assigned contacted action_plan monitoring"
_ASB_OPEN = f"received {_ASB_WORKED} reopened"
_ASB_UNASSIGNED = "received acknowledged triaged reopened"

_ASB_REPORT = Lifecycle(
    states=("received", *_ASB_WORKED.split(), "closed", "reopened"),
    resting=frozenset({"closed"}),
    moves=(
        _acknowledge("received", "acknowledged"),
        _acknowledge("triaged assigned reopened", None),
        Move("triage", _states("received acknowledged"), "triaged", _STAFF),
        Move("take", _states(_ASB_UNASSIGNED), "assigned", _STAFF, takes=True),
        _give("assign", _ASB_UNASSIGNED, "assigned"),
        _give("reassign", "assigned contacted action_plan monitoring"),
        Move(
            "contact_made",
            _states("assigned"),
            "contacted",
            _STAFF,
            starts=(DeadlineKind.UPDATE,),
            ends=_REACHED,
        ),
        _contact_tried(_ASB_OPEN),
        _phoned(_ASB_OPEN),
        # What was watched and goes on needs a plan again.
        Move("plan_actions", _states("contacted monitoring"), "action_plan", _STAFF),
        Move("monitor", _states("action_plan"), "monitoring", _STAFF),
        Move("record_stage", _states(_ASB_OPEN), None, _STAFF, asks=(Asks.STAGE, Asks.DAY)),
        _note(_ASB_OPEN + " closed"),
        Move(
            "close",
            _states(_ASB_OPEN),
            "closed",
            _STAFF,
            ends=_ALL_DEADLINES,
            tells_reporter=True,
            asks=(Asks.REASON, Asks.TEXT),
        ),
        Move(
            "withdraw",
            _states(_ASB_OPEN),
            "closed",
            _ANYBODY,
            ends=_ALL_DEADLINES,
            tells=(Told.CARETAKERS,),
        ),
        Move(
            "reopen",
            _states("closed"),
            "reopened",
            _ANYBODY,
            starts=(DeadlineKind.CONTACT,),
            tells_reporter=True,
            tells=(Told.CARETAKERS,),
        ),
    ),
)

# NWCSP domain facts 4. Answering the referrer and taking the referral leave its state alone.
_NNS_OPEN = "referred contacted visit_booked"
_NNS_ENDED = "left declined unable_to_contact duplicate out_of_area"
_NNS_STATES = f"{_NNS_OPEN} enrolled review_due {_NNS_ENDED}"

_NOMINATED_NEIGHBOUR = Lifecycle(
    states=tuple(_NNS_STATES.split()),
    resting=_states(f"enrolled {_NNS_ENDED}"),
    moves=(
        _acknowledge("referred", None),
        Move("take", _states(_NNS_OPEN), None, _STAFF, takes=True, unless=_OWNED),
        _give("assign", _NNS_OPEN + " enrolled review_due", unless=_OWNED),
        _give("reassign", _NNS_OPEN + " enrolled review_due", needs=_OWNED),
        Move("contact_made", _states("referred"), "contacted", _STAFF, ends=_REACHED, needs=_OWNED),
        _contact_tried(_NNS_OPEN + " review_due"),
        _phoned(_NNS_OPEN + " review_due"),
        Move("book_visit", _states("contacted"), "visit_booked", _STAFF, needs=_OWNED),
        Move(
            "enrol",
            _states("visit_booked"),
            "enrolled",
            _STAFF,
            ends=_ALL_DEADLINES,
            tells_reporter=True,
            needs=_OWNED,
        ),
        Move("review_falls_due", _states("enrolled"), "review_due", _STAFF),
        Move("renew", _states("review_due"), "enrolled", _STAFF),
        Move("leave", _states("enrolled review_due"), "left", _STAFF, ends=_ALL_DEADLINES),
        *(
            Move(name, _states(_NNS_OPEN), target, _STAFF, ends=_ALL_DEADLINES, tells_reporter=True)
            for name, target in (
                ("decline", "declined"),
                ("give_up_contact", "unable_to_contact"),
                ("mark_duplicate", "duplicate"),
                ("mark_out_of_area", "out_of_area"),
            )
        ),
        _note(_NNS_STATES),
    ),
)

# A question that no page answered. One answer ends it; whoever has more to ask asks anew.
_ENQUIRY = Lifecycle(
    states=("received", "answered"),
    resting=frozenset({"answered"}),
    moves=(
        Move("take", _states("received"), None, _STAFF, takes=True, unless=_OWNED),
        _give("assign", "received", unless=_OWNED),
        _give("reassign", "received", needs=_OWNED),
        _phoned("received"),
        _note("received answered"),
        Move(
            "answer",
            _states("received"),
            "answered",
            _STAFF,
            ends=_ALL_DEADLINES,
            tells_reporter=True,
            asks=(Asks.TEXT,),
        ),
    ),
)

# What somebody asks of their own data. In "waiting" the clock stands still until they have answered us.
_DATA_OPEN = "received waiting extended"

_DATA_REQUEST = Lifecycle(
    states=("received", "waiting", "extended", "answered"),
    resting=frozenset({"answered"}),
    moves=(
        Move("take", _states(_DATA_OPEN), None, _STAFF, takes=True, unless=_OWNED),
        _give("assign", _DATA_OPEN, unless=_OWNED),
        _give("reassign", _DATA_OPEN, needs=_OWNED),
        _phoned(_DATA_OPEN),
        _note(_DATA_OPEN + " answered"),
        Move("extend", _states("received"), "extended", _STAFF, starts=(DeadlineKind.ANSWER,)),
        Move("ask_back", _states("received extended"), "waiting", _STAFF, ends=(DeadlineKind.ANSWER,)),
        Move("heard_back", _states("waiting"), "received", _STAFF, starts=(DeadlineKind.ANSWER,)),
        Move("answered", _states(_DATA_OPEN), "answered", _STAFF, ends=_ALL_DEADLINES, tells_reporter=True),
    ),
)

LIFECYCLES: dict[CaseKind, Lifecycle] = {
    CaseKind.ASB_REPORT: _ASB_REPORT,
    CaseKind.NOMINATED_NEIGHBOUR: _NOMINATED_NEIGHBOUR,
    CaseKind.ENQUIRY: _ENQUIRY,
    CaseKind.DATA_REQUEST: _DATA_REQUEST,
}
