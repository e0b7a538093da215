"""Papers on their way out: made when they are sent, in the order of the chat, given up where there is nothing."""

from __future__ import annotations

from datetime import date

import pytest

from bot.papers.paper import Paper, PaperGone
from bot.papers.registry import make_paper
from casework.diary import Happened
from storage import diary, outbox
from storage.models import OutboxMessage
from tests.diary.kit import has_case
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows


def queue(town: Town, somebody: Somebody, kind: str, paper_id: int, *after: str) -> None:
    chat_id = somebody.phone.user_id
    with town.database.transaction() as session:
        usual = {"chat_key": town.database.keyring.chat_key(chat_id), "now": town.clock.now()}
        payload = {"chat_id": chat_id, "caption": "Here it is.", "upload": {"paper": kind, "id": paper_id}}
        outbox.add(session, method="sendDocument", payload=payload, **usual)
        for text in after:
            outbox.add(session, method="sendMessage", payload={"chat_id": chat_id, "text": text}, **usual)


async def test_a_paper_is_made_when_it_is_sent_and_what_follows_follows(town: Town, ada: Somebody) -> None:
    case = has_case(town, ada)
    queue(town, ada, "diary_case", case.id, "after it")
    with town.database.transaction() as session:  # after the paper was asked for, before it is sent
        body = {"answers": {"what": "noise"}}
        happened = Happened(date(2026, 11, 24))
        diary.add_entry(
            session,
            person_id=case.reporter_id,
            case_id=case.id,
            happened=happened,
            body=body,
            now=town.clock.now(),
        )
    await town.settle()
    assert [(m.kind, m.text) for m in ada.phone.bot_messages[-2:]] == [
        ("document", "Here it is."),
        ("text", "after it"),
    ]


async def test_a_paper_of_nothing_is_given_up_and_holds_nothing_up(town: Town, ada: Somebody) -> None:
    queue(town, ada, "diary_case", 404, "after it")
    await town.settle()
    ada.sees("after it")
    (dead,) = all_rows(town.database, OutboxMessage)
    assert (dead.dead, dead.error) == (True, "no paper: no case 404")
    assert town.process.delivery.counts.alarms == 0


def test_an_upload_names_its_maker(sqlite_database) -> None:
    asked = []

    def maker(_session, service, paper_id):
        asked.append((service, paper_id))
        return Paper("a.txt", b"abc", "text/plain")

    made = make_paper(sqlite_database, "the service", {"paper": "test", "id": 7}, {"test": maker})
    assert (made.filename, made.content, made.mime) == ("a.txt", b"abc", "text/plain")
    assert asked == [("the service", 7)]
    with pytest.raises(KeyError):
        make_paper(sqlite_database, "the service", {"paper": "other", "id": 7}, {"test": maker})
    assert issubclass(PaperGone, LookupError)
