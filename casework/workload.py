"""How much work each officer carries, who gets the next case, and how one officer's work is shared out.

A case weighs by its risk band, and more while something on it is late. The weights are the policy's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from casework.cases import RiskBand
from casework.policy import Workload

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Load:
    """What one person of the team carries now."""

    person_id: int
    name: str
    by_band: Mapping[RiskBand, int] = field(default_factory=dict)
    """Open cases by risk."""
    late: int = 0
    """How many of them have something overdue."""
    districts: frozenset[str | None] = frozenset()
    """Those of an officer; None among them is every district."""
    manager: bool = False
    officer: bool = True
    reachable: bool = True
    """Whether the bot can write to them."""
    last_given_at: datetime | None = None

    @property
    def open(self) -> int:
        """Open cases in all."""
        return sum(self.by_band.values())

    @property
    def in_team(self) -> bool:
        """Whether they hold a role of the team now; who left may still own cases."""
        return self.officer or self.manager

    def covers(self, district: str | None) -> bool:
        """Whether they may open a case of this district: a manager all, everybody those of no known one."""
        if self.manager or (district is None and self.officer):
            return True
        return self.officer and bool(self.districts & {district, None})


def case_weight(band: RiskBand, weights: Workload, *, late: bool = False) -> int:
    """What one case weighs."""
    return weights.weight[band].value + (weights.overdue.value if late else 0)


def load_weight(load: Load, weights: Workload) -> int:
    """What somebody carries in all."""
    cases = sum(weights.weight[band].value * number for band, number in load.by_band.items())
    return cases + weights.overdue.value * load.late


def lightest_first(
    loads: Iterable[Load], weights: Workload, *, district: str | None, away: Collection[int] = ()
) -> list[Load]:
    """Who can be given a case of the district now, the lightest load first.

    The officers of the district who can be reached and aren't away; where there are none, the managers. Of
    equal loads first who was given a case longest ago, then by name.
    """
    here = [load for load in loads if load.reachable and load.person_id not in away and load.covers(district)]
    officers = [load for load in here if load.officer]
    return sorted(
        officers or here,
        key=lambda load: (
            load_weight(load, weights),
            load.last_given_at or _LONG_AGO,
            load.name.casefold(),
            load.person_id,
        ),
    )


def suggest_owner(
    loads: Iterable[Load], weights: Workload, *, district: str | None, away: Collection[int] = ()
) -> Load | None:
    """Who should get a case of the district; None where nobody can."""
    return next(iter(lightest_first(loads, weights, district=district, away=away)), None)


@dataclass(frozen=True, slots=True)
class Piece:
    """One case that is to be handed over."""

    case_id: int
    band: RiskBand
    late: bool
    district: str | None
    reporter_id: int | None
    """Who reported it: their cases go to one officer, so that they keep one contact."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Who gets which case; ``left`` are those that none of the receivers may open."""

    given: Mapping[int, int]
    """Case id → person id."""
    left: tuple[int, ...]


def share_out(pieces: Iterable[Piece], receivers: Sequence[Load], weights: Workload) -> Shares:
    """Split the cases among the receivers by weight, the heaviest first, each to whoever carries least.

    The cases of one person stay together wherever one receiver may open them all. The same cases and loads
    give the same shares, in whatever order they come.
    """
    carried = {load.person_id: load_weight(load, weights) for load in receivers}
    names = {load.person_id: (load.name.casefold(), load.person_id) for load in receivers}
    given: dict[int, int] = {}
    left: list[int] = []
    for bundle in _bundles(pieces, receivers, weights):
        able = _able(bundle, receivers)
        if not able:
            left += [piece.case_id for piece in bundle]
            continue
        to = min(able, key=lambda person: (carried[person], names[person]))
        carried[to] += _weight(bundle, weights)
        given |= {piece.case_id: to for piece in bundle}
    return Shares(given, tuple(sorted(left)))


def _bundles(
    pieces: Iterable[Piece], receivers: Sequence[Load], weights: Workload
) -> list[tuple[Piece, ...]]:
    """What is given as a whole, the heaviest first."""
    together: dict[tuple[str, int], list[Piece]] = {}
    for piece in sorted(pieces, key=lambda one: one.case_id):
        whose = ("case", piece.case_id) if piece.reporter_id is None else ("person", piece.reporter_id)
        together.setdefault(whose, []).append(piece)
    bundles: list[tuple[Piece, ...]] = []
    for group in together.values():
        whole = tuple(group)
        bundles += [whole] if _able(whole, receivers) else [(piece,) for piece in group]
    return sorted(bundles, key=lambda bundle: (-_weight(bundle, weights), bundle[0].case_id))


def _able(bundle: Sequence[Piece], receivers: Sequence[Load]) -> list[int]:
    return [load.person_id for load in receivers if all(load.covers(piece.district) for piece in bundle)]


def _weight(bundle: Sequence[Piece], weights: Workload) -> int:
    return sum(case_weight(piece.band, weights, late=piece.late) for piece in bundle)
