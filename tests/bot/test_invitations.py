"""An invitation works once, in time, for whoever holds the token and nobody else."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.roles import Role
from storage.database import Database
from storage.invitations import create_invitation, deep_link, use_invitation
from storage.models import Person

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LIFE = timedelta(days=7)


@pytest.fixture
def people(database: Database) -> tuple[int, int]:
    with database.transaction() as session:
        first, second = Person(created_at=NOW), Person(created_at=NOW)
        session.add_all([first, second])
        session.flush()
        return first.id, second.id


@pytest.fixture
def token(database: Database) -> str:
    with database.transaction() as session:
        return create_invitation(
            session,
            database.keyring,
            role=Role.OFFICER,
            now=NOW,
            life=LIFE,
            districts=["wyre_forest", "redditch"],
            name="Jo Green",
        )


def used_by(database: Database, token: str, person: int, now: datetime = NOW) -> str | None:
    with database.transaction() as session:
        invitation = use_invitation(session, database.keyring, token, person_id=person, now=now)
        return invitation and f"{invitation.role} of {invitation.districts} {invitation.name}"


def claim_and_fail(database: Database, token: str, person: int) -> None:
    with database.transaction() as session:
        assert use_invitation(session, database.keyring, token, person_id=person, now=NOW) is not None
        raise ZeroDivisionError


def test_the_first_to_open_it_gets_the_role(database: Database, token: str, people: tuple[int, int]) -> None:
    assert used_by(database, token, people[0]) == "officer of ['redditch', 'wyre_forest'] Jo Green"
    assert used_by(database, token, people[1]) is None
    assert used_by(database, token, people[0]) is None


def test_it_works_until_its_last_moment_and_not_longer(
    database: Database, token: str, people: tuple[int, int]
) -> None:
    assert used_by(database, token, people[0], NOW + LIFE) is None
    assert used_by(database, token, people[0], NOW + LIFE - timedelta(seconds=1)) is not None


def test_a_token_that_was_not_given_out_opens_nothing(
    database: Database, token: str, people: tuple[int, int]
) -> None:
    assert used_by(database, token[:-1] + ("A" if token[-1] != "A" else "B"), people[0]) is None
    assert used_by(database, "", people[0]) is None


def test_a_claim_that_is_rolled_back_leaves_the_invitation_open(
    database: Database, token: str, people: tuple[int, int]
) -> None:
    with pytest.raises(ZeroDivisionError):
        claim_and_fail(database, token, people[0])
    assert used_by(database, token, people[1]) is not None


def test_the_link_fits_into_what_telegram_carries(token: str) -> None:
    link = deep_link("nwcsp_bot", token)
    assert link == f"https://t.me/nwcsp_bot?start=i_{token}"
    # Bot API, deep linking: at most 64 characters, A-Z a-z 0-9 _ and -.
    assert len(f"i_{token}") <= 64
    assert token.replace("_", "").replace("-", "").isalnum()
