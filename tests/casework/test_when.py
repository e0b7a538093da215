"""Catches an incident that is written down for another day than the person meant.

Now is Tuesday 24 November 2026, half past two. Expected readings: `Mon 23 22:00`, `~` approximate, a part of
the day, `|` between two readings, `future`, or `?` where the person has to be asked again.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.when import InFuture, NotUnderstood, TwoReadings, Understood, understand

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 24, 14, 30, tzinfo=LONDON)


def shown(reading):
    match reading:
        case Understood():
            words = [f"{reading.day:%a} {reading.day.day}"]
            if (reading.day.year, reading.day.month) != (2026, 11):
                words.append(f"{reading.day:%b %Y}")
            if reading.at:
                words.append(f"{reading.at.astimezone(LONDON):%H:%M}")
            words += ["~"] * reading.approximate + ([reading.part.value] if reading.part else [])
            return " ".join(words)
        case TwoReadings():
            return f"{shown(reading.first)} | {shown(reading.second)}"
        case InFuture():
            return f"future {shown(reading.understood)}"
        case NotUnderstood():
            return "?"


PHRASES = [
    # days alone
    ("yesterday", "Mon 23"),
    ("the day before yesterday", "Sun 22"),
    ("last weekend", "Sat 21 ~ | Sun 22 ~"),
    ("Tuesday", "Tue 24 | Tue 17"),  # on a Tuesday
    ("Saturday", "Sat 21"),
    ("last Saturday", "Sat 21"),
    ("last Monday", "Mon 23 | Mon 16"),  # yesterday, or the week before
    ("last Tuesday", "Tue 17"),
    ("the Saturday before last", "Sat 14"),
    ("two weeks ago", "Tue 10 ~"),
    ("a couple of days ago", "Sun 22 ~"),
    ("3 days ago", "Sat 21"),
    ("a month ago", "Sat 24 Oct 2026 ~"),
    ("3/11", "Tue 3"),  # days come first
    ("14.11.26", "Sat 14"),
    ("14.11", "Sat 14"),
    ("14/11/2026", "Sat 14"),
    ("2026-11-14", "Sat 14"),
    ("14 November", "Sat 14"),
    ("Nov 14th", "Sat 14"),
    ("Saturday 14 Nov", "Sat 14"),
    ("the 14th", "Sat 14"),
    ("the 30th", "Fri 30 Oct 2026"),
    ("1 nov 2025", "Sat 1 Nov 2025"),
    ("5/12", "future Sat 5 Dec 2026"),  # soon: they meant this year
    ("1/3", "Sun 1 Mar 2026"),
    ("1/9/25", "Mon 1 Sep 2025"),
    # times alone
    ("10pm", "Mon 23 22:00"),
    ("9am", "Tue 24 09:00"),
    ("at 22", "Mon 23 22:00"),
    ("half past ten", "Tue 24 10:30 | Mon 23 22:30"),
    ("10.30", "Tue 24 10:30 | Mon 23 22:30"),
    ("3 in the morning", "Tue 24 03:00"),
    ("midnight", "Tue 24 00:00"),
    ("2230 hours", "Mon 23 22:30"),
    # days with times
    ("last Tuesday 10pm", "Tue 17 22:00"),
    ("10.30pm yesterday", "Mon 23 22:30"),
    ("yesterday 22:15", "Mon 23 22:15"),
    ("yesterday at 10", "Mon 23 10:00 | Mon 23 22:00"),
    ("yesterday afternoon at 3", "Mon 23 15:00"),
    ("yesterday at noon", "Mon 23 12:00"),
    ("around 3am on Sunday", "Sun 22 03:00 ~"),
    ("14/11/2026 22:00", "Sat 14 22:00"),
    ("Nov 14th at 9 p.m.", "Sat 14 21:00"),
    ("Tuesday 9am", "Tue 24 09:00 | Tue 17 09:00"),
    ("Tuesday 9pm", "Tue 17 21:00"),  # today's has not been yet
    ("Friday at half 10", "Fri 20 10:30 | Fri 20 22:30"),
    ("between 10 and 11pm on Saturday", "Sat 21 22:00"),
    ("from 10pm to 2am last night", "Mon 23 22:00"),
    ("yesterday 10-2am", "Mon 23 22:00"),
    # nights end the day after
    ("last night", "Mon 23 ~ night"),
    ("last night about 11", "Mon 23 23:00 ~"),
    ("last night at 2", "Tue 24 02:00"),
    ("last night at midnight", "Tue 24 00:00"),
    ("quarter to 9 last night", "Mon 23 20:45"),
    ("Saturday night", "Sat 21 ~ night"),
    ("Saturday night 1am", "Sun 22 01:00 | Sat 21 01:00"),
    ("Saturday midnight", "Sun 22 00:00 | Sat 21 00:00"),
    # parts of the day
    ("this morning", "Tue 24 ~ morning"),
    ("on Friday evening", "Fri 20 ~ evening"),
    ("early hours of Sunday", "Sun 22 ~ morning"),
    # counted back from now
    ("now", "Tue 24 14:30"),
    ("20 minutes ago", "Tue 24 14:10 ~"),
    ("half an hour ago", "Tue 24 14:00 ~"),
    ("about 16 hours ago", "Mon 23 22:30 ~"),
    # spelling
    ("yesturday evning", "Mon 23 ~ evening"),
    ("wendsday 8pm", "Wed 18 20:00"),
    ("LAST NIGHT, 10 O’CLOCK!", "Mon 23 22:00"),
    ("10ish last night", "Mon 23 22:00 ~"),
    # not yet
    ("tomorrow", "future Wed 25"),
    ("tonight", "future Tue 24 ~ night"),
    ("this evening", "future Tue 24 ~ evening"),
    ("today 10pm", "future Tue 24 22:00"),
    ("next Friday", "future Fri 27"),
    # to be asked again
    ("31/2", "?"),
    ("25:00", "?"),
    ("13am", "?"),
    ("7", "?"),
    ("last week", "?"),
    ("most nights", "?"),
    ("Friday or Saturday", "?"),
    ("10pm this morning", "?"),  # contradicts itself
    ("last Friday 14/11", "?"),  # 14 November was a Saturday
    ("yesterday at 10 and at 11 and at 12", "?"),
    ("it was a dark night", "?"),
    ("since my dog died on Monday", "?"),
    ("0800 555 111", "?"),
    ("", "?"),
    ("x" * 500, "?"),
]


@pytest.mark.parametrize(("text", "expected"), PHRASES)
def test_what_people_type_is_read_as_they_meant_it(text, expected):
    assert shown(understand(text, NOW, LONDON)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("pl", "wczoraj o 22", "Mon 23 22:00"),
        ("pl", "w zeszły wtorek o 22:30", "Tue 17 22:30"),
        ("pl", "w sobotę w nocy", "Sat 21 ~ night"),
        ("pl", "w sobote w nocy", "Sat 21 ~ night"),  # without accents
        ("pl", "przedwczoraj wieczorem około 20", "Sun 22 20:00 ~"),
        ("pl", "dwa dni temu", "Sun 22"),
        ("pl", "3 listopada", "Tue 3"),
        ("pl", "yesterday 10pm", "Mon 23 22:00"),  # English is always read
        ("ro", "ieri la 22", "Mon 23 22:00"),
        ("ro", "aseară la ora 10", "Mon 23 22:00"),
        ("uk", "вчора о 22:00", "Mon 23 22:00"),
        ("uk", "сьогодні вранці", "Tue 24 ~ morning"),
        ("uk", "три дні тому", "Sat 21"),  # by the library
        ("ur", "کل رات ۱۰ بجے", "Mon 23 22:00"),  # Urdu figures
        ("pl", "coś tam 22", "?"),
        ("ur", "گزشتہ منگل", "?"),
        ("pa", "ਕੱਲ੍ਹ", "?"),
    ],
)
def test_other_languages_are_read_or_asked_again(language, text, expected):
    assert shown(understand(text, NOW, LONDON, (language,))) == expected


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        ("2026-11-24T00:30", "tonight", "Mon 23 ~ night"),  # the night is still yesterday's
        ("2026-11-24T00:30", "10pm", "Mon 23 22:00"),
        ("2026-11-22T12:00", "last weekend", "Sat 14 ~ | Sun 15 ~"),  # on a Sunday
        ("2026-11-22T12:00", "this weekend", "Sat 21 ~ | Sun 22 ~"),
        ("2026-11-21T12:00", "this weekend", "Sat 21 ~"),  # on a Saturday, Sunday is still to come
        ("2026-11-01T12:00", "the 31st", "Sat 31 Oct 2026"),
    ],
)
def test_what_a_word_means_depends_on_the_hour(now, text, expected):
    at = datetime.fromisoformat(now).replace(tzinfo=LONDON)
    assert shown(understand(text, at, LONDON)) == expected


def test_local_time_is_meant_in_summer_and_in_winter():
    summer = understand("1 July 2026 10pm", NOW, LONDON)
    winter = understand("1 November 2026 10pm", NOW, LONDON)
    assert summer.at == datetime(2026, 7, 1, 21, tzinfo=UTC)
    assert winter.at == datetime(2026, 11, 1, 22, tzinfo=UTC)


def test_now_can_be_given_in_any_zone():
    reading = understand("yesterday 10pm", NOW.astimezone(UTC), LONDON)
    assert reading == understand("yesterday 10pm", NOW, LONDON)


WORDS = sorted({word for text, _ in PHRASES for word in text.split() if len(word) < 20})


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join) | st.text(max_size=60))
def test_nothing_that_is_understood_lies_ahead(text):
    match understand(text, NOW, LONDON):
        case Understood() as one:
            found = [one]
        case TwoReadings(first, second):
            found = [first, second]
            assert first != second
        case _:
            found = []
    for reading in found:
        assert reading.day <= NOW.date()
        assert reading.at is None or reading.at <= NOW
        assert reading.at is None or reading.at.utcoffset().total_seconds() == 0
