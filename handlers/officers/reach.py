"""How often a person was tried, and how often they have to be before a case can be closed as out of reach."""

from __future__ import annotations

from casework.contact_tries import Tries, Try, Way, count_tries
from handlers.turn import Turn
from handlers.words import Html
from storage.case_events import list_tries
from storage.models import Case


def tries_of(turn: Turn, case: Case) -> Tries:
    """What the tries of a case come to, since somebody last spoke to the person."""
    made = list_tries(turn.session, case.id)
    calendar = turn.service.calendar
    return count_tries(
        [Try(calendar.local_day(event.at), Way(event.detail["way"])) for event in made],
        turn.service.policy.following,
    )


def so_far(turn: Turn, tries: Tries) -> Html:
    """How often they were tried, and how often is needed to close the case as out of reach."""
    if tries.enough:
        return turn.words("officer_acts.tries.enough")
    rules = turn.service.policy.following
    return turn.words(
        "officer_acts.tries.so_far",
        days=tries.days,
        ways=tries.ways,
        needed=rules.contact_try_days.value,
        needed_ways=rules.contact_try_ways.value,
    )
