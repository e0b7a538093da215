"""Proving on the command line that the history of cases is whole, or saying where it is not."""

from __future__ import annotations

from collections.abc import Callable

from bot.settings import Settings, SettingsError
from storage.database import Database
from storage.history_check import Checked, Finding, Wrong, check, has_seal
from storage.migrations import current_revision, head_revision

_SAYS = {
    Wrong.CHANGED: "row {row} (number {place}) is not as it was written, or the one before it isn't",
    Wrong.MISSING: "what came before row {row} (number {place}) is missing",
    Wrong.ADDED: "row {row} was added: there was a number {place} already",
    Wrong.ORDER: "row {row} (number {place}) was moved: its id is not above that of the row before",
    Wrong.UNCHAINED: "row {row} was not written by this program",
    Wrong.UNREADABLE: "row {row} (number {place}) does not open with the keys",
    Wrong.CUT: "it ends at number {place}, and went to number {sealed} when it was sealed",
    Wrong.OTHER: "number {place} is not what it was when it was sealed",
    Wrong.GONE: "all {sealed} rows are gone, and retention did not delete them",
    Wrong.BACK: "there are rows, though retention deleted the case",
    Wrong.EMPTY: "it has no history at all",
    Wrong.MARK: "it is marked as deleted by retention, and this program did not write that",
}
_OF_NO_CASE = {
    Wrong.SEALED: "What was sealed was changed since: it does not fit seal {sealed}.",
    Wrong.SEAL: "Seal {sealed} is not as it was written, or the one before it is missing.",
}


def verify(settings: Settings, database: Database, code: str | None, *, say: Callable[[str], None]) -> bool:
    """Say what is not whole as it is found, then what was gone through. Returns whether all is whole.

    SettingsError where the tables are not up to date.
    """
    if current_revision(database) != head_revision():
        raise SettingsError("The tables are not up to date; run: python -m bot migrate")
    checked, found = Checked(), 0
    with database.snapshot() as session:
        for finding in check(session, checked):
            found += 1
            say(_line(finding))
        if code is not None and not has_seal(session, code):
            found += 1
            say(f"There is no seal with the code {code}: the database is older than it, or another one.")
    seen = f"{checked.events} rows of {checked.cases} cases"
    say(
        f"The history is not whole: {found} findings in {seen}."
        if found
        else f"The history is whole: {seen}."
    )
    if checked.sealed_at is None:
        say("It was not sealed yet; that is done each night.")
    else:
        day = checked.sealed_at.astimezone(settings.zone).strftime("%d %B %Y, %H:%M")
        say(f"Sealed {checked.seals} times, last on {day}. The code of that seal is {checked.code}.")
    return not found


def _line(finding: Finding) -> str:
    facts = {"row": finding.row, "place": finding.place, "sealed": finding.sealed}
    if finding.wrong in _OF_NO_CASE:
        return _OF_NO_CASE[finding.wrong].format(**facts)
    case = finding.reference or f"case {finding.case_id}"
    return f"{case}: {_SAYS[finding.wrong].format(**facts)}."
