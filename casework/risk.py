"""How much harm there may be: ten questions, their total, the bands and what each band asks for.

The person who reported never sees a number or a band; what officers read is put into words elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from casework.cases import RiskBand
from casework.errors import LoweringNotAllowed
from casework.policy_rules import RiskRules


class Floor(StrEnum):
    """A fact that keeps a band from being lower, whatever the total."""

    DANGER_NOW = "danger_now"
    VIOLENCE = "violence"
    CRISIS = "crisis"
    HATE = "hate"
    UNANSWERED = "unanswered"


class Source(StrEnum):
    """Who an assessment came from."""

    PERSON = "person"
    OFFICER = "officer"


class Action(StrEnum):
    """What a band asks of the team."""

    ADVICE = "advice"
    DIARY = "diary"
    ACTION_PLAN = "action_plan"
    CONSIDER_AGENCIES = "consider_agencies"
    TELL_MANAGER_TODAY = "tell_manager_today"
    SAFETY_PLAN = "safety_plan"
    CONSIDER_HOME_SECURITY = "consider_home_security"
    CONSIDER_COMPLEX_CASES = "consider_complex_cases"


@dataclass(frozen=True, slots=True)
class RiskQuestion:
    """One question. The place of an option is its score, 0 to 3; `floors` are by score."""

    key: str
    options: tuple[str, str, str, str]
    floors: Mapping[int, Floor] = field(default_factory=dict)

    def score(self, option: str) -> int:
        """The score of an option. Raises ValueError for one that the question has not."""
        return self.options.index(option)


# NWCSP domain facts 3.6: an original set (proposal), since published matrices differ. The order is theirs.
QUESTIONS: tuple[RiskQuestion, ...] = (
    RiskQuestion("how_often", ("one_off", "monthly", "weekly", "most_days")),
    RiskQuestion("changing", ("easing", "same", "worse", "much_worse")),
    RiskQuestion("aimed_at", ("nobody", "several_homes", "my_home", "who_i_am"), {3: Floor.HATE}),
    RiskQuestion("worst", ("nuisance", "insults", "threats_damage", "violence"), {3: Floor.VIOLENCE}),
    RiskQuestion("how_close", ("unknown", "seen_locally", "neighbour", "same_building")),
    RiskQuestion("daily_life", ("little", "some", "avoid_things", "afraid_at_home")),
    RiskQuestion("health", ("little", "upset", "doctor_or_sleep", "in_crisis"), {3: Floor.CRISIS}),
    RiskQuestion("help", ("good", "some", "little", "nobody")),
    RiskQuestion("needs", ("none", "one", "two", "three_or_more")),
    RiskQuestion("history", ("none", "past_reports", "action_failed", "after_formal_action")),
)

VULNERABILITY: tuple[str, ...] = ("daily_life", "health", "help", "needs")
"""The questions, 6 to 9, whose answers say that somebody may need extra help."""

_BY_KEY = {question.key: question for question in QUESTIONS}
_ORDER = tuple(RiskBand)
_WEIGHTY = 2
_AT_LEAST: dict[Floor, RiskBand] = {
    Floor.DANGER_NOW: RiskBand.HIGH,
    Floor.VIOLENCE: RiskBand.HIGH,
    Floor.CRISIS: RiskBand.HIGH,
    Floor.HATE: RiskBand.MEDIUM,
    Floor.UNANSWERED: RiskBand.MEDIUM,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """An answer that weighs, for officers: the question and the option that was chosen."""

    question: str
    option: str
    score: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the answers come to. `floors` are those that were met, whether or not the total is higher."""

    total: int
    band: RiskBand
    floors: tuple[Floor, ...]
    unanswered: tuple[str, ...]
    reasons: tuple[Reason, ...]
    """The heaviest first, then in the order of the questions."""

    @property
    def officer_phones(self) -> bool:
        """Whether so much is unanswered that an officer rings the person and asks."""
        return Floor.UNANSWERED in self.floors


def assess(answers: Mapping[str, int | None], rules: RiskRules, known: Collection[Floor] = ()) -> Assessment:
    """Total and band of the answers, by question; None or absent is unanswered.

    `known` are floors from other facts of the case: danger now, or that anybody takes it for hate (NWCSP
    domain facts 3.6; figures are a proposal, so they are the policy's). Raises ValueError for a question or a
    score that does not exist.
    """
    _check(answers)
    given = {key: score for key, score in answers.items() if score is not None}
    unanswered = tuple(question.key for question in QUESTIONS if question.key not in given)
    floors = {*known, *_floors_in(given)}
    if len(unanswered) >= rules.unanswered_floor.value:
        floors.add(Floor.UNANSWERED)
    total = sum(given.values())
    band = highest(_band_of(total, rules), *(_AT_LEAST[floor] for floor in floors))
    met = tuple(floor for floor in Floor if floor in floors)
    return Assessment(total, band, met, unanswered, weighty(given, _WEIGHTY))


def scores(options: Mapping[str, str | None]) -> dict[str, int | None]:
    """The scores of chosen options, by question. Raises ValueError for one that does not exist."""
    unknown = options.keys() - _BY_KEY.keys()
    if unknown:
        raise ValueError(f"no risk question is called {sorted(unknown)[0]!r}")
    return {key: None if option is None else _BY_KEY[key].score(option) for key, option in options.items()}


def weighty(answers: Mapping[str, int | None], at_least: int) -> tuple[Reason, ...]:
    """The answers of at least that score, the heaviest first, then in the order of the questions."""
    found = [
        Reason(question.key, question.options[score], score)
        for question in QUESTIONS
        if (score := answers.get(question.key)) is not None and score >= at_least
    ]
    return tuple(sorted(found, key=lambda reason: -reason.score))


def highest(*bands: RiskBand) -> RiskBand:
    """The gravest of the bands."""
    return max(bands, key=_ORDER.index)


@dataclass(frozen=True, slots=True)
class Rescored:
    """The band that a case has now, and a lower one that the answers speak for, for two officers to decide."""

    band: RiskBand
    lower_proposed: RiskBand | None = None


def rescore(current: RiskBand, assessed: RiskBand, *, assessed_before: bool) -> Rescored:
    """The band after somebody answered again.

    The first answers replace the band that was presumed. Later ones raise it at once; lowering is for two
    officers (NWCSP domain facts 3.6).
    """
    if not assessed_before or highest(current, assessed) is assessed:
        return Rescored(assessed)
    return Rescored(current, lower_proposed=assessed)


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """What an officer needs to change a band by hand."""

    needs_reason: bool
    needs_second_officer: bool


RAISING = ChangeRule(needs_reason=False, needs_second_officer=False)
LOWERING = ChangeRule(needs_reason=True, needs_second_officer=True)


def change_rule(before: RiskBand, after: RiskBand) -> ChangeRule:
    """What the change needs: raising nothing, lowering a reason and a second officer (facts 3.6)."""
    return LOWERING if highest(before, after) is not after else RAISING


def check_change(before: RiskBand, after: RiskBand, *, reason: str, first: int, second: int | None) -> None:
    """Raise LoweringNotAllowed unless reason and officers (their person ids) suffice for the change."""
    rule = change_rule(before, after)
    if rule.needs_reason and not reason.strip():
        raise LoweringNotAllowed(before.value, after.value, "a reason")
    if rule.needs_second_officer and second in (None, first):
        raise LoweringNotAllowed(before.value, after.value, "a second officer")


class Decision(StrEnum):
    """What became of a change by hand. OVERTAKEN: the band had changed before anybody agreed to lower it."""

    RAISED = "raised"
    AGREED = "agreed"
    DECLINED = "declined"
    OVERTAKEN = "overtaken"


def is_raised(before: RiskBand, after: RiskBand) -> bool:
    """Whether the second band is the graver one."""
    return before is not after and highest(before, after) is after


@dataclass(frozen=True, slots=True)
class BandPlan:
    """What a band asks for, and after how many working days it is looked at again."""

    actions: tuple[Action, ...]
    review_wd: int


def plan_for(band: RiskBand, rules: RiskRules) -> BandPlan:
    """What the band asks for (NWCSP domain facts 3.6, "Actions"; proposal)."""
    return BandPlan(_ACTIONS[band], rules.review_wd[band].value)


_ACTIONS: dict[RiskBand, tuple[Action, ...]] = {
    RiskBand.STANDARD: (Action.ADVICE, Action.DIARY),
    RiskBand.MEDIUM: (Action.ACTION_PLAN, Action.CONSIDER_AGENCIES),
    RiskBand.HIGH: (
        Action.TELL_MANAGER_TODAY,
        Action.SAFETY_PLAN,
        Action.CONSIDER_HOME_SECURITY,
        Action.CONSIDER_COMPLEX_CASES,
    ),
}


def _band_of(total: int, rules: RiskRules) -> RiskBand:
    if total >= rules.high_from.value:
        return RiskBand.HIGH
    return RiskBand.MEDIUM if total >= rules.medium_from.value else RiskBand.STANDARD


def _floors_in(given: Mapping[str, int]) -> set[Floor]:
    return {_BY_KEY[key].floors[score] for key, score in given.items() if score in _BY_KEY[key].floors}


def _check(answers: Mapping[str, int | None]) -> None:
    for key, score in answers.items():
        if key not in _BY_KEY:
            raise ValueError(f"no risk question is called {key!r}")
        if score is not None and score not in range(4):
            raise ValueError(f"{key} is answered by 0 to 3, not by {score!r}")
