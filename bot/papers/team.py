"""The team's work as a picture: a bar for each officer, split by risk. The numbers stand in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.papers.paper import Paper, PaperGone
from bot.papers.typeset import make_png
from casework.cases import RiskBand
from casework.workload import Load
from handlers.turn import Service
from handlers.words import ENGLISH, Words
from handlers.workload import team

PNG = "image/png"
SHARP = 220
"""Pixels an inch: about three for each of a phone 360 pixels wide."""
_BANDS = (RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.STANDARD)


def team_load(session: Session, service: Service, page: int) -> Paper:
    """A page of the team as it is when the picture is made. PaperGone where nobody is in it."""
    now = service.clock.now()
    shown = team.load_page(session, service, now, page)
    if not shown.rows:
        raise PaperGone("nobody in the team")
    words = service.words(ENGLISH)
    today = service.calendar.local_day(now)
    data: dict[str, Any] = {
        "lang": "en",
        "title": words.plain("team_work.picture.title.label"),
        "subtitle": words.day(today, today),
        "bands": [words.plain(f"team_work.picture.{band.value}.label") for band in _BANDS],
        "most": max(1, *(load.open for load in shown.rows)),
        "rows": [_row(words, load) for load in shown.rows],
    }
    return Paper("team.png", make_png("team", data, ppi=SHARP), PNG)


def _row(words: Words, load: Load) -> dict[str, Any]:
    return {
        "name": team.shown_name(words, load),
        "said": words.plain("team_work.picture.row.label", n=load.open, late=load.late),
        "counts": [load.by_band[band] for band in _BANDS],
    }


MAKERS = {team.PICTURE: team_load}
"""By kind of paper; the id is the page."""
