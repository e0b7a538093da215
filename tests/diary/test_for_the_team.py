"""The officer's side: the diary from the card, for whom the case is theirs to open, and on record."""

from __future__ import annotations

from storage.models import CaseEvent
from tests.diary.kit import REFERENCE, has_case, it_happens_now, the_file, writes_in_full
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows


async def kept(ada: Somebody, town: Town) -> None:
    has_case(town, ada)
    await ada.says("/diary")
    await it_happens_now(ada)
    await ada.taps("My diary")
    await writes_in_full(ada)


async def test_an_officer_opens_the_diary_from_the_card(town: Town, ada: Somebody, jo: Somebody) -> None:
    await kept(ada, town)
    await jo.says(REFERENCE)
    await jo.taps("Diary (2)")
    jo.sees(REFERENCE, "It happened 2 times", "Late: 1.", "Not confirmed as true: 1.")
    assert _openings(town) == []
    await jo.taps("Open as PDF")
    jo.sees(f"Diary of {REFERENCE}.")
    assert the_file(jo, town).startswith(b"%PDF-")
    assert "has_protected_content" not in jo.last.data  # it may have to go into a court bundle
    assert _openings(town) == ["pdf"]
    await jo.taps("See the pattern")
    assert jo.last.kind == "photo"
    assert _openings(town) == ["pdf", "pattern"]
    await jo.taps("Back to the case")
    jo.sees("diary opened, Jo Green")


def _openings(town: Town) -> list[str]:
    return [e.detail["what"] for e in all_rows(town.database, CaseEvent) if e.kind == "diary_opened"]


async def test_a_case_without_a_diary_has_no_button(town: Town, ada: Somebody, jo: Somebody) -> None:
    has_case(town, ada)
    await jo.says(REFERENCE)
    assert not [label for label in jo.last.labels if label.startswith("Diary")]


async def test_an_officer_of_another_district_cannot_open_it(town: Town, ada: Somebody) -> None:
    await kept(ada, town)
    wes = await town.officer("Wes Lane", "wyre_forest")
    front = wes.last
    chat = town.world.chats[wes.phone.user_id]
    for data in ("y:o:1", "y:opdf:1", "y:opat:1"):
        town.world.press_update(chat, wes.phone.account, front.data, data)
        await town.settle()
        wes.sees("not one of your areas")
    assert not [m for m in wes.phone.bot_messages if m.kind != "text"]
    assert _openings(town) == []
