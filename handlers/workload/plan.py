"""What a handover would do: whose cases, which of them, and who gets which. Nothing is changed here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from casework.cases import RiskBand
from casework.workload import Load, Piece, Shares, share_out
from handlers.turn import Turn
from storage import handover, workload
from storage.handover import Held
from storage.models import Case

UNKNOWN = "unknown"
"""As a district: where nobody knows which one it is."""
_REMEMBERED = "handover"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a manager asked for. An empty choice leaves nothing out."""

    former: int
    to: tuple[int, ...]
    kinds: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    cases: tuple[int, ...] = ()

    def wants(self, case: Case) -> bool:
        """Whether the case is meant."""
        return (
            (not self.kinds or case.kind in self.kinds)
            and (not self.districts or (case.district or UNKNOWN) in self.districts)
            and (not self.risks or case.risk in self.risks)
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """Who gets which of the cases that are open now."""

    wish: Wish
    held: Sequence[Held]
    """The cases that are meant, in the order of their ids."""
    receivers: Sequence[Load]
    shares: Shares

    @property
    def stamp(self) -> str:
        """Short, and another one for every other plan: a button that carries it does this plan or nothing."""
        told = repr((self.wish.former, sorted(self.shares.given.items()), self.shares.left))
        return hashlib.blake2s(told.encode(), digest_size=6).hexdigest()

    def of(self, person_id: int) -> list[Held]:
        """What one of the receivers gets."""
        return [one for one in self.held if self.shares.given.get(one.case.id) == person_id]


def make_plan(turn: Turn, wish: Wish, *, lock: bool = False) -> Plan:
    """The wish as things stand now. With ``lock`` the cases stay as they are until the transaction ends."""
    only = wish.cases or None
    held = handover.list_held(turn.session, wish.former, turn.now, only=only, lock=lock)
    meant = [one for one in held if wish.wants(one.case)]
    loads = workload.list_loads(turn.session, turn.now)
    receivers = [load for load in loads if load.person_id in wish.to and load.in_team and load.reachable]
    pieces = [
        Piece(one.case.id, RiskBand(one.case.risk), one.late, one.case.district, one.case.reporter_id)
        for one in meant
    ]
    return Plan(wish, meant, receivers, share_out(pieces, receivers, turn.service.policy.workload))


def remember(turn: Turn, wish: Wish | None) -> None:
    """Keep what was asked for until it is confirmed; None forgets it."""
    turn.remember(**{_REMEMBERED: None if wish is None else asdict(wish)})


def remembered(turn: Turn) -> Wish | None:
    """What waits to be confirmed."""
    if _REMEMBERED not in turn.screen:
        return None
    kept: dict[str, Any] = dict(turn.screen[_REMEMBERED])
    former = kept.pop("former")
    return Wish(former, **{key: tuple(value) for key, value in kept.items()})
