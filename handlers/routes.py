"""Which act goes where: PTB handlers over the turn, first match wins. All wiring of conversations is here."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import Application, BaseHandler, CallbackContext

from handlers import (
    asking,
    diary,
    edits,
    evidence,
    fieldwork,
    flood,
    following,
    history,
    home,
    language,
    my_data,
    officers,
    paper_bridge,
    privacy,
    reporting,
    upkeep,
    workload,
)
from handlers.forms.engine import FormKit
from handlers.invitations import INVITE
from handlers.planning import room as planning
from handlers.refer_resident import REFER
from handlers.report_problem import REPORT
from handlers.reporting import more, token
from handlers.turn import Turn, current_turn

Act = Callable[[Turn], None]
ROOMS = (
    evidence,
    diary,
    following,
    asking,
    my_data,
    fieldwork,
    planning,
    history,
    workload,
    upkeep,
    paper_bridge,
)
"""Packages that bring forms, commands, buttons and jobs of their own."""


class On(BaseHandler[Update, CallbackContext[Any, Any, Any, Any], None]):
    """A PTB handler whose test and callback see the turn, not the update."""

    def __init__(self, applies: Callable[[Turn], bool], act: Act) -> None:
        self.applies = applies
        self.act = act

        async def callback(_update: Update, _context: CallbackContext[Any, Any, Any, Any]) -> None:
            turn = current_turn.get()
            act(turn)
            for say in turn.afterwards:
                say()

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
    brought = [form for room in ROOMS for form in room.FORMS]
    return FormKit((REPORT, REFER, INVITE, *reporting.FORMS, *officers.FORMS, *brought), leave=home.show_menu)


def add_routes(application: Application[Any, Any, Any, Any, Any, Any], kit: FormKit) -> None:
    """Hand every conversation, command and button to the application, in the order in which they are asked."""
    menu = home.Home(kit)
    commands: dict[str, Act] = {
        "start": menu.start,
        "menu": menu.start,
        "help": menu.help,
        "cancel": menu.cancel,
        "later": kit.save_for_later,
        "report": lambda turn: more.open_report(turn, kit, REPORT.name),
        "refer": lambda turn: kit.open(turn, REFER.name),
        "invite": lambda turn: kit.open(turn, INVITE.name),
        "language": lambda turn: language.ask(turn, kit),
        "privacy": privacy.show,
        **officers.COMMANDS,
        **{name: act for room in ROOMS for name, act in room.COMMANDS.items()},
    }
    application.add_handlers(
        [
            On(lambda turn: turn.incoming.blocked is not None, officers.came_or_went),
            On(workload.leaving.takes, workload.leaving.say_goodbye),
            On(lambda turn: turn.incoming.edited, lambda turn: edits.keep_edit(turn, kit)),
            On(flood.is_flood, lambda turn: flood.keep(turn, kit)),
            On(lambda turn: turn.incoming.command == "start" and token.is_token(turn), token.show),
            *(command(name, act) for name, act in commands.items()),
            press("m", lambda turn, parts: menu.pressed(turn, parts, commands)),
            press("l", lambda turn, parts: language.choose(turn, parts, kit)),
            press("x", lambda turn, parts: reporting.pressed(turn, parts, kit, REPORT)),
            *(press(prefix, act) for room in (officers, *ROOMS) for prefix, act in room.PRESSES.items()),
            On(lambda turn: turn.incoming.command is None and kit.takes(turn), kit.handle),
            On(following.takes, following.said),
            On(token.is_token, token.show),
            On(home.is_reference, menu.reference_typed),
            On(lambda turn: bool(turn.incoming.text), lambda turn: menu.typed(turn, commands)),
            On(lambda _turn: True, menu.anything_else),
        ]
    )
