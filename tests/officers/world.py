"""A small team and its residents in a real database, and turns that act for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from casework.cases import CaseKind, Channel, RiskBand
from casework.policy import Policy, parse_policy
from casework.roles import Role
from casework.working_days import WorkingCalendar
from handlers.incoming import Incoming, Press, Sender
from handlers.intake import NewCase, Received, receive
from handlers.turn import Service, Turn, load_turn
from handlers.words import Catalogs
from storage import people
from storage.crypto import Keyring
from storage.database import Database
from storage.models import AsbReport, Case, NnsReferral, OutboxMessage, Person

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
POLICY = parse_policy(
    (Path(__file__).parents[2] / "policy" / "north-worcestershire.toml").read_text(encoding="utf-8")
)

ADA = 1001  # a resident
KHAN = 2001  # a Member
ASHA, BEN, WES = 3001, 3002, 3003  # officers: two of Redditch and Bromsgrove, one of Wyre Forest
MONA = 4001  # the manager


def chooser() -> Callable[[str], str]:
    """Characters in a fixed, ever different order."""
    state = [7]

    def choose(text: str) -> str:
        state[0] = (state[0] * 1103515245 + 12345) % 2**31
        return text[(state[0] >> 8) % len(text)]

    return choose


def make_service(keyring: Keyring, clock: MovableClock, policy: Policy = POLICY) -> Service:
    calendar = WorkingCalendar.from_policy(policy)
    return Service(
        policy=policy,
        calendar=calendar,
        clock=clock,
        catalogs=Catalogs.load(),
        keyring=keyring,
        zone=calendar.zone,
        bot_username="csb_test_bot",
        choose=chooser(),
    )


@dataclass
class Said:
    """A message in the outbox."""

    id: int
    to: int
    method: str
    text: str
    buttons: dict[str, str]
    row: OutboxMessage

    def data(self, label: str) -> str:
        return self.buttons[label]


@dataclass
class World:
    database: Database
    clock: MovableClock
    service: Service

    @contextmanager
    def session(self) -> Iterator[Session]:
        with self.database.transaction() as session:
            yield session

    def hire(self, chat_id: int, role: Role, *districts: str, name: str = "", ward: str | None = None) -> int:
        with self.session() as session:
            person = people.load_place(
                session, self.service.keyring, chat_id=chat_id, now=self.clock.now()
            ).person
            people.grant_role(session, person, role, districts=districts, ward=ward, now=self.clock.now())
            person.profile = {"name": name} if name else {}
            return person.id

    @contextmanager
    def turn(
        self, chat_id: int, *, press: str | None = None, text: str | None = None, **facts: Any
    ) -> Iterator[Turn]:
        incoming = Incoming(
            chat_id,
            True,
            Sender(chat_id, f"Telegram {chat_id}", "en"),
            message_id=None if press else 5,
            text=text,
            press=Press("q", press) if press else None,
            **facts,
        )
        with self.session() as session:
            yield load_turn(session, self.service, incoming)

    def person_id(self, chat_id: int) -> int:
        with self.session() as session:
            found = people.find_by_chat(session, self.service.keyring.chat_key(chat_id))
            assert found is not None
            return found.id

    def report(self, chat_id: int = ADA, **facts: Any) -> Received:
        with self.turn(chat_id) as turn:
            anonymous = facts.get("anonymous", False)
            story = facts.pop("story", "Loud music at night")
            usual: dict[str, Any] = {
                "kind": CaseKind.ASB_REPORT,
                "district": "redditch",
                "risk": RiskBand.MEDIUM,
                "channel": Channel.TELEGRAM,
                "reporter": None if anonymous else turn.person,
                "make_detail": lambda case_id: AsbReport(
                    case_id=case_id, category="noise", danger_now=False, detail={"story": story}
                ),
            }
            return receive(turn, NewCase(**{**usual, **facts}))

    def refer(self, chat_id: int = KHAN, **facts: Any) -> Received:
        with self.turn(chat_id) as turn:
            usual: dict[str, Any] = {
                "kind": CaseKind.NOMINATED_NEIGHBOUR,
                "district": "redditch",
                "risk": RiskBand.STANDARD,
                "channel": Channel.TELEGRAM,
                "referrer": turn.person,
                "make_detail": lambda case_id: NnsReferral(
                    case_id=case_id,
                    consent_given_on=turn.today,
                    consent_how="told_me",
                    detail={"name": "Edith Shaw", "phone": "01632 960 200"},
                ),
            }
            return receive(turn, NewCase(**{**usual, **facts}))

    def said(self, to: int | None = None) -> list[Said]:
        """What waits in the outbox, oldest first, to one chat or to all."""
        with self.session() as session:
            rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        said = [_said(row) for row in rows]
        return [one for one in said if to is None or one.to == to]

    def hush(self) -> None:
        """Forget what waits in the outbox."""
        with self.session() as session:
            session.execute(OutboxMessage.__table__.delete())

    def case(self, case_id: int) -> Case:
        with self.session() as session:
            found = session.get(Case, case_id)
            assert found is not None
            return found

    def person(self, person_id: int) -> Person:
        with self.session() as session:
            return people.get_person(session, person_id)


def _said(row: OutboxMessage) -> Said:
    keyboard = row.payload.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = {
        button["text"]: button.get("callback_data", button.get("url", ""))
        for line in keyboard
        for button in line
    }
    return Said(row.id, row.payload.get("chat_id", 0), row.method, row.payload.get("text", ""), buttons, row)


def make_world(database: Database, start: datetime = MONDAY) -> World:
    clock = MovableClock(start)
    world = World(database, clock, make_service(database.keyring, clock))
    world.hire(ASHA, Role.OFFICER, "redditch", "bromsgrove", name="Asha Patel")
    world.hire(BEN, Role.OFFICER, "redditch", name="Ben Cole")
    world.hire(WES, Role.OFFICER, "wyre_forest", name="Wes Lane")
    world.hire(MONA, Role.MANAGER, name="Mona Reid")
    world.hire(KHAN, Role.MEMBER, "redditch", name="Cllr Khan", ward="Central")
    return world
