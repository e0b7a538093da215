"""Walks through a small form in any order of acts, beside a simple model of what has to be stored.

Buttons, texts, Back, Change, Skip, Cancel, old buttons, double taps, edits, files, repeated updates and
restarts: after each, every answer given is in the draft or was sent or withdrawn, one screen has the buttons
that count, and the person heard something.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from handlers.forms.engine import DOUBLE_TAP
from handlers.forms.flow import CHECK, next_place, previous_place
from handlers.forms.kinds.choice import Choice, Several
from handlers.forms.kinds.text import LongText
from storage.models import Draft, Fault
from tests.conversations.conftest import hurry
from tests.conversations.walker import Walker, as_stored, pruned
from tests.support import databases
from tests.support.service import Town, a_town
from tests.support.small_form import SMALL, essence, small_kit, small_words
from tests.support.stored import all_rows


class Walk(Walker):
    """The rules: what may happen next, and what holds after it."""

    template: Path

    @initialize(data=st.data(), questions=st.integers(0, 12))
    def arrive(self, data: st.DataObject, questions: int) -> None:
        folder = Path(self.resources.enter_context(tempfile.TemporaryDirectory()))
        url = databases.sqlite_copy(self.template, folder)
        database = self.resources.enter_context(databases.opened(url))
        hurry(database)
        town = a_town(database, kit=small_kit(), catalogs=small_words())
        self.town: Town = self.run(self.async_resources.enter_async_context(town))
        self.ada = self.town.resident("Ada Lovelace")
        self.does(self.ada.starts())
        self.comes_in()
        self.answers_some(data, questions)

    def teardown(self) -> None:
        self.run(self.async_resources.aclose())
        self.runner.close()
        self.resources.close()

    # Coming and going

    @precondition(lambda self: not self.open)
    @rule()
    def comes(self) -> None:
        self.comes_in()

    def comes_in(self) -> None:
        self.says("/report")
        if self.waiting and (self.answers or self.begun or self.files):
            self.taps("Go on")
        else:
            self.forget()
        self.open = self.waiting = True

    @precondition(lambda self: self.open)
    @rule(
        way=st.sampled_from(["/start", "later", "/report", "cancel"]),
        comes_back=st.sampled_from([1, 1, 1, 0]),
    )
    def leaves_for_later(self, way: str, comes_back: int) -> None:
        self.says(way)
        if way == "cancel":
            self.taps("Save and finish later")
        self.open = False
        if way == "/report" and not (self.answers or self.begun or self.files):
            self.open = True  # nothing was begun: it simply begins
            self.forget()
        elif comes_back:
            self.comes_in()

    @precondition(lambda self: self.open)
    @rule(typed=st.booleans(), back=st.sampled_from(["Go on", "no", "3"]))
    def cancels_and_goes_on(self, typed: bool, back: str) -> None:
        self.says("/cancel") if typed else self.taps("Cancel")
        self.ada.reads("kit.cancel.ask")
        self.taps(back) if back == "Go on" else self.says(back)

    @precondition(lambda self: self.open and len(self.answers) > 4)
    @rule()
    def deletes_all(self) -> None:
        self.taps("Cancel", "Delete my answers")
        self.open = self.waiting = False
        self.forget()

    @precondition(lambda self: self.asks(CHECK))
    @rule(twice=st.booleans())
    def sends_it(self, twice: bool) -> None:
        self.does(self.ada.taps_twice("Send report") if twice else self.ada.taps("Send report"))
        sent = json.loads(self.ada.last.text.removeprefix("SENT "))
        assert {key: essence(key, value) for key, value in sent.items() if key[0] != "_"} == self.answers
        self.open = self.waiting = False
        self.forget()

    # Answers

    @precondition(lambda self: self.open and self.place != CHECK)
    @rule(data=st.data(), questions=st.integers(1, 4))
    def goes_on(self, data: st.DataObject, questions: int) -> None:
        self.answers_some(data, questions)

    @precondition(lambda self: self.open and self.nick is not None)
    @rule()
    def edits_the_nickname(self) -> None:
        assert self.nick is not None
        self.count += 1
        new = f"edited {self.count}"
        self.does(self.ada.edits(self.nick, new))
        if self.answers.get("nick") is not None:
            self.answers["nick"] = new

    # Moving about

    @precondition(lambda self: self.open)
    @rule(typed=st.booleans())
    def goes_back(self, typed: bool) -> None:
        self.says("back") if typed else self.taps("Back")
        if self.begun is not None:
            settled = {"parts": self.begun or None, "story": None}.get(self.place)
            if self.place == "story":
                settled = "\n".join(self.begun) or None
            if settled is None:
                self.begun = None  # the same question, from the beginning
                return
            self.answers = pruned({**self.answers, self.place: settled})
        before = previous_place(SMALL, as_stored(self.answers), self.place)
        if before is None:
            self.open = False
        else:
            self.go_to(before)

    @precondition(lambda self: self.asks("nick", "number"))
    @rule(typed=st.booleans())
    def skips(self, typed: bool) -> None:
        self.says("skip") if typed else self.taps("Skip")
        self.store(None)

    @precondition(lambda self: self.open and self.begun is None and self.answers.get(self.place) is not None)
    @rule(typed=st.booleans())
    def keeps_the_answer(self, typed: bool) -> None:
        self.says("keep") if typed else self.taps("Keep my answer")
        self.go_to(next_place(SMALL, as_stored(self.answers)))

    @precondition(lambda self: self.asks(CHECK))
    @rule(data=st.data(), typed=st.booleans())
    def changes_an_answer(self, data: st.DataObject, typed: bool) -> None:
        key = data.draw(st.sampled_from(sorted(self.answers)))
        self.says(f"change {key}") if typed else self.taps(f"Change {key}")
        self.go_to(key)

    # Disturbances: the model stays as it is

    @rule(
        what=st.sampled_from(
            [
                "a sticker",
                "a die",
                "photos",
                "an album",
                "nonsense",
                "/help",
                "a restart",
                "a repetition",
                "time",
            ]
        )
    )
    def is_disturbed(self, what: str) -> None:
        phone = self.ada.phone
        if what == "a sticker":
            self.does(self.ada.sends(phone.send_sticker))
        elif what == "a die":
            self.does(self.ada.sends(phone.send_dice))
        elif what == "photos" and self.files < 15:
            self.sends_files(1, self.ada.sends(phone.send_photo))
        elif what == "an album" and self.files < 15:
            self.sends_files(3, self.ada.sends(phone.send_album, 3))
        elif what == "nonsense" and self.place in ("colour", "parts", "new", CHECK):
            self.says("purple monkeys")
        elif what == "/help":
            self.says("/help")
        elif what == "a restart":
            self.run(self.town.restart())
        elif what == "a repetition":
            self.telegram_repeats_itself()
        else:
            self.town.clock.advance(timedelta(minutes=5))

    def sends_files(self, count: int, sending: Coroutine[Any, Any, Any]) -> None:
        self.does(sending)
        self.files += count if self.open else 0

    @precondition(lambda self: self.screens)
    @rule(data=st.data(), gone=st.booleans())
    def taps_an_old_button(self, data: st.DataObject, gone: bool) -> None:
        old = [
            (screen, button["text"])
            for screen in self.screens
            for button in screen.button_objects()
            if self.is_old(button.get("callback_data", ""))
        ]
        if old:
            screen, label = data.draw(st.sampled_from(old))
            self.town.clock.advance(DOUBLE_TAP)  # later than a slip of the finger
            self.does(self.ada.taps_old(screen, label, inaccessible=gone))

    def is_old(self, data: str) -> bool:
        """Whether it belongs to a screen of the form that is no longer the present one."""
        return data.startswith("f:") and not data.startswith(self.live_prefix())

    def live_prefix(self) -> str:
        drafts = all_rows(self.town.database, Draft)
        return f"f:{drafts[-1].id}:{drafts[-1].version}:" if drafts else "none"

    def telegram_repeats_itself(self) -> None:
        for update in list(self.town.worked_on)[-3:]:
            self.run(self.town.process.application.process_update(update))
        self.run(self.town.settle())

    # What holds after every act

    @invariant()
    def all_is_stored(self) -> None:
        if not hasattr(self, "town"):
            return
        drafts = all_rows(self.town.database, Draft)
        assert len(drafts) == (1 if self.waiting else 0)
        for draft in drafts:
            kept = {key: essence(key, value) for key, value in draft.answers.items() if key[0] != "_"}
            assert kept == self.answers, self.ada.phone.transcript()
            if self.open:
                assert draft.place == self.place, self.ada.phone.transcript()
                self.is_begun(draft)

    def is_begun(self, draft: Draft) -> None:
        partial = draft.partial or {}
        if self.place == "story":
            assert partial.get("texts", []) == (self.begun or [])
        elif self.place == "parts":
            assert partial.get("chosen", []) == (self.begun or [])
        elif self.place == "place":
            assert partial.get("text") == self.begun

    @invariant()
    def one_screen_has_the_buttons_that_count(self) -> None:
        if not hasattr(self, "town") or not self.open:
            return
        live = self.live_prefix()
        screens = [
            message
            for message in self.ada.phone.bot_messages
            if any(button.get("callback_data", "").startswith("f:") for button in message.button_objects())
        ]
        assert len(screens) == 1, self.ada.phone.transcript()
        assert screens[0].message_id == self.ada.last.message_id or screens[0].text
        for button in screens[0].button_objects():
            assert button["callback_data"].startswith(live), self.ada.phone.transcript()

    @invariant()
    def nothing_went_wrong(self) -> None:
        if hasattr(self, "town"):
            assert not [fault.error for fault in all_rows(self.town.database, Fault)]
            assert self.town.process.delivery.counts.alarms == 0


def test_walks_in_any_order_lose_nothing(sqlite_template: Path) -> None:
    walk = type("WalkHere", (Walk,), {"template": sqlite_template})
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=40,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # shrinking takes minutes: add Phase.shrink to look into a failure
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )


def test_every_kind_of_answer_is_in_the_small_form() -> None:
    kinds = {type(question.kind) for question in SMALL.questions}
    assert {Choice, Several, LongText} <= kinds
    assert len(kinds) == 8
