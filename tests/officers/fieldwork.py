"""What these tests do over and over: a report from an address, and the card's second keyboard."""

from __future__ import annotations

from handlers.fieldwork import pressed
from handlers.incoming import Incoming, Press, Sender
from handlers.turn import load_turn
from tests.support.service import Somebody, Town
from tests.support.walks import goes_on, reports_up_to

HOME = "12 High Street, B97 4AA"


async def reports_from(somebody: Somebody, where: str = HOME) -> str:
    """Send a report about this address; its reference."""
    await reports_up_to(somebody, "where")
    await somebody.says(where)
    await goes_on(somebody, "district")
    return somebody.reference()


async def a_resident(town: Town, name: str) -> Somebody:
    """A resident who has pressed Start."""
    somebody = town.resident(name)
    await somebody.starts()
    return somebody


async def opens_more(officer: Somebody, reference: str) -> None:
    """Type the reference, and open the second keyboard."""
    await officer.says(reference)
    await officer.taps("More")


async def forges(town: Town, somebody: Somebody, data: str) -> None:
    """Press a button with this data, which the bot never gave them."""
    chat_id = somebody.phone.user_id
    incoming = Incoming(chat_id, True, Sender(chat_id, "x", "en"), press=Press("q", data))
    with town.database.transaction() as session:
        pressed(load_turn(session, town.process.service, incoming), data.split(":"))
    await town.settle()
