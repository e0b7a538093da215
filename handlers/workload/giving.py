"""A handover being done: cases and what hangs on them, their history, and who is told what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog

from handlers.keyboards import Button
from handlers.officers.labels import district_name, due_phrase, kind_name
from handlers.officers.new_contact import reporters, tell_new_contacts
from handlers.officers.reminding import MOST_LINES, case_buttons
from handlers.turn import Recipient, Turn, message_payload
from handlers.words import Html, Words
from handlers.workload.plan import Plan
from storage import cases, handover, outbox
from storage.handover import Held
from storage.models import Person
from storage.people import display_name, list_people

log = structlog.get_logger(__name__)

EVENT = "handed_over"


def hand_over(turn: Turn, plan: Plan, former: Person, *, works_here: bool) -> int:
    """Do what the plan says; its cases and the roles of its receivers are locked. Returns how many are told.

    However many cases there are, the number of statements is the same. ``works_here``: whether the former
    owner is still in the team, and so is told as well.
    """
    session, given = turn.session, plan.shares.given
    moved = [one for one in plan.held if one.case.id in given]
    people = list_people(session, {*given.values(), *reporters(one.case for one in moved)})
    handover.give(session, [one.case for one in moved], given, turn.now)
    handover.move_what_follows(session, former.id, given)
    if former.chat_key is not None:
        chats = {case_id: people[to].chat_key for case_id, to in given.items()}
        handover.move_drafts(session, former.chat_key, {k: chat for k, chat in chats.items() if chat})
    details = {case_id: {"from": former.id, "to": to} for case_id, to in given.items()}
    cases.record_events(session, details, kind=EVENT, actor=turn.actor, now=turn.now)
    messages = _briefings(turn, plan, people, former)
    if works_here and former.id != turn.person.id:
        messages += _to_former(turn, plan, former)
    outbox.add_messages(session, messages, turn.now)
    log.info("work_handed_over", former=former.id, cases=len(given), by=turn.person.id)
    return tell_new_contacts(turn, [(one.case, people[given[one.case.id]]) for one in moved], people)


def _briefings(turn: Turn, plan: Plan, people: Mapping[int, Person], former: Person) -> list[outbox.Message]:
    """One message to each new owner."""
    receivers = [(Recipient.of(people[to]), plan.of(to)) for to in sorted({*plan.shares.given.values()})]
    return [_briefing(turn, to, share, former) for to, share in receivers if to is not None]


def _to_former(turn: Turn, plan: Plan, former: Person) -> list[outbox.Message]:
    to = Recipient.of(former)
    if to is None:
        return []
    text = turn.service.words(to.language).plural("team_work.handover.former", len(plan.shares.given))
    return [outbox.Message(chat_key=to.chat_key, payload=message_payload(to.chat_id, text, ()))]


def _briefing(turn: Turn, to: Recipient, share: Sequence[Held], former: Person) -> outbox.Message:
    """How many, how many are late, and the first ones: high risk before the rest, then by their next day."""
    words = turn.service.words(to.language)
    name = display_name(former) or words.plain("team_work.no_name")
    ordered = handover.first_due(share)
    lines = [words.plural("team_work.briefing.top", len(share), name=name)]
    if late := sum(one.late for one in share):
        lines.append(words.plural("team_work.briefing.late", late))
    lines += [Html(""), *(_line(turn, words, one) for one in ordered[:MOST_LINES])]
    if (more := len(ordered) - MOST_LINES) > 0:
        lines.append(words.plural("reminder.more", more))
    queue = (Button(words.plain("reminder.queue.button"), "q:new"),)
    rows = (*case_buttons(one.case for one in ordered), queue)
    payload = message_payload(to.chat_id, Html("\n".join(lines)), rows)
    return outbox.Message(chat_key=to.chat_key, payload=payload)


def _line(turn: Turn, words: Words, one: Held) -> Html:
    due = due_phrase(words, turn.service, one.due_on, turn.today) if one.due_on else None
    return words(
        "team_work.briefing.line",
        reference=one.case.reference,
        kind=kind_name(words, one.case),
        district=district_name(words, turn.service, one.case),
        due=due or words.plain("officer.queue.nothing_due"),
    )
