"""What the checks of the catalogs let pass, each with its reason, and the keys that code puts together."""

from collections.abc import Callable, Iterable

from tests.words.generated import (
    asking_keys,
    diary_keys,
    fieldwork_keys,
    handover_keys,
    invite_keys,
    my_data_keys,
    officer_keys,
    paper_bridge_keys,
    planning_keys,
    refer_keys,
    report_keys,
    route_keys,
)

# Read by officers only: same voice, but the words of the work are allowed and no reading age is asked for.
STAFF_DOMAINS = frozenset(
    {
        "answer",
        "dates",
        "diary_team",
        "links",
        "leave",
        "history",
        "find",
        "digest",
        "messages",
        "officer",
        "officer_acts",
        "officer_data",
        "officer_evidence",
        "officer_risk",
        "officer_note",
        "officer_stage",
        "paper_bridge",
        "reminder",
        "team_page",
        "team_work",
        "upkeep",
    }
)

# Keys that no source file spells out, because a form or a list of policy entries puts them together.
# Each entry is called without arguments and returns complete keys.
GENERATED_KEYS: list[Callable[[], Iterable[str]]] = [
    asking_keys,
    diary_keys,
    fieldwork_keys,
    handover_keys,
    my_data_keys,
    officer_keys,
    planning_keys,
    paper_bridge_keys,
    report_keys,
    refer_keys,
    invite_keys,
    route_keys,
]

# Texts that stand on a button although their key does not say so.
BUTTONS = frozenset(
    {
        "kit.phone.send",
        "kit.place.send",
        "kit.when.now",
        *(f"kit.when.part.{part}" for part in ("morning", "afternoon", "evening", "night")),
    }
)

# (check, key): why this sentence may differ. A row that no check needs any more fails the tests.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("sentence length", "diary_team.paper.truth.text"): "the words of the Civil Procedure Rules, for a court",
    ("banned words", "common.fault"): 'the one place for "sorry" and "wrong": we broke something ourselves',
    ("banned words", "following.apology.top"): "we did not keep a date that we gave: our own doing",
    ("capitals", "following.review.info"): "the review's legal name; the short form is explained there",
    ("banned words", "following.review.info"): "the review's legal name, and the one that people search for",
    ("digits", "kit.when.hint"): "shows how a time may be typed; it is no fact",
    ("digits", "kit.problem.when"): "shows how a time may be typed; it is no fact",
    ("question first", "menu.command.ask"): "what a command does, not what it asks",
    ("question first", "kit.resume.ask"): "says what is open; the buttons are the question",
}

# Names that are written in capitals.
CAPITALS = frozenset({"BSL", "UK", "MB", "GPS", "PDF"})
