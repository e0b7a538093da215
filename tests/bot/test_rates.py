"""Pacing: bursts pass, then each chat rests for itself, groups longer, and all of them share one rate."""

from __future__ import annotations

from datetime import timedelta

from bot.rates import Rates
from tests.bot.delivery_kit import START


def sent_within(rates: Rates, chat_id: int, seconds: int) -> int:
    """How many messages one chat gets in so many seconds when more than enough wait for it."""
    sent, now = 0, START
    while now < START + timedelta(seconds=seconds):
        if rates.rest(chat_id, now):
            now += timedelta(milliseconds=100)
        else:
            rates.take(chat_id, now)
            sent += 1
    return sent


def test_a_person_gets_a_burst_and_then_one_message_a_second() -> None:
    assert sent_within(Rates(), 1001, 10) == 12 + 9


def test_a_group_gets_no_more_than_twenty_messages_in_its_busiest_minute() -> None:
    assert 18 <= sent_within(Rates(), -1001, 60) <= 20


def test_all_chats_together_stay_below_thirty_messages_a_second() -> None:
    rates, waits = Rates(), []
    for chat_id in range(1, 101):
        waits.append(rates.take(chat_id, START))
    first_second = [wait for wait in waits if wait < timedelta(seconds=1)]
    assert 25 <= len(first_second) <= 30
    assert waits == sorted(waits)


def test_a_clock_that_is_set_back_gives_and_takes_nothing() -> None:
    rates = Rates(chat_burst=1)
    rates.take(1001, START)
    assert rates.rest(1001, START - timedelta(hours=1)) == timedelta(seconds=1)


def test_without_limits_nobody_waits() -> None:
    rates = Rates.unlimited()
    assert not any(rates.take(1001, START) or rates.rest(1001, START) for _ in range(1000))
