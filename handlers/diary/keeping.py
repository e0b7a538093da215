"""From the answers of a diary form to an entry: what it says, whether it is late, and who has to know."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from casework.diary import Band, Happened, band_of_part, is_late, with_end
from casework.when import PartOfDay, Understood
from handlers.diary import alarm
from handlers.forms.answering import MORE
from handlers.forms.flow import ABOUT, Answers, Receipt
from handlers.forms.kinds.when import to_json
from handlers.forms.pen import DANGER
from handlers.keyboards import Button, Row
from handlers.turn import Service, Turn
from handlers.words import Html
from storage import cases, diary, drafts
from storage.diary import Entry
from storage.models import Case, Diary, DiaryEntry, EntryKind

EVENT = "diary_entry"


def save_now(turn: Turn, answers: Answers) -> Receipt:
    """What is happening now: the time is this one, the rest can be added later."""
    today = turn.service.calendar.local_day(turn.now)
    began = turn.draft.started_at if turn.draft is not None else turn.now
    moment = to_json(Understood(today, began.replace(second=0, microsecond=0)))
    moment["day"] = turn.service.calendar.local_day(began).isoformat()
    effect = [] if answers["effect"] is None else [answers["effect"]]
    return save(turn, {**answers, "when": moment, "effect": effect})


def save(turn: Turn, answers: Answers) -> Receipt:
    """Keep an entry, or a further version of one."""
    about = answers.get(ABOUT) or {}
    corrects = (
        diary.find_entry(turn.session, about["corrects"], turn.person.id) if about.get("corrects") else None
    )
    case_id = corrects.now.case_id if corrects else about.get("case")
    said = {key: value for key, value in answers.items() if key not in (ABOUT, DANGER, MORE)}
    happened, approximate = when_of(said, turn.service)
    entry = diary.add_entry(
        turn.session,
        person_id=turn.person.id,
        case_id=case_id,
        happened=happened,
        approximate=approximate,
        body={
            "answers": said,
            "danger_words": answers.get(DANGER, []),
            "more": answers.get(MORE, []),
        },
        confirmed=said.get("true") == "yes",
        corrects=corrects,
        now=turn.now,
    )
    if turn.draft is not None:
        diary.keep_files(turn.session, entry, turn.draft.id)
        if case_id is not None:
            drafts.give_to_case(turn.session, turn.draft, case_id)
    heard(turn)
    case = cases.find_case(turn.session, case_id) if case_id is not None else None
    late = is_entry_late(turn.service, entry)
    if case is not None:
        _record(turn, case, entry, late=late)
        if entry.body["danger_words"]:
            alarm.tell_team(turn, case)
    return _receipt(turn, entry, case, late=late and corrects is None)


def nothing_happened(turn: Turn, kept: Diary) -> DiaryEntry:
    """That nothing happened since something was heard last is worth an entry, too."""
    since = turn.service.calendar.local_day(kept.heard_at)
    entry = diary.add_entry(
        turn.session,
        person_id=turn.person.id,
        case_id=kept.case_id,
        happened=Happened(since),
        body={"until": turn.today.isoformat()},
        kind=EntryKind.QUIET,
        now=turn.now,
    )
    heard(turn)
    return entry


def heard(turn: Turn) -> Diary:
    """Something was heard of the person: the weekly question, where they want it, waits a week from now."""
    kept = diary.get_diary(turn.session, turn.person.id, turn.now)
    kept.heard_at = turn.now
    if kept.ask_at is not None:
        kept.ask_at = turn.now + ask_every(turn.service)
    return kept


def ask_every(service: Service) -> timedelta:
    """How often the person is asked whether there is something to add."""
    return timedelta(days=service.policy.diary.ask_every_days.value)


def is_entry_late(service: Service, version: DiaryEntry) -> bool:
    """Whether this version was written late (NWCSP domain facts 3.7: more than 24 hours)."""
    after = timedelta(hours=service.policy.diary.late_after_hours.value)
    return is_late(diary.happened_of(version), version.entered_at, service.zone, after)


def is_late_at_first(service: Service, entry: Entry) -> bool:
    """Whether the entry was late when it was first written; a correction comes later by its nature."""
    return is_entry_late(service, entry.versions[0])


def when_of(answers: Answers, service: Service) -> tuple[Happened, bool]:
    """When it was, by the answers; and whether that is approximate."""
    moment = answers["when"]
    starts, ends = answers.get("starts") or {}, answers.get("ends") or {}
    starts_at = _instant(moment) or _instant(starts)
    ends_at = with_end(starts_at, _instant(ends))
    band = None
    if starts_at is None:
        part, pick = moment.get("part"), starts.get("pick")
        if pick in tuple(Band):
            band = Band(pick)
        elif part:
            band = band_of_part(PartOfDay(part))
    approximate = bool(moment["approximate"] or starts.get("approximate") or ends.get("approximate"))
    day = date.fromisoformat(moment["day"])
    if starts_at is not None:
        day = starts_at.astimezone(service.zone).date()
    return Happened(day, starts_at, ends_at, band), approximate


def _instant(answer: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(answer["at"]) if answer.get("at") else None


def _record(turn: Turn, case: Case, entry: DiaryEntry, *, late: bool) -> None:
    detail = {"entry": entry.first_id or entry.id, "version": entry.version, "late": late}
    cases.record_event(
        turn.session, case_id=case.id, kind=EVENT, actor=turn.actor, now=turn.now, detail=detail
    )


def _receipt(turn: Turn, entry: DiaryEntry, case: Case | None, *, late: bool) -> Receipt:
    words = turn.words
    lines = [words("diary.saved.again" if entry.version > 1 else "diary.saved")]
    if case is not None:
        lines.append(words("diary.saved.case", reference=case.reference))
    if late:
        lines.append(words("diary.saved.late"))
    entry_id = entry.first_id or entry.id
    first: Row = ()
    if entry.confirmed_at is None:
        lines.append(words("diary.saved.confirm"))
        first = (Button(words.plain("diary.true.button"), f"y:true:{entry_id}"),)
    rest = (
        Button(words.plain("diary.correct.button"), f"y:fix:{entry_id}"),
        Button(words.plain("diary.home.button"), "y:home"),
    )
    return Receipt(Html("\n".join(lines)), (first, rest))
