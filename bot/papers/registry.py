"""Which papers there are, by kind, and who makes them.

A row of the outbox with ``upload: {"paper": <kind>, "id": <id>}`` in its payload is sent with that file; the
file is made when the row is sent, so none lies about in between. A maker is synchronous, reads only, runs in a
worker thread, and raises PaperGone where there is nothing to make the paper of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from bot.evidence import papers as evidence_papers
from bot.papers import archive, diary, letters, team, timeline, visits
from bot.papers.paper import Paper, PaperGone
from handlers.turn import Service
from storage.database import Database

Maker = Callable[[Session, Service, int], Paper]

MAKERS: dict[str, Maker] = {
    **archive.MAKERS,
    **diary.MAKERS,
    **evidence_papers.MAKERS,
    **letters.MAKERS,
    **team.MAKERS,
    **timeline.MAKERS,
    **visits.MAKERS,
}
"""Every kind of paper. Handlers name the kind; ``id`` means what its maker says."""


def make_paper(
    database: Database, service: Service, upload: Mapping[str, Any], makers: Mapping[str, Maker] = MAKERS
) -> Paper:
    """The paper that an outbox row asks for. PaperGone; KeyError for a kind that nobody makes."""
    maker = makers[str(upload["paper"])]
    with database.reading() as session:
        return maker(session, service, int(upload["id"]))


__all__ = ["MAKERS", "Maker", "Paper", "PaperGone", "make_paper"]
