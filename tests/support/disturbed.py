"""What an undisturbed report holds and costs, to measure a disturbed one by."""

from __future__ import annotations

from typing import Any

from tests.support.service import Somebody, Town
from tests.support.stored import the_case
from tests.support.walks import REPORT_STEPS, STORY, goes_on

UNDISTURBED = len(REPORT_STEPS) + 1  # and /report
TOLD = {
    "where": {"text": "b97 4aa", "postcode": "B97 4AA", "location": None, "district": "redditch"},
    "what": STORY,
    "how_often": "most_days",
    "when": None,
    "my_home": "council_tenant",
    "their_home": "provider_tenant",
    "name": "Ada Lovelace",
    "phone": {"typed": "07700 900123", "e164": "+447700900123"},
    "safe": "call_and_message",
    "danger_words": [],
    "more": [],
}


async def all_arrives(town: Town, ada: Somebody, since: str, **but: Any) -> None:
    """The rest of the report is answered as if nothing had been, and everything told is in the case."""
    await goes_on(ada, since)
    ada.reads("report.sent")
    assert the_case(town.database, ada.reference()).detail == {**TOLD, **but}


def cost(ada: Somebody, disturbance: int) -> int:
    """Actions beyond those of an undisturbed report and of the disturbance itself (Start is one, too)."""
    return ada.actions - 1 - UNDISTURBED - disturbance
