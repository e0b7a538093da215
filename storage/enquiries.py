"""Questions and the pages made of their answers. Finding a page is storage.page_index's."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, literal, select
from sqlalchemy.orm import Session

from storage.models import AskedOutcome, AskedQuestion, Case, PageState, SavedPage

# Written out, not bound: the partial indexes serve only queries that say the same (storage.models.base).
_UNANSWERED = AskedQuestion.outcome != literal(AskedOutcome.OFFERED.value, literal_execute=True)
_PUBLISHED = SavedPage.state == literal(PageState.PUBLISHED.value, literal_execute=True)


def keep_question(session: Session, text: str, outcome: AskedOutcome, now: datetime) -> AskedQuestion:
    """A question as it was typed, without who typed it. Its id is set."""
    asked = AskedQuestion(at=now, text=text, outcome=outcome.value)
    session.add(asked)
    session.flush()
    return asked


def mark_not_helped(session: Session, question_id: int, page: str) -> None:
    """The page that was read was no answer to this question; nothing where the question is gone."""
    asked = session.get(AskedQuestion, question_id)
    if asked is not None:
        asked.outcome, asked.page = AskedOutcome.NOT_HELPED.value, page


def list_unanswered(session: Session, *, offset: int, limit: int) -> Sequence[AskedQuestion]:
    """Questions without a page that helped, the newest first."""
    return session.scalars(
        select(AskedQuestion)
        .where(_UNANSWERED)
        .order_by(AskedQuestion.at.desc(), AskedQuestion.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()


def count_unanswered(session: Session) -> int:
    """How many `list_unanswered` has in all."""
    return session.scalar(select(func.count()).select_from(AskedQuestion).where(_UNANSWERED)) or 0


def delete_questions(session: Session, now: datetime, keep: timedelta) -> int:
    """Delete questions that were asked longer ago than ``keep``; returns how many."""
    old = delete(AskedQuestion).where(AskedQuestion.at <= now - keep)
    return len(session.scalars(old.returning(AskedQuestion.id)).all())


def add_page(
    session: Session, *, title: str, body: str, question: str, case_id: int | None, by: int, now: datetime
) -> SavedPage:
    """A page that waits for a second reader. Its id is set."""
    page = SavedPage(
        title=title,
        body=body,
        question=question,
        stamp=secrets.token_hex(8),
        case_id=case_id,
        written_by=by,
        written_at=now,
    )
    session.add(page)
    session.flush()
    return page


def lock_page(session: Session, page_id: int) -> SavedPage | None:
    """The page as it is now, with nobody else deciding on it until the transaction ends."""
    found = select(SavedPage).where(SavedPage.id == page_id).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def decide_page(session: Session, page: SavedPage, state: PageState, *, by: int, now: datetime) -> None:
    """Publish the page, or not."""
    page.state, page.stamp = state.value, secrets.token_hex(8)
    page.reviewed_by, page.reviewed_at = by, now
    session.flush()


def published_stamps(session: Session) -> tuple[str, ...]:
    """What the published pages are, in short: it changes whenever one of them does."""
    return tuple(session.scalars(select(SavedPage.stamp).where(_PUBLISHED).order_by(SavedPage.id)).all())


def list_published(session: Session) -> Sequence[SavedPage]:
    """The pages that others may read, the oldest first."""
    return session.scalars(select(SavedPage).where(_PUBLISHED).order_by(SavedPage.id)).all()


def find_published(session: Session, page_id: int) -> SavedPage | None:
    """The page of that id, if others may read it."""
    page = session.get(SavedPage, page_id)
    return page if page is not None and page.state == PageState.PUBLISHED.value else None


def last_district(session: Session, person_id: int) -> str | None:
    """The district of what this person reported last; None where there is none."""
    return session.scalars(
        select(Case.district)
        .where(Case.reporter_id == person_id, Case.district.is_not(None))
        .order_by(Case.id.desc())
        .limit(1)
    ).one_or_none()
