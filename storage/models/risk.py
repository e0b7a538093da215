"""How much harm there may be to the person who reported, as it was judged each time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import KEY, Base
from storage.types import EncryptedJSON


class RiskAssessment(Base, kw_only=True):
    """One judgement of a case's risk. Never changed: a new judgement is a new row.

    Not shown to the person who reported, neither its total nor its band (NWCSP domain facts 3.6).
    """

    __tablename__ = "risk_assessment"

    id: Mapped[int] = mapped_column(KEY, primary_key=True, init=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), default=None)
    """Who answered or decided. None: somebody who stayed anonymous, or the bot."""
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON("risk_assessment.answers"))
    """A score for each question that was answered, by the question's key; `casework.risk` knows them."""
    total: Mapped[int]
    band: Mapped[str]
    floors: Mapped[list[str]] = mapped_column(default_factory=list)
    """Why the band is not lower than it is, whatever the total."""
    source: Mapped[str]
    """`casework.risk.Source`: who the answers came from."""
