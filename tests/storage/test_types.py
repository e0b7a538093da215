"""Instants come back aware and in UTC; sealed values come back as they were, and are sealed on disk."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm.exc import StaleDataError

from storage.crypto import WrongKey
from storage.models import Case, Draft, NnsReferral, Person
from storage.types import NaiveInstant
from tests.storage.rows import NOON, add_case, add_event, add_message, add_person

SECRET = "Zdzisława of 12 Ash Lane, 🔑 the gate is blue"


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 11, 24, 12, 0, tzinfo=UTC),  # no fraction
        datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC),  # to the microsecond
        datetime(2026, 7, 1, 9, 0, tzinfo=ZoneInfo("Europe/London")),  # summer time
        datetime(2026, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=5, minutes=30))),  # the day before in UTC
    ],
)
def test_an_instant_comes_back_aware_in_utc(database, instant):
    with database.transaction() as session:
        add_person(session, created_at=instant)
    with database.reading() as session:
        found = session.scalars(select(Person.created_at)).one()
    assert found == instant
    assert found.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(database):
    with pytest.raises(StatementError) as refusal, database.transaction() as session:
        add_person(session, created_at=datetime(2026, 11, 24, 12, 0))  # noqa: DTZ001  # that is the point
    assert isinstance(refusal.value.orig, NaiveInstant)


def test_instants_are_found_in_their_order_whatever_their_fractions(database):
    instants = [NOON, NOON + timedelta(microseconds=1), NOON + timedelta(seconds=1)]
    with database.transaction() as session:
        for instant in reversed(instants):
            add_person(session, created_at=instant)
    with database.reading() as session:
        assert list(session.scalars(select(Person.created_at).order_by(Person.created_at))) == instants
        later = select(Person.created_at).where(Person.created_at > NOON)
        assert set(session.scalars(later)) == set(instants[1:])


@pytest.mark.parametrize(
    "profile",
    [
        {},  # nothing known
        {"name": SECRET, "phone": "+44 20 7946 0000"},  # letters of any script
        {"name": "a\u0000b", "nested": {"list": [1, None, True, 2.5]}},  # what SQL text couldn't keep
    ],
)
def test_a_profile_comes_back_as_it_was(database, profile):
    with database.transaction() as session:
        person = add_person(session, profile=profile, telegram_id="7001")
    with database.reading() as session:
        found = session.get_one(Person, person.id)
        assert (found.profile, found.telegram_id) == (profile, "7001")


def test_what_isnt_known_stays_null(database):
    with database.transaction() as session:
        add_person(session)
    with database.reading() as session:
        assert session.execute(text("SELECT telegram_id FROM person")).scalar_one() is None
        assert session.scalars(select(Person.telegram_id)).one() is None


def test_dates_and_lists_come_back_as_they_were(database):
    with database.transaction() as session:
        case = add_case(session)
        session.add(
            NnsReferral(
                case_id=case.id, consent_given_on=date(2026, 11, 20), consent_how="told", reasons=["alone"]
            )
        )
    with database.reading() as session:
        referral = session.get_one(NnsReferral, case.id)
    assert (referral.consent_given_on, referral.reasons) == (date(2026, 11, 20), ["alone"])


def test_nothing_that_names_a_person_is_legible_in_the_files_on_disk(sqlite_database):
    with sqlite_database.transaction() as session:
        add_person(session, profile={"name": SECRET}, telegram_id="987654321")
        case = add_case(session)
        add_event(session, case, detail={"note": SECRET})
        add_message(session, SECRET, case_id=case.id)
        times = {"started_at": NOON, "updated_at": NOON, "expires_at": NOON}
        session.add(Draft(chat_key=1, form="report", place="where", answers={"where": SECRET}, **times))
    file = Path(sqlite_database.url.database)
    on_disk = file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()
    assert case.reference.encode() in on_disk  # the files are the right ones
    for piece in ("Zdzis", "Ash Lane", "987654321", "gate is blue"):
        assert piece.encode() not in on_disk
        assert piece.encode("unicode_escape") not in on_disk


def test_a_value_moved_to_another_column_doesnt_open(database):
    with database.transaction() as session:
        case = add_case(session)
        add_event(session, case, detail={"note": "seen"})
        add_person(session)
        session.execute(text("UPDATE person SET profile = (SELECT detail FROM case_event)"))
    with database.reading() as session, pytest.raises(WrongKey, match=r"person\.profile"):
        session.scalars(select(Person.profile)).one()


def test_a_case_changed_from_an_outdated_copy_is_refused(database):
    with database.transaction() as session:
        outdated = add_case(session)
    with database.transaction() as session:
        session.get_one(Case, outdated.id).status = "acknowledged"
    outdated.status = "closed"
    case_id = outdated.id
    with pytest.raises(StaleDataError), database.transaction() as session:
        session.add(outdated)
    with database.reading() as session:
        assert session.get_one(Case, case_id).status == "acknowledged"
