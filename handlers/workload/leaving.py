"""Somebody leaves: a manager ends their access, once none of their work is open. Their name stays in the history.

What they do next in their chat is answered with one sentence; after that they are a resident like everybody.
"""

from __future__ import annotations

import structlog

from casework.danger import danger_in
from casework.roles import Permission, Role
from handlers.command_menus import set_menu_of
from handlers.keyboards import Button, Row, Rows
from handlers.officers.access import allowed, number_in, refuse
from handlers.officers.queue import pager
from handlers.turn import Recipient, Turn
from storage import handover, leaving, outbox
from storage.leaving import Holder
from storage.locks import lock_chat
from storage.models import Person
from storage.people import display_name

log = structlog.get_logger(__name__)

PAGE = 8
HANDLE = "leaving"


def list_pressed(turn: Turn, parts: list[str]) -> None:
    """``t:l`` and ``t:l:<page>``: everybody who holds a role, a page of them."""
    if not allowed(turn, Permission.END_ACCESS):
        refuse(turn)
        return
    number = number_in(parts, 2)
    total = leaving.count_holders(turn.session)
    page = min(number or 0, max(0, (total - 1) // PAGE))
    holders = leaving.list_holders(turn.session, offset=page * PAGE, limit=PAGE)
    rows: Rows = tuple((Button(_label(turn, one), f"t:who:{one.person.id}"),) for one in holders)
    text = turn.words("team_work.leaving.who")
    rows = (*rows, pager(turn, "t:l", page, (page + 1) * PAGE < total))
    if number is None:
        turn.say(text, rows, handle=HANDLE)
    else:
        turn.edit(HANDLE, text, rows, or_send=True)


def _label(turn: Turn, one: Holder) -> str:
    role = turn.words.plain(f"team_work.role.{one.roles[0].value}.name")
    return turn.words.plain("team_work.leaving.who.button", name=_name(turn, one.person), role=role)


def _name(turn: Turn, person: Person) -> str:
    return display_name(person) or turn.words.plain("team_work.no_name")


def who_pressed(turn: Turn, parts: list[str]) -> None:
    """``t:who:<person_id>``: really?"""
    if not allowed(turn, Permission.END_ACCESS):
        refuse(turn)
        return
    number = number_in(parts, 2)
    holder = leaving.find_holder(turn.session, number) if number is not None else None
    if holder is None:
        turn.say(turn.words("team_work.leaving.gone"), (_list_row(turn),))
        return
    roles = [turn.words.plain(f"team_work.role.{role.value}.name") for role in holder.roles]
    values = {"name": _name(turn, holder.person), "roles": turn.words.listing(roles)}
    end = (Button(turn.words.plain("team_work.leaving.end.button"), f"t:end:{holder.person.id}"),)
    turn.say(turn.words("team_work.leaving.check", **values), (end, _list_row(turn)))


def _list_row(turn: Turn) -> Row:
    return (Button(turn.words.plain("team_work.leaving.list.button"), "t:l"),)


def end_pressed(turn: Turn, parts: list[str]) -> None:
    """``t:end:<person_id>``: end their access, unless they own open work or are the last manager.

    Their chat is locked first: what they are doing at this moment is finished before, or is refused.
    """
    number = number_in(parts, 2)
    if not allowed(turn, Permission.END_ACCESS):
        refuse(turn)
        return
    holder = leaving.find_holder(turn.session, number) if number is not None else None
    if holder is None:
        turn.say(turn.words("team_work.leaving.gone"), (_list_row(turn),))
        return
    person = holder.person
    if person.id == turn.person.id:
        turn.say(turn.words("team_work.leaving.yourself"), (_list_row(turn),))
        return
    if person.chat_key is not None:
        lock_chat(turn.session, person.chat_key)
    grants, is_last = leaving.lock_to_end(turn.session, person.id)
    if is_last:
        turn.say(turn.words("team_work.leaving.last_manager", name=_name(turn, person)), (_list_row(turn),))
    elif not grants:
        turn.say(turn.words("team_work.leaving.gone"), (_list_row(turn),))
    elif work := handover.count_held(turn.session, person.id):
        first = Button(turn.words.plain("team_work.leaving.hand_over.button"), f"t:h:{person.id}")
        turn.say(turn.words.plural("team_work.leaving.owns", work, name=_name(turn, person)), ((first,),))
    else:
        leaving.end_roles(turn.session, grants, by=turn.person.id, now=turn.now)
        _close_chat(turn, person)
        log.info("access_ended", person=person.id, by=turn.person.id)
        turn.say(turn.words("team_work.leaving.done", name=_name(turn, person)), (_list_row(turn),))


def _close_chat(turn: Turn, person: Person) -> None:
    """Their open form ends, its buttons go, and their command menu is everybody's again."""
    if person.chat_key is None:
        return
    handle = leaving.end_chat(turn.session, person.chat_key, turn.now)
    to = Recipient.of(person)
    if to is None:
        return
    if handle is not None:
        outbox.add(
            turn.session,
            chat_key=to.chat_key,
            method="editMessageReplyMarkup",
            payload={"chat_id": to.chat_id, "reply_markup": {"inline_keyboard": []}},
            now=turn.now,
            edit_handle=handle,
        )
    set_menu_of(turn, to, Role.RESIDENT)


def takes(turn: Turn) -> bool:
    """Whether this is the first thing that somebody does after their access ended.

    A new invitation is taken as such, and who speaks of danger is given 999 before anything else.
    """
    incoming = turn.incoming
    if not turn.screen.get("left") or incoming.blocked is not None or turn.actor.role is not Role.RESIDENT:
        return False
    if incoming.command == "start" and incoming.argument.startswith("i_"):
        return False
    return not danger_in(incoming.text or "", turn.service.policy)


def say_goodbye(turn: Turn) -> None:
    """One kind sentence, once. Nothing of what they sent is taken."""
    turn.remember(left=None)
    name = display_name(turn.person)
    if name:
        turn.say(turn.words("handover.access_ended", name=name))
    else:
        turn.say(turn.words("handover.access_ended.no_name"))
