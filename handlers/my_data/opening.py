"""Opening one of this room's forms from a button: what the form kit does for a command."""

from __future__ import annotations

from datetime import timedelta

from handlers.forms import pen
from handlers.forms.flow import Answers, Form, next_place
from handlers.turn import Turn
from storage import drafts


def begin(turn: Turn, form: Form, answers: Answers | None = None) -> None:
    """A fresh draft and its first question that ``answers`` leave open."""
    pen.park(turn)
    drafts.delete_form(turn.session, turn.chat_key, form.name)
    draft = drafts.new_draft(
        turn.session,
        chat_key=turn.chat_key,
        form=form.name,
        place=next_place(form, answers or {}),
        now=turn.now,
        life=timedelta(days=turn.service.policy.lifetimes.draft_days.value),
    )
    draft.answers = answers or {}
    turn.draft, turn.dialog.draft_id = draft, draft.id
    pen.show(turn, form, draft, above=pen.notice(turn))
