"""What a person sees of their diary besides its forms: the front page, the entries, the pattern, the choices."""

from __future__ import annotations

from casework.diary import Band, Pattern, pattern_of
from handlers.diary.keeping import is_late_at_first
from handlers.keyboards import Button, Row, Rows
from handlers.turn import Service, Turn
from handlers.words import Html, Words, escape
from storage import diary
from storage.diary import Entry, Scope
from storage.models import Case, Diary

A_PAGE = 5
"""Entries on one page of the list."""
LONGEST_LINE = 120
"""Characters of what happened, in the list."""
LONGEST_SHOWN = 2500
"""Characters of what happened, in one entry: a message holds 4096 with its markup (Bot API, sendMessage)."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def scope_of(kept: Diary) -> Scope:
    """The entries of the case that the diary is kept for; without one those that no case has."""
    return Scope(case_id=kept.case_id) if kept.case_id is not None else Scope(person_id=kept.person_id)


def front(turn: Turn, kept: Diary, case: Case | None, *, cases: int, entries: int, loose: int) -> None:
    """The diary's front page, and all that can be done with it."""
    words, plain = turn.words, turn.words.plain
    lines = [words("diary.home.case", reference=case.reference) if case else words("diary.home.loose")]
    lines.append(words.plural("diary.home.count", entries) if entries else words("diary.home.none"))
    emergency = turn.service.policy.contact("emergency").value
    lines.append(words("diary.home.own", emergency=emergency))
    rows: list[Row] = [
        (Button(plain("diary.now.button"), "y:now"),),
        (Button(plain("diary.full.button"), "y:full"),),
    ]
    if entries:
        rows.append(
            (
                Button(plain("diary.list.button"), "y:list:0"),
                Button(plain("diary.pattern.button"), "y:pattern"),
            )
        )
        rows.append((Button(plain("diary.pdf.button"), "y:pdf"),))
    if case is not None and loose:
        rows.append((Button(plain("diary.give.button", reference=case.reference), f"y:give:{case.id}"),))
    weekly = "off" if kept.ask_at is not None else "on"
    if case is not None:
        rows.append((Button(plain(f"diary.ask_{weekly}.button"), f"y:ask:{weekly}"),))
    if cases > 1 or (cases and case is None):
        rows.append((Button(plain("diary.choose.button"), "y:choose"),))
    turn.say(Html("\n".join(lines)), tuple(rows))


def choose(turn: Turn, cases: list[Case]) -> None:
    """For which case is it? The latest first; or for none yet."""
    rows: list[Row] = [
        (Button(turn.words.plain("diary.case.button", reference=case.reference), f"y:case:{case.id}"),)
        for case in cases
    ]
    rows.append((Button(turn.words.plain("diary.case.none.button"), "y:case:0"),))
    turn.say(turn.words("diary.choose.ask"), tuple(rows))


def entry_list(turn: Turn, entries: list[Entry], page: int) -> None:
    """A page of the entries, the latest first, a button each."""
    latest = entries[::-1]
    pages = max(1, -(-len(latest) // A_PAGE))
    page = min(page, pages - 1)
    shown = latest[page * A_PAGE : (page + 1) * A_PAGE]
    lines = [turn.words("diary.list.top")]
    rows: list[Row] = []
    for number, entry in enumerate(shown, page * A_PAGE + 1):
        when = spoken_when(turn.words, turn.service, entry, turn)
        line = turn.words(
            "diary.list.line", number=number, when=when, what=_cut(_what(turn, entry), LONGEST_LINE)
        )
        lines.append(line)
        rows.append((Button(f"{number}. {when}"[:60], f"y:e:{entry.id}"),))
    plain = turn.words.plain
    ways: list[Button] = []
    if page + 1 < pages:
        ways.append(Button(plain("diary.earlier.button"), f"y:list:{page + 1}"))
    if page:
        ways.append(Button(plain("diary.later.button"), f"y:list:{page - 1}"))
    turn.say(Html("\n".join(lines)), (*rows, tuple(ways), (Button(plain("diary.home.button"), "y:home"),)))


def one_entry(turn: Turn, entry: Entry) -> None:
    """A whole entry, with what can be done about it."""
    words, version = turn.words, entry.now
    lines = [words("diary.entry.top", when=spoken_when(words, turn.service, entry, turn))]
    written = words.moment(entry.entered_at, turn.service.zone, turn.today)
    lines.append(words("diary.entry.written", when=written))
    if not entry.is_quiet and is_late_at_first(turn.service, entry):
        lines.append(words("diary.entry.late"))
    if version.version > 1:
        changed = words.moment(version.entered_at, turn.service.zone, turn.today)
        lines.append(words("diary.entry.corrected", when=changed))
    lines.append(Html(f"<blockquote>{escape(_cut(_what(turn, entry), LONGEST_SHOWN))}</blockquote>"))
    if entry.files:
        lines.append(words.plural("diary.entry.files", len(entry.files)))
    buttons: Row = ()
    if not entry.is_quiet:
        buttons = (Button(words.plain("diary.correct.button"), f"y:fix:{entry.id}"),)
        if version.confirmed_at is None:
            buttons = (Button(words.plain("diary.true.button"), f"y:true:{entry.id}"), *buttons)
    home = (Button(words.plain("diary.home.button"), "y:home"),)
    turn.say(Html("\n".join(lines)), (buttons, home))


def spoken_when(words: Words, service: Service, entry: Entry, turn: Turn) -> str:
    """ "Tuesday 24 November, 10:30pm": as exactly as it is known."""
    version, happened = entry.now, entry.happened
    day = words.day(happened.day, turn.today)
    if happened.starts_at is not None:
        clock = words.time(happened.starts_at.astimezone(service.zone).time())
        key = "kit.when.about" if version.approximate else "kit.when.exact"
        return words.plain(key, day=day, time=clock)
    if happened.band is not None:
        return words.plain(f"diary.when.{happened.band.value}.name", day=day)
    return day


def finding(words: Words, service: Service, entries: list[Entry], turn: Turn) -> Html:
    """What the picture shows, in words with figures: a picture has no words for those who can't see it."""
    incidents = [entry.happened for entry in entries if not entry.is_quiet]
    pattern = pattern_of(incidents, service.zone)
    days = sorted(happened.day for happened in incidents)
    first, last = words.day(days[0], turn.today), words.day(days[-1], turn.today)
    lines = [words.plural("diary.pattern.count", pattern.total, first=first, last=last)]
    band, weekday = pattern.busiest_band, pattern.busiest_weekday
    if band is not None and pattern.timed > 1:
        name = words.plain(f"diary.band.{band.value}.name")
        n = pattern.of_band(band)
        lines.append(words("diary.pattern.band", band=name, n=n, of=pattern.timed))
    if weekday is not None and pattern.timed > 1:
        name = words.plain(f"diary.weekday.{WEEKDAYS[weekday]}.name")
        lines.append(words("diary.pattern.weekday", weekday=name, n=pattern.of_weekday(weekday)))
    if pattern.untimed:
        lines.append(words.plural("diary.pattern.untimed", pattern.untimed))
    return Html(" ".join(lines))


def table(words: Words, pattern: Pattern) -> Html:
    """The same in words only, a line a day."""
    lines = [words("diary.pattern.table")]
    for number, day in enumerate(WEEKDAYS):
        cells = [
            words.plain("diary.pattern.cell", band=words.plain(f"diary.band.{band.value}.name"), n=n)
            for band in Band
            if (n := pattern.counts[number, band])
        ]
        if cells:
            name = words.plain(f"diary.weekday.{day}.name")
            lines.append(words("diary.pattern.day", weekday=name, cells=", ".join(cells)))
    if pattern.untimed:
        lines.append(words.plural("diary.pattern.untimed", pattern.untimed))
    return Html("\n".join(lines))


def confirm_first(turn: Turn, unconfirmed: int) -> None:
    """Before a PDF: is all of it true? A court may read it."""
    plain = turn.words.plain
    rows: Rows = (
        (Button(plain("diary.pdf.true.button"), "y:pdf:yes"),),
        (Button(plain("diary.pdf.later.button"), "y:pdf:no"),),
        (Button(plain("diary.list.button"), "y:list:0"),),
    )
    turn.say(turn.words.plural("diary.pdf.confirm", unconfirmed), rows)


def count_loose(turn: Turn) -> int:
    """Entries that no case has."""
    return diary.count_entries(turn.session, Scope(person_id=turn.person.id))


def _what(turn: Turn, entry: Entry) -> str:
    if entry.is_quiet:
        return turn.words.plain("diary.quiet.name")
    told = str(entry.now.body["answers"].get("what") or "")
    return told or turn.words.plain("diary.file_only.name")


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
