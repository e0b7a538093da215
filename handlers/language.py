"""Choosing a language: two taps from anywhere, and only what is complete is offered."""

from __future__ import annotations

from handlers.forms.engine import FormKit
from handlers.home import menu_rows
from handlers.keyboards import Button
from handlers.turn import Turn
from handlers.words import Html


def ask(turn: Turn, kit: FormKit) -> None:
    """Each language in its own name; a line of explanation where there is only one."""
    offered = turn.service.catalogs.offered()
    rows = tuple((Button(turn.service.catalogs.name_of(one), f"l:{one}"),) for one in offered)
    text = turn.words("menu.language.ask")
    if len(offered) == 1:
        text = Html(
            f"{text}\n{turn.words('menu.language.only', language=turn.service.catalogs.name_of(offered[0]))}"
        )
    turn.say(text, rows)


def choose(turn: Turn, parts: list[str], kit: FormKit) -> None:
    """From now on in this language; the open question is shown again in it."""
    wanted = parts[1] if len(parts) > 1 else ""
    if wanted not in turn.service.catalogs.offered():
        ask(turn, kit)
        return
    turn.person.language, turn.person.language_chosen = wanted, True
    turn.words = turn.service.words(wanted)
    done = turn.words("menu.language.done", language=turn.service.catalogs.name_of(wanted))
    turn.say(done, () if turn.draft is not None else menu_rows(turn))
    kit.reshow(turn)
