"""An update of Telegram takes effect once, whoever gets it and however often."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from storage.updates import claim_update, forget_updates
from tests.storage.rows import NOON
from tests.support.databases import opened


def claim(database, update_id=900, now=NOON) -> bool:
    with database.transaction() as session:
        return claim_update(session, update_id, now)


def test_an_update_is_claimed_once(database):
    assert [claim(database), claim(database), claim(database, 901)] == [True, False, True]


def test_a_claim_that_was_rolled_back_can_be_made_again(database):
    def claim_and_stumble() -> None:
        with database.transaction() as session:
            claim_update(session, 900, NOON)
            raise KeyError

    with pytest.raises(KeyError):
        claim_and_stumble()
    assert claim(database)


@pytest.mark.parametrize(
    ("ends_well", "claimed_later"),
    [
        (True, False),  # the first one's effects are there
        (False, True),  # nothing happened, so the second one must do it
    ],
)
def test_the_same_update_in_another_process_waits_for_the_first(database_url, ends_well, claimed_later):
    results = []
    with opened(database_url) as first, opened(database_url) as second:
        other = threading.Thread(target=lambda: results.append(claim(second)))
        try:
            with first.transaction() as session:
                assert claim_update(session, 900, NOON)
                other.start()
                if not ends_well:
                    raise KeyError
        except KeyError:
            pass
        other.join(20)
    assert results == [claimed_later]


def test_updates_of_long_ago_are_forgotten(database):
    claim(database, 1, NOON - timedelta(days=8))
    claim(database, 2, NOON - timedelta(days=6))
    with database.transaction() as session:
        assert forget_updates(session, NOON - timedelta(days=7)) == 1
    assert [claim(database, 1), claim(database, 2)] == [True, False]
