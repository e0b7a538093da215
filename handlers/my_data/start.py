"""``/mydata``: what a person can do with their own data, and the copy of it."""

from __future__ import annotations

from handlers.forms import pen
from handlers.keyboards import Button, Rows
from handlers.turn import Turn
from storage import data_copy, outbox

DOMAIN = "my_data"
"""The catalog of this room, from which its forms have their names."""
HANDLE = "mydata"
PAPER = "my_data"
"""The paper that is the copy; its id is the person's times PARTS, and the number of the part."""
PARTS = 100
LARGEST_PART = 30_000_000
"""Bytes of files in one archive; a bot can send 50 MB (Bot API, sendDocument), and a connection may be slow."""


def show(turn: Turn) -> None:
    """The page, in a new message."""
    if turn.draft is not None:
        pen.park(turn)
    turn.say(turn.words("my_data.start"), _rows(turn), handle=HANDLE)


def back(turn: Turn) -> None:
    """The page again, in the message that had it; a deletion that was begun is off."""
    turn.remember(erasing=None, erasing_sure=None)
    turn.edit(HANDLE, turn.words("my_data.start"), _rows(turn), or_send=True)


def _rows(turn: Turn) -> Rows:
    plain = turn.words.plain
    return (
        (Button(plain("my_data.copy.button"), "p:copy"),),
        (Button(plain("my_data.change.button"), "p:change"),),
        (Button(plain("my_data.settings.button"), "p:settings"),),
        (Button(plain("my_data.erase.button"), "p:erase"),),
        (Button(plain("my_data.ask.button"), "p:ask"),),
        (Button(plain("my_data.notice.button"), "p:notice"),),
    )


def back_button(turn: Turn) -> Button:
    """To the page."""
    return Button(turn.words.plain("my_data.back.button"), "p:back")


def ask_copy(turn: Turn) -> None:
    """What the copy is, and who can read it where it is sent."""
    rows = (
        (Button(turn.words.plain("my_data.copy.send.button"), "p:send"),),
        (back_button(turn),),
    )
    turn.edit(HANDLE, turn.words("my_data.copy.about"), rows, or_send=True)


def send_copy(turn: Turn) -> None:
    """The copy, made when it is sent: one archive, and further ones where the files are too large for one."""
    parts = data_copy.list_file_parts(turn.session, turn.person, LARGEST_PART)
    for part in range(min(len(parts), PARTS)):
        number = turn.person.id * PARTS + part
        outbox.add(
            turn.session,
            chat_key=turn.chat_key,
            method="sendDocument",
            payload={
                "chat_id": turn.incoming.chat_id,
                "caption": str(turn.words("my_data.copy.caption")),
                "parse_mode": "HTML",
                "upload": {"paper": PAPER, "id": number},
            },
            now=turn.now,
            dedupe_key=f"copy:{number}",
        )
    ask = Button(turn.words.plain("my_data.ask.button"), "p:ask")
    turn.edit(HANDLE, turn.words("my_data.copy.coming"), ((ask,), (back_button(turn),)), or_send=True)
