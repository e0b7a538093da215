"""Which act goes where: PTB handlers over the turn, first match wins. All wiring of conversations is here."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import Application, BaseHandler, CallbackContext

from handlers import edits, home, language, officers, privacy
from handlers.forms.engine import FormKit
from handlers.invitations import INVITE
from handlers.refer_resident import REFER
from handlers.report_problem import REPORT
from handlers.turn import Turn, current_turn

Act = Callable[[Turn], None]


class On(BaseHandler[Update, CallbackContext[Any, Any, Any, Any], None]):
    """A PTB handler whose test and callback see the turn, not the update."""

    def __init__(self, applies: Callable[[Turn], bool], act: Act) -> None:
        self.applies = applies
        self.act = act

        async def callback(_update: Update, _context: CallbackContext[Any, Any, Any, Any]) -> None:
            act(current_turn.get())

        super().__init__(callback, block=True)

    def check_update(self, update: object) -> bool:
        """Whether this handler takes the turn that is being worked on."""
        return isinstance(update, Update) and self.applies(current_turn.get())

    def collect_additional_context(self, *_args: Any) -> None:
        """Nothing: a turn has all there is."""

    def handle_update(
        self, update: Update, application: Any, check_result: object, context: Any
    ) -> Coroutine[Any, Any, None]:
        """PTB's way in."""
        return super().handle_update(update, application, check_result, context)


def command(name: str, act: Act) -> On:
    """``/name``, with or without an argument."""
    return On(lambda turn: turn.incoming.command == name, act)


def press(prefix: str, act: Callable[[Turn, list[str]], None]) -> On:
    """A tap on a button whose data begins with ``prefix:``; the parts of the data go along."""

    def applies(turn: Turn) -> bool:
        return turn.incoming.press is not None and turn.incoming.press.data.split(":", 1)[0] == prefix

    return On(
        applies, lambda turn: act(turn, turn.incoming.press.data.split(":") if turn.incoming.press else [])
    )


def make_kit() -> FormKit:
    """The form kit with all conversations that there are."""
    return FormKit((REPORT, REFER, INVITE), leave=home.show_menu)


def add_routes(application: Application[Any, Any, Any, Any, Any, Any], kit: FormKit) -> None:
    """Hand every conversation, command and button to the application, in the order in which they are asked."""
    menu = home.Home(kit)
    commands: dict[str, Act] = {
        "start": menu.start,
        "menu": menu.start,
        "help": menu.help,
        "cancel": menu.cancel,
        "later": kit.save_for_later,
        "report": lambda turn: kit.open(turn, REPORT.name),
        "refer": lambda turn: kit.open(turn, REFER.name),
        "invite": lambda turn: kit.open(turn, INVITE.name),
        "language": lambda turn: language.ask(turn, kit),
        "privacy": privacy.show,
        **officers.COMMANDS,
    }
    application.add_handlers(
        [
            On(lambda turn: turn.incoming.blocked is not None, officers.came_or_went),
            On(lambda turn: turn.incoming.edited, lambda turn: edits.keep_edit(turn, kit)),
            *(command(name, act) for name, act in commands.items()),
            press("m", lambda turn, parts: menu.pressed(turn, parts, commands)),
            press("l", lambda turn, parts: language.choose(turn, parts, kit)),
            *(press(prefix, act) for prefix, act in officers.PRESSES.items()),
            On(lambda turn: turn.incoming.command is None and kit.takes(turn), kit.handle),
            On(home.is_reference, menu.reference_typed),
            On(lambda turn: bool(turn.incoming.text), lambda turn: menu.typed(turn, commands)),
            On(lambda _turn: True, menu.anything_else),
        ]
    )
