"""Each rule finds what it is there for, and lets good sentences be."""

import pytest

from tests.words.checks import ENGLISH_WORDING, EVERY_LANGUAGE, Entry

CHECKS = {**EVERY_LANGUAGE, **ENGLISH_WORDING}


def entry(text: str | tuple[str, ...], key: str = "menu.text", english: str | None = None, **more) -> Entry:
    forms = (text,) if isinstance(text, str) else text
    return Entry("en", key, forms, (english or forms[0],), **more)


BAD = [
    # a value got lost, renamed, numbered or formatted
    ("placeholders", entry("Hello {nam}", english="Hello {name}")),
    ("placeholders", entry(("{n} day for {ref}", "{n} days"))),
    ("placeholders", entry("Hello {}")),
    ("placeholders", entry("Hello {name!r}")),
    ("placeholders", entry("Hello {name:>5}")),
    ("placeholders", entry("Hello {name.upper}")),
    ("placeholders", entry("Hello {name")),
    # markup got lost or doubled
    ("tags", entry("Hello", english="<b>Hello</b>")),
    ("tags", entry("<i>Hello</i>", english="<b>Hello</b>")),
    ("filled", entry(("{n} day", ""))),
    ("fuzzy", entry("Hello", fuzzy=True)),
    # what Telegram would refuse
    ("html", entry("<p>Hello</p>")),
    ("html", entry("<b>Hello")),
    ("html", entry("<b><i>Hello</b></i>")),
    ("html", entry("Hello</b>")),
    ("html", entry("you & me")),
    ("html", entry("1 < 2")),
    ("html", entry('<b class="x">Hello</b>')),
    ("plain labels", entry("<b>Send</b>", "menu.send.button")),
    ("plain labels", entry("<b>Send</b>", "menu.command.send", plain=True)),
    # too long for where it stands
    ("lengths", entry("Send this report to the team right now", "menu.send.button")),
    ("lengths", entry("x" * 4097)),
    ("lengths", entry("What? " + "word " * 100, "report.where.ask")),
    # numbers belong to the policy and the clock
    ("digits", entry("Call 999.")),
    ("digits", entry("within 5 days")),
    ("tidy", entry("Hello.  Welcome.")),
    ("tidy", entry("Hello. ")),
    ("tidy", entry("Hello. \nWelcome.")),
    ("tidy", entry("[Send]")),
    ("tidy", entry("Late 🔴")),
    ("tidy", entry("Drugs &amp; drink")),
    ("tidy", entry("{name}'s case")),
    ("capitals", entry("Do NOT go there.")),
    ("capitals", entry("A note about ASB.")),
    ("full stops", entry("We read messages every day")),
    ("full stops", entry("Hello.\n<b>We read messages every day</b>")),
    ("sentence length", entry("word " * 26 + ".")),
    # blame, empty promises, the office's words
    ("banned words", entry("Please type a date.")),
    ("banned words", entry("That is an invalid date.")),
    ("banned words", entry("We will keep you safe.")),
    ("banned words", entry("The offender lives here.")),
    ("banned words", entry("Click the button, e.g. now.")),
    ("banned words", entry("Your ID is safe.")),
    ("grade", entry("Consequently the aforementioned documentation necessitates deliberation. " * 4)),
    ("buttons", entry("OK", "menu.send.button")),
    ("buttons", entry("Yes", "report.danger.choice.yes")),
    ("question first", entry("Now.\nWhere is it?", "report.where.ask")),
]

GOOD = [
    entry("Where is it?\nA street or a postcode helps us.", "report.where.ask"),
    entry("<b>In danger now? Call {emergency}.</b>\nWe read messages {days}."),
    entry(("One day for {ref}", "{n} days for {ref}")),  # the number in words
    entry("Our team reads it. How we use it: /privacy"),
    entry("Send report", "menu.send.button"),
    entry("Yes, in writing", "report.consent.choice.written"),
    entry("today, now, 2", "report.when.typed.today"),  # what people may type is not shown
    entry("/report to tell us about a problem"),
    entry("We have your report.\n<code>{reference}</code>"),
    entry("A, B &lt; C"),
    entry("ASB: first contact due {day}.", "reminder.due"),  # officers use their own words
    entry("First contact is due by {day}, says the UK team."),
]


@pytest.mark.parametrize(("check", "bad"), BAD, ids=lambda value: getattr(value, "forms", [value])[0][:30])
def test_a_rule_finds_what_it_is_for(check: str, bad: Entry) -> None:
    assert list(CHECKS[check](bad))


@pytest.mark.parametrize("check", CHECKS)
def test_every_rule_has_an_example(check: str) -> None:
    assert check in {name for name, _ in BAD}


@pytest.mark.parametrize("good", GOOD, ids=lambda value: value.forms[0][:30])
def test_good_sentences_pass_every_rule(good: Entry) -> None:
    assert {name: found for name, check in CHECKS.items() if (found := list(check(good)))} == {}
