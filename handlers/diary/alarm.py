"""Words of danger in a diary entry reach the team at once: the person saw 999 first, and nobody reads along."""

from __future__ import annotations

from handlers.keyboards import Button
from handlers.officers.notices import recipients
from handlers.turn import Turn, tell
from storage.models import Case
from storage.team import load_team


def tell_team(turn: Turn, case: Case) -> int:
    """Tell the case's owner, or the officers of its district. Returns how many were told."""
    told = recipients(load_team(turn.session, turn.today).caretakers(case))
    for to in told:
        words = turn.service.words(to.language)
        text = words("diary_team.danger", reference=case.reference)
        row = (Button(words.plain("officer.open.button"), f"o:{case.id}"),)
        tell(turn.session, to, text, (row,), now=turn.now, case_id=case.id)
    return len(told)
