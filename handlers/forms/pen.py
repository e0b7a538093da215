"""Putting a form's screens into the chat: one screen has buttons at a time, and the chat reads as a record."""

from __future__ import annotations

from datetime import timedelta

from casework.clock import to_the_day
from casework.roles import Role, may
from handlers.forms import screens
from handlers.forms.flow import CHECK, Form, Question
from handlers.keyboards import Button, ReplyKeyboard, Rows
from handlers.safety import danger_text
from handlers.turn import Turn
from handlers.words import Html
from storage import drafts
from storage.models import Draft

DELETABLE = timedelta(hours=47)
"""A little less than the 48 hours in which a message can be deleted (Bot API, deleteMessage)."""
DANGER = "_danger"
"""Where a draft keeps which kinds of danger were spoken of."""


def show(turn: Turn, form: Form, draft: Draft, *, above: Html | None = None, in_place: bool = False) -> None:
    """The screen of the draft's place. ``in_place``: in the message that has the buttons now.

    After a tap a message is edited, after something typed a new one is sent, so that what is asked is always
    the last thing in the chat, and is read out by a screen reader.
    """
    if turn.screen.get("interrupted"):
        strip(turn)  # 999 and the numbers that help stay to be read
    turn.remember(cancelling=None, interrupted=None, press=None)
    if form.sends_itself and draft.place == CHECK:
        return
    text, rows = screens.place_screen(turn, form, draft)
    if above:
        text = Html(f"{above}\n\n{text}")
    handle = turn.screen.get("handle")
    if in_place and handle:
        turn.edit(handle, text, rows, or_send=True)
        return
    replace_screen(turn)
    put(turn, text, rows)


def notice(turn: Turn) -> Html | None:
    """The short privacy notice, once a person and version; that it was shown is recorded."""
    version = turn.service.policy.privacy.notice_version
    if turn.person.notice_version == version:
        return None
    turn.person.notice_version, turn.person.notice_at = version, to_the_day(turn.now)
    return turn.words("privacy.short")


def put(turn: Turn, text: Html, rows: Rows) -> None:
    """A new message that holds the buttons from now on."""
    number = int(turn.screen.get("n", 0)) + 1
    handle = f"s{number}"
    turn.say(text, rows, handle=handle)
    turn.remember(n=number, handle=handle, shown_at=turn.now.timestamp(), album=None, press=None)


def strip(turn: Turn) -> None:
    """The screen that is left behind loses its buttons."""
    drop_keyboard(turn)
    if handle := turn.screen.get("handle"):
        turn.strip_buttons(handle)
        turn.remember(handle=None)


def replace_screen(turn: Turn) -> None:
    """The question goes, since it is asked again further down: the chat keeps one line a question."""
    if turn.now.timestamp() - turn.screen.get("shown_at", 0) >= DELETABLE.total_seconds():
        strip(turn)
        return
    drop_keyboard(turn)
    if handle := turn.screen.get("handle"):
        turn.delete(handle)
        turn.remember(handle=None)


def park(turn: Turn, *, leave_screen: bool = False) -> None:
    """Step out of an open form without losing anything. ``leave_screen``: to be read, without buttons."""
    if leave_screen or turn.screen.get("interrupted"):
        strip(turn)
    else:
        replace_screen(turn)
    turn.draft, turn.dialog.draft_id = None, None
    turn.remember(
        cancelling=None, interrupted=None, problems=None, refused=None, resume=None, expects=None, press=None
    )


def end(turn: Turn, form: Form, draft: Draft) -> None:
    """Close a form that the person's role includes no more; what only the team may write is not kept."""
    park(turn)
    if not may(Role.RESIDENT, form.permission):
        drafts.delete_draft(turn.session, draft)


def leave_record(turn: Turn, form: Form, draft: Draft, question: Question) -> None:
    """The answered question becomes one line with its answer.

    With the app's own keyboard up the line is a new message, since only a message that is sent can put that
    keyboard away (Bot API, ReplyKeyboardRemove).
    """
    handle = turn.screen.get("handle")
    if not handle or question.key not in draft.answers:
        return
    line = screens.record_line(turn, form, draft, question)
    if turn.screen.get("keyboard_up"):
        replace_screen(turn)
        turn.hide_keyboard(line)
        turn.remember(keyboard_up=None)
        return
    turn.edit(handle, line)
    turn.remember(handle=None)


def show_keyboard(turn: Turn, keyboard: ReplyKeyboard) -> None:
    """The app's own keyboard, under the question, whose buttons stay as they are."""
    drop_keyboard(turn)
    number = int(turn.screen.get("n", 0)) + 1
    turn.remember(n=number, keyboard=f"k{number}", keyboard_up=True)
    turn.show_keyboard(keyboard, handle=f"k{number}")


def drop_keyboard(turn: Turn) -> None:
    """Delete the message that brought the app's own keyboard. The keyboard itself goes with the answer."""
    if handle := turn.screen.get("keyboard"):
        turn.delete(handle)
        turn.remember(keyboard=None)


def interrupt(turn: Turn, draft: Draft, kind: str) -> None:
    """999 first; the next question waits for a tap."""
    seen = list(dict.fromkeys([*draft.answers.get(DANGER, []), kind]))
    drafts.change(draft, answers={**draft.answers, DANGER: seen}, now=turn.now)
    replace_screen(turn)
    turn.remember(interrupted=True)
    row = (Button(turn.words.plain("safety.go_on"), screens.data_for(draft, "go")),)
    put(turn, danger_text(turn, kind), (row,))


def ask_to_stop(turn: Turn, draft: Draft, until: str) -> None:
    """The three ways to stop: in place after a tap, else as a new message."""
    text, rows = screens.cancel_screen(turn, draft, until)
    turn.remember(cancelling=True)
    handle = turn.screen.get("handle")
    if turn.incoming.press is not None and handle:
        turn.edit(handle, text, rows, or_send=True)
        return
    replace_screen(turn)
    put(turn, text, rows)
