"""What is asked besides, by what the report is about: a tap or two, only where it says who can act, or how fast."""

from __future__ import annotations

from handlers.forms.flow import Only, Question
from handlers.forms.kinds.choice import Choice, Several, yes_no
from handlers.forms.kinds.kind import Asking
from handlers.forms.kinds.text import ShortText

KIND, OTHER = "kind", "other"
"""The question what exactly it is, and its answer that names nothing of the list."""

_MOVING = ("off_road_bikes", "speeding", "racing")
_ORDINARY = ("everyday_noise", "children_playing", "mowing", "cooking_smells", "parking", "boundary")

# Hate has one kind. Whatever noise it is, the same people look after it: it is asked for with its pattern, later.
_CATEGORIES = (
    "neighbours",
    "threats",
    "drugs",
    "groups",
    "vehicles",
    "damage",
    "rubbish",
    "animals",
    "fires",
    "something_else",
)


def kinds(asking: Asking) -> tuple[str, ...]:
    """The kinds of problem within the category that was chosen, and none of them."""
    chosen = asking.answers.get("category")
    return kinds_of(asking, chosen) if chosen else kinds_of(asking, *_asked_for(asking))


def kinds_of(asking: Asking, *categories: str) -> tuple[str, ...]:
    """The kinds behind these categories of the policy, then *something else*."""
    known = {category.key: category.sub_kinds for category in asking.policy.categories}
    return (*(kind for category in categories for kind in known.get(category, ())), OTHER)


def named_kind(answers: dict[str, object]) -> str | None:
    """What exactly it is, by the key of its kind; None where nobody has said."""
    kind = answers.get(KIND)
    return None if kind in (None, OTHER) else str(kind)


def _asked_for(asking: Asking) -> tuple[str, ...]:
    return tuple(category.key for category in asking.policy.categories if category.key in _CATEGORIES)


def _follow_up(
    key: str, kind: Choice | Several | ShortText, only: Only, *, optional: bool = False
) -> Question:
    return Question(key, kind, only=(only,), optional=optional, follow_up=True)


DETAILS: tuple[Question, ...] = (
    Question(
        KIND,
        Choice(kinds, across=1),
        only=(Only.when("category", *_CATEGORIES),),
        goes_with="category",
        follow_up=True,
        notes={kind: f"report.ordinary.{kind}" for kind in _ORDINARY},
    ),
    _follow_up("know_them", yes_no(dont_know=True), Only.when("category", "threats", "hate")),
    _follow_up(
        "aimed_at",
        Several(("race", "religion", "disability", "sexuality", "gender", "else")),
        Only.when("category", "hate"),
        optional=True,
    ),
    _follow_up(
        "how_many", Choice(("few", "some", "many"), across=1), Only.when("category", "groups"), optional=True
    ),
    _follow_up(
        "plate",
        ShortText(longest=40),
        Only.when(KIND, *_MOVING, "parking", "abandoned_vehicle"),
        optional=True,
    ),
    _follow_up(
        "stands",
        Choice(("road", "car_park", "private_land", "unknown"), across=1),
        Only.when(KIND, "abandoned_vehicle"),
    ),
    _follow_up(
        "land", Choice(("public", "private", "unknown"), across=1), Only.when(KIND, "fly_tipping", "needles")
    ),
    _follow_up("whose", Choice(("mine", "public", "another"), across=1), Only.when("category", "damage")),
    _follow_up("hurt", yes_no(dont_know=True), Only.when("category", "animals")),
    # Begging and sleeping rough are two things: not everybody who begs has no home (NWCSP domain facts 3.3).
    _follow_up("sleeping_rough", yes_no(dont_know=True), Only.when(KIND, "begging")),
    _follow_up("paid", yes_no(dont_know=True), Only.when(KIND, "doorstep_trader")),
)
"""In the order in which they are asked; each has a tap for who does not know, or can be skipped."""

KEYS = tuple(question.key for question in DETAILS if question.key != KIND)


def told(answers: dict[str, object]) -> dict[str, object]:
    """What was said to these questions, to be kept with the report."""
    return {key: answers[key] for key in KEYS if answers.get(key) is not None}
