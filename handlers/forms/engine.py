"""The form kit: what every conversation does alike, from the first question to the reference.

Place and answers are a row (``Draft``); the screen is a few facts in ``Dialog``. Nothing is kept in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from casework.roles import may
from handlers.forms import answering, pen, screens, ways
from handlers.forms.files import keep_file
from handlers.forms.flow import CHECK, Answers, Form, Question, next_place, present_place, previous_place
from handlers.forms.kinds.choice import fold, typed_words
from handlers.forms.kinds.kind import Problem
from handlers.keyboards import Button, Rows
from handlers.turn import Turn
from handlers.words import Html
from storage import drafts
from storage.models import Draft

DOUBLE_TAP = timedelta(seconds=10)
"""The same button again within this time is a slip of the finger: once is enough."""


class FormKit:
    """Runs the forms. ``leave`` shows the menu when a person steps out: what to say above, and first rows."""

    def __init__(self, forms: Iterable[Form], leave: Callable[[Turn, Html | None, Rows], None]) -> None:
        self.forms = {form.name: form for form in forms}
        self._show_menu = leave

    def _leave(self, turn: Turn, above: Html | None = None) -> None:
        self._show_menu(turn, above, self.resume_row(turn))

    # Coming in

    def open(self, turn: Turn, name: str) -> None:
        """Begin the form, or offer to go on with the one that was begun earlier."""
        form = self.forms[name]
        if not self._allowed(turn, form):
            return
        found = drafts.find_draft(turn.session, turn.chat_key, form.name, turn.now)
        if found is None or not (
            found.answers or found.partial or drafts.count_files(turn.session, found.id)
        ):
            self.begin(turn, form)
            return
        self.park(turn)
        turn.remember(resume=found.id)
        began = turn.words.day(turn.service.calendar.local_day(found.started_at), turn.today)
        pen.put(turn, *screens.resume_screen(turn, form, found, began=began))

    def begin(self, turn: Turn, form: Form, answers: Answers | None = None) -> None:
        """A fresh draft and its first open question; the privacy notice before the first personal one."""
        self.park(turn)
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

    def _allowed(self, turn: Turn, form: Form) -> bool:
        if may(turn.actor.role, form.permission):
            return True
        phone = turn.service.policy.phone_of(None).value
        turn.say(turn.words(f"{form.name}.not_allowed", phone=phone))
        return False

    def resume_row(self, turn: Turn) -> Rows:
        """For the menu: a button for each draft that waits."""
        return tuple(
            (Button(turn.words.plain(f"{draft.form}.resume.button"), f"r:{draft.id}:go"),)
            for draft in drafts.list_drafts(turn.session, turn.chat_key, turn.now)
            if draft.form in self.forms and (draft.answers or draft.partial)
        )

    # What the person does

    def takes(self, turn: Turn) -> bool:
        """Whether what came is for a form: one of its buttons, or something said while one is open."""
        if turn.incoming.press is not None:
            return turn.incoming.press.data.startswith(("f:", "r:"))
        return turn.draft is not None and turn.incoming.blocked is None and not turn.incoming.edited

    def handle(self, turn: Turn) -> None:
        """Do what the person did."""
        form = self.forms.get(turn.draft.form) if turn.draft else None
        if turn.draft is not None and form is not None:
            if not may(turn.actor.role, form.permission):
                pen.end(turn, form, turn.draft)
                self._leave(turn, turn.words("kit.role_ended"))
                return
            self._catch_up(turn, form, turn.draft)
        if turn.incoming.press is not None:
            self._pressed(turn, turn.incoming.press.data)
        elif turn.draft is None or form is None:
            turn.dialog.draft_id = None
            self._leave(turn)
        else:
            self._said(turn, form, turn.draft)
        self._send_if_done(turn)

    def _send_if_done(self, turn: Turn) -> None:
        form = self.forms.get(turn.draft.form) if turn.draft else None
        waits = turn.screen.get("interrupted") or turn.screen.get("cancelling")
        if turn.draft and form and form.sends_itself and turn.draft.place == CHECK and not waits:
            self._finish(turn, form, turn.draft)

    def _catch_up(self, turn: Turn, form: Form, draft: Draft) -> None:
        """A draft that was begun with another version of its form goes to a question that there is."""
        place = present_place(form, draft.answers, draft.place)
        if place != draft.place:
            drafts.change(draft, place=place, partial=None, now=turn.now)

    def _pressed(self, turn: Turn, data: str) -> None:
        parts = data.split(":", 4)
        if self._is_double_tap(turn, data):
            return
        if parts[0] == "r" and len(parts) == 3 and parts[1].isdigit():
            self.resume(turn, data)
            turn.remember(press=data, pressed_at=turn.now.timestamp())
            return
        draft = turn.draft
        form = self.forms.get(draft.form) if draft else None
        here = ["f", str(draft.id), str(draft.version)] if draft else []
        if draft is None or form is None or parts[:3] != here or len(parts) < 5:
            self._stale(turn)
            return
        self._act(turn, form, draft, parts[3], parts[4])
        turn.remember(press=data, pressed_at=turn.now.timestamp())

    def _is_double_tap(self, turn: Turn, data: str) -> bool:
        """The second of two quick taps: the first was answered, and saying so again would only confuse."""
        if turn.screen.get("press") != data:
            return False
        return bool(turn.now.timestamp() - turn.screen.get("pressed_at", 0) < DOUBLE_TAP.total_seconds())

    def _stale(self, turn: Turn) -> None:
        """An old button changes nothing; the person is shown where they are."""
        form = self.forms.get(turn.draft.form) if turn.draft else None
        if turn.draft is None or form is None:
            self._leave(turn, turn.words("kit.stale.nothing_open"))
            return
        pen.show(turn, form, turn.draft, above=turn.words("kit.stale.here"))

    def _act(self, turn: Turn, form: Form, draft: Draft, action: str, value: str) -> None:
        question = form.question(draft.place)
        turn.remember(cancelling=None)
        if action == "a" and question is not None:
            answering.pressed(turn, form, draft, question, value)
        elif action == "k":
            self._go(turn, form, draft, next_place(form, draft.answers))
        elif action == "s":
            self._skip(turn, form, draft)
        elif action == "b":
            self._back(turn, form, draft)
        elif action == "c" and value in draft.answers and form.question(value) is not None:
            self._go(turn, form, draft, value, in_place=True)
        elif action == "go":
            self._go_on(turn, form, draft)
        elif action == "send":
            self._finish(turn, form, draft, sure=bool(value))
        else:
            self._stop(turn, form, draft, action)

    def _stop(self, turn: Turn, form: Form, draft: Draft, action: str) -> None:
        if action == "x":
            self.ask_cancel(turn)
        elif action == "xg":
            pen.show(turn, form, draft, in_place=turn.incoming.press is not None)
        elif action == "xs":
            self.save_for_later(turn)
        elif action == "xd":
            self._delete(turn, draft)
        else:
            self._stale(turn)

    def _said(self, turn: Turn, form: Form, draft: Draft) -> None:
        word = fold(turn.incoming.text or "")
        if turn.screen.get("cancelling") and self._stop_typed(turn, form, draft, word):
            return
        if turn.screen.get("interrupted"):
            self._said_while_interrupted(turn, form, draft, word)
            return
        question = form.question(draft.place)
        if self._way_typed(turn, form, draft, word, question):
            return
        if turn.incoming.file is not None:
            answering.file(turn, form, draft)
        elif question is None:
            self._said_at_check(turn, form, draft, word)
        else:
            answering.said(turn, form, draft, question)

    def _way_typed(self, turn: Turn, form: Form, draft: Draft, word: str, question: Question | None) -> bool:
        """Back, cancel, later, skip and keep can be typed."""
        way = ways.way_meant(turn.words, word)
        if way == "back":
            self._back(turn, form, draft)
        elif way == "cancel":
            self.ask_cancel(turn)
        elif way == "later":
            self.save_for_later(turn)
        elif way == "skip" and question is not None and question.optional:
            self._skip(turn, form, draft)
        elif way == "keep" and screens.may_keep(draft):
            self._go(turn, form, draft, next_place(form, draft.answers))
        else:
            return False
        return True

    def _said_while_interrupted(self, turn: Turn, form: Form, draft: Draft, word: str) -> None:
        """Whatever comes after 999 was shown is kept, and the person goes on."""
        note: Html | None = None
        if turn.incoming.file is not None:
            problem, note = keep_file(turn, form, draft)
            note = turn.words(problem.key, **problem.values) if problem is not None else note
        if word not in typed_words(turn.words, "go_on"):
            answering.keep_more(turn, draft)
        if danger := answering.danger_of(turn, form):
            pen.interrupt(turn, draft, danger)
            return
        self._go_on(turn, form, draft, note)

    def _go_on(self, turn: Turn, form: Form, draft: Draft, above: Html | None = None) -> None:
        drafts.change(draft, now=turn.now)
        pen.show(turn, form, draft, above=above)

    # Moving about

    def _skip(self, turn: Turn, form: Form, draft: Draft) -> None:
        question = form.question(draft.place)
        if question is None or not question.optional:
            self._stale(turn)
            return
        answering.store(turn, form, draft, question, None)
        pen.show(turn, form, draft)

    def _go(self, turn: Turn, form: Form, draft: Draft, place: str, *, in_place: bool = False) -> None:
        question = form.question(place)
        value = draft.answers.get(place)
        reopened = question.kind.reopen(value) if question is not None and value is not None else None
        drafts.change(draft, place=place, partial=reopened, now=turn.now)
        pen.show(turn, form, draft, in_place=in_place)

    def _back(self, turn: Turn, form: Form, draft: Draft) -> None:
        pressed = turn.incoming.press is not None
        question = form.question(draft.place)
        if draft.partial and question is not None and not answering.settle(turn, form, draft, question):
            drafts.change(draft, partial=None, now=turn.now)
            pen.show(turn, form, draft, in_place=pressed)
            return
        place = previous_place(form, draft.answers, draft.place)
        if place is None:
            self.park(turn)
            self._leave(turn)
            return
        self._go(turn, form, draft, place, in_place=pressed)

    def _said_at_check(self, turn: Turn, form: Form, draft: Draft, word: str) -> None:
        if word in typed_words(turn.words, "send"):
            self._finish(turn, form, draft)
            return
        found = ways.change_meant(turn.words, form, draft.answers, word)
        if found is not None:
            self._go(turn, form, draft, found)
            return
        danger = answering.danger_of(turn, form)
        if danger is None and answering.keep_story(turn, form, draft):
            pen.show(turn, form, draft, above=turn.words("kit.check.kept"))
            return
        answering.problem(turn, form, draft, Problem("kit.problem.check"), danger=danger)

    def edited(self, turn: Turn, key: str, old: str) -> None:
        """A message of the open form was edited: the answer changes, the first words are kept beside it."""
        draft = turn.draft
        form = self.forms.get(draft.form) if draft else None
        if draft is None or form is None:
            turn.say(turn.words("kit.edit.kept"))
            return
        changed = answering.edited(turn, form, draft, key, old)
        if danger := answering.danger_of(turn, form):
            pen.interrupt(turn, draft, danger)
            return
        pen.show(turn, form, draft, above=turn.words("kit.edit.changed" if changed else "kit.edit.kept"))

    def try_again(self, turn: Turn) -> None:
        """What could not be an answer was edited: it is taken as if it came now."""
        form = self.forms.get(turn.draft.form) if turn.draft else None
        if turn.draft is not None and form is not None:
            self._said(turn, form, turn.draft)

    # Going out

    def ask_cancel(self, turn: Turn) -> None:
        """Cancel asks once, and says until when a saved draft is kept."""
        if turn.draft is None:
            self._leave(turn)
            return
        pen.ask_to_stop(turn, turn.draft, self._kept_until(turn, turn.draft))

    def _stop_typed(self, turn: Turn, form: Form, draft: Draft, word: str) -> bool:
        turn.remember(cancelling=None)
        action = ways.stop_meant(turn.words, word)
        if action is None:
            return False
        self._stop(turn, form, draft, action)
        return True

    def _kept_until(self, turn: Turn, draft: Draft) -> str:
        return turn.words.moment(draft.expires_at, turn.service.zone, turn.today)

    def save_for_later(self, turn: Turn) -> None:
        """Put the draft away; it waits for its days."""
        draft = turn.draft
        if draft is None:
            self._leave(turn)
            return
        self.park(turn)
        turn.remember(resume=draft.id)
        go_on = Button(turn.words.plain("kit.resume.go_on"), f"r:{draft.id}:go")
        turn.say(turn.words("kit.saved", until=self._kept_until(turn, draft)), ((go_on,),))

    def park(self, turn: Turn, *, leave_screen: bool = False) -> None:
        """Step out of an open form without losing anything. ``leave_screen``: to be read, without buttons."""
        pen.park(turn, leave_screen=leave_screen)

    def _delete(self, turn: Turn, draft: Draft) -> None:
        self.park(turn)
        drafts.delete_draft(turn.session, draft)
        self._leave(turn, turn.words("kit.deleted"))

    def typed_outside(self, turn: Turn) -> bool:
        """Go on, start again or delete it, typed instead of tapped; False where it was none of these."""
        draft_id = turn.screen.get("resume")
        turn.remember(resume=None)
        action = ways.resume_meant(turn.words, fold(turn.incoming.text or ""))
        if draft_id is None or action is None:
            return False
        self._resume_pressed(turn, draft_id, action)
        return True

    def resume(self, turn: Turn, data: str) -> None:
        """What the button with this data does (``resume_row``)."""
        _, draft_id, action = data.split(":")
        self._resume_pressed(turn, int(draft_id), action)

    def _resume_pressed(self, turn: Turn, draft_id: int, action: str) -> None:
        draft = drafts.get_waiting(turn.session, turn.chat_key, draft_id, turn.now)
        form = self.forms.get(draft.form) if draft else None
        if draft is None or form is None:
            self._stale(turn)
        elif action == "del":
            self._delete(turn, draft)
        elif action == "new":
            self.begin(turn, form)
        elif self._allowed(turn, form):
            self._resume(turn, form, draft)

    def _resume(self, turn: Turn, form: Form, draft: Draft) -> None:
        """The same question, with every answer there, even where the form has changed meanwhile."""
        self.park(turn)
        turn.draft, turn.dialog.draft_id = draft, draft.id
        self._catch_up(turn, form, draft)
        drafts.change(draft, now=turn.now)
        pen.show(turn, form, draft)

    def _finish(self, turn: Turn, form: Form, draft: Draft, *, sure: bool = False) -> None:
        if draft.place != CHECK or next_place(form, draft.answers) != CHECK:
            self._stale(turn)
            return
        if not self._allowed(turn, form):
            return
        if (reason := form.may_send(turn, draft.answers)) is not None:
            pen.show(turn, form, draft, above=reason)
            return
        asked = None if sure else form.ask_first(turn, draft)
        if asked is not None:
            pen.replace_screen(turn)
            pen.put(turn, *asked)
            return
        receipt = form.finish(turn, dict(draft.answers))
        self.park(turn, leave_screen=True)
        drafts.delete_draft(turn.session, draft)
        turn.say(receipt.text, receipt.buttons)

    def reshow(self, turn: Turn) -> bool:
        """Show the present place again (after the language was changed). False where no form is open."""
        form = self.forms.get(turn.draft.form) if turn.draft else None
        if turn.draft is None or form is None:
            return False
        pen.show(turn, form, turn.draft)
        return True
