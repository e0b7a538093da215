"""The menu and the help, by role; and what happens with words that belong to no conversation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from casework.danger import danger_in
from casework.references import Mistyped, find_reference
from casework.roles import Permission, Role, may
from handlers import asking, evidence, following, invitations, officers
from handlers.command_menus import facts
from handlers.forms.engine import FormKit
from handlers.forms.kinds.choice import find_label
from handlers.keyboards import Button, Rows
from handlers.safety import danger_text
from handlers.turn import Turn
from handlers.words import Html

_BUTTONS: tuple[tuple[str, Permission], ...] = (
    ("queue", Permission.SEE_QUEUE),
    ("due", Permission.SEE_DUE),
    ("find", Permission.FIND),
    ("team", Permission.SEE_TEAM),
    ("refer", Permission.REFER),
    ("report", Permission.REPORT),
    ("cases", Permission.FOLLOW),
    ("diary", Permission.KEEP_DIARY),
    ("ask", Permission.ASK),
    ("invite", Permission.INVITE),
)


def menu_rows(turn: Turn, first: Rows = ()) -> Rows:
    """What this person can do, a button each."""
    plain = turn.words.plain
    rows = tuple(
        (Button(plain(f"menu.{name}.button"), f"m:{name}"),)
        for name, permission in _BUTTONS
        if may(turn.actor.role, permission)
    )
    last = tuple(Button(plain(f"menu.{name}.button"), f"m:{name}") for name in ("help", "language"))
    return (*first, *rows, last)


def show_menu(turn: Turn, above: Html | None = None, first: Rows = ()) -> None:
    """The menu of this person's role, with 999 and 101, and that nobody watches day and night."""
    text = above or turn.words(f"menu.start.{turn.actor.role.value}", **facts(turn.service, turn.words))
    turn.say(text, menu_rows(turn, first))


class Home:
    """The menu's own acts; forms are opened by the kit."""

    def __init__(self, kit: FormKit) -> None:
        self._kit = kit

    def start(self, turn: Turn) -> None:
        """``/start``: an invitation is accepted; an open form waits; the menu."""
        token = turn.incoming.argument
        if token.startswith("i_"):
            self._kit.park(turn)
            invitations.accept(turn, token.removeprefix("i_"))
            return
        self._kit.park(turn)
        show_menu(turn, first=self._kit.resume_row(turn))

    def help(self, turn: Turn) -> None:
        """Help for the role; then the question the person is at, if any."""
        turn.say(turn.words(f"menu.help.{turn.actor.role.value}", **facts(turn.service, turn.words)))
        if not self._kit.reshow(turn):
            turn.say(turn.words("menu.not_understood"), menu_rows(turn))

    def cancel(self, turn: Turn) -> None:
        """Stop what is open, after asking."""
        if turn.draft is not None:
            self._kit.ask_cancel(turn)
            return
        show_menu(turn, turn.words("menu.cancel.nothing_open"), self._kit.resume_row(turn))

    def pressed(self, turn: Turn, parts: list[str], commands: Mapping[str, Callable[[Turn], None]]) -> None:
        """A button of the menu is the command of its name."""
        act = commands.get(parts[1]) if len(parts) > 1 else None
        (act or self.anything_else)(turn)

    def typed(self, turn: Turn, commands: Mapping[str, Callable[[Turn], None]]) -> None:
        """The words of a button instead of a tap; whatever else was typed gets the menu."""
        if evidence.offer_file(turn) or evidence.typed(turn):
            return
        if self._kit.typed_outside(turn):
            return
        found = find_label(turn.incoming.text or "", self._labels(turn))
        act = commands.get(found.partition(":")[2]) if found and found.startswith("m:") else None
        if act is not None:
            act(turn)
        elif found is not None:
            self._kit.resume(turn, found)
        else:
            self.anything_else(turn)

    def _labels(self, turn: Turn) -> dict[str, str]:
        rows = menu_rows(turn, self._kit.resume_row(turn))
        return {button.data: button.label for row in rows for button in row}

    def reference_typed(self, turn: Turn) -> None:
        """A reference: the case, for whom it is theirs to see; a slip of the pen is said as such."""
        if danger := danger_in(turn.incoming.text or "", turn.service.policy):
            turn.say(danger_text(turn, danger, kept=False))
        found = find_reference(turn.incoming.text or "")
        if isinstance(found, Mistyped):
            turn.say(turn.words("menu.reference.mistyped", typed=found.text), menu_rows(turn))
        elif found is not None and not following.open_own(turn, found):
            officers.open_reference(turn, found)

    def anything_else(self, turn: Turn) -> None:
        """Whatever else was typed, sent or tapped gets the menu, never silence; danger gets 999 first."""
        if evidence.offer_file(turn):
            return
        incoming = turn.incoming
        rows = self._kit.resume_row(turn)
        if danger := danger_in(incoming.text or "", turn.service.policy):
            show_menu(turn, danger_text(turn, danger, kept=False), (*following.message_rows(turn), *rows))
        elif incoming.press is not None:
            show_menu(turn, turn.words("kit.stale.nothing_open"), rows)
        elif incoming.file is not None or incoming.other:
            show_menu(turn, turn.words("menu.file_early"), rows)
        elif (
            asking.offer_answers(turn, questions_only=True)
            or following.offer_message(turn)
            or asking.offer_answers(turn)
        ):
            return
        else:
            show_menu(turn, turn.words("menu.not_understood"), rows)


def is_reference(turn: Turn) -> bool:
    """Whether what was typed holds a reference, right or mistyped."""
    text = turn.incoming.text
    if text is None or turn.incoming.file is not None:  # under a file it says where the file belongs
        return False
    return turn.incoming.command is None and find_reference(text) is not None


def roles_with_menus() -> tuple[Role, ...]:
    """The roles that have a menu of their own."""
    return tuple(Role)
