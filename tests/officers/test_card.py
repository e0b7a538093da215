"""The card and what is done from it: who may open it, what it shows, and what an old button does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.cases import DeadlineKind
from handlers.edits import keep_edit
from handlers.forms.engine import FormKit
from handlers.officers import PRESSES, open_reference
from storage import drafts
from storage.models import AsbReport, Case, CaseEvent, Deadline, NnsReferral
from storage.people import find_by_chat
from tests.officers.world import ADA, ASHA, BEN, KHAN, MONA, WES, Said, World

OF_AN_OPEN_REPORT = ("Write to the resident", "Close the case")
OF_EVERY_CARD = ("Add a note", "More", "Why this date?", "Back to the queue")


def press(world: World, chat_id: int, data: str) -> list[Said]:
    """Tap a button; what the person is told because of it."""
    world.hush()
    with world.turn(chat_id, press=data) as turn:
        parts = data.split(":")
        PRESSES[parts[0]](turn, parts)
    return world.said(chat_id)


def tap(world: World, chat_id: int, said: Said, label: str) -> list[Said]:
    return press(world, chat_id, said.data(label))


def opened(world: World, chat_id: int, case: Case) -> Said:
    (card,) = press(world, chat_id, f"o:{case.id}")
    return card


def events(world: World, case: Case) -> list[CaseEvent]:
    with world.session() as session:
        return list(
            session.scalars(
                select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)
            ).all()
        )


def test_opening_shows_the_case_and_is_recorded(world: World) -> None:
    case = world.report(story="He said <b>I'll get you</b> & left").case
    card = opened(world, ASHA, case)
    assert card.text.startswith(f"<b>{case.reference}</b> · report · Redditch\nIt is received, medium risk.")
    assert "Nobody has it yet." in card.text
    assert "acknowledge due Tuesday 24 November (1 working day left)" in card.text
    assert "first contact due Thursday 26 November (3 working days left)" in card.text
    assert "He said &lt;b&gt;I'll get you&lt;/b&gt; &amp; left" in card.text
    assert "opened, Asha Patel" in card.text
    assert card.row.payload["protect_content"] is True
    assert list(card.buttons) == [
        "Acknowledge",
        "Triage done",
        "Take it",
        "Contact tried",
        *OF_AN_OPEN_REPORT,
        *OF_EVERY_CARD,
    ]
    last = events(world, case)[-1]
    assert (last.kind, last.public, last.actor_role) == ("opened", False, "officer")


@pytest.mark.parametrize(
    ("chat_id", "district", "may"),
    [
        (ASHA, "redditch", True),
        (WES, "redditch", False),  # another district's officer
        (WES, None, True),  # nobody knows the district: the common queue
        (MONA, "redditch", True),  # managers open all
        (KHAN, "redditch", False),  # a Member, even of that district
        (ADA, "redditch", False),  # the person who reported it: a card is not for them
    ],
)
def test_who_may_open_a_card(sqlite_world: World, chat_id: int, district: str | None, may: bool) -> None:
    case = sqlite_world.report(district=district, story="Loud music").case
    (said,) = press(sqlite_world, chat_id, f"o:{case.id}")
    assert ("Loud music" in said.text) is may
    assert ([event.kind for event in events(sqlite_world, case)] == ["received", "opened"]) is may


@pytest.mark.parametrize("data", ["o:999", "o:", "o:x", "o:-1", "o:1:2:3", "o:" + "9" * 40])
def test_a_forged_button_opens_nothing(sqlite_world: World, data: str) -> None:
    (said,) = press(sqlite_world, ASHA, data)
    assert said.text.startswith("There is no such case.")


def test_every_answer_of_a_report_is_on_the_card(sqlite_world: World) -> None:
    world = sqlite_world
    detail = {
        "where": {"text": "12 High Street, B97 4AA", "postcode": "B97 4AA", "location": None},
        "what": "Shouting at night",
        "how_often": "most_days",
        "when": {"day": "2026-11-21", "at": "2026-11-21T22:30:00+00:00", "approximate": True},
        "my_home": "council_tenant",
        "their_home": "not_sure",
        "name": "Ada O'Neil",
        "phone": {"typed": "01632 960 111", "e164": "+441632960111"},
        "safe": "call_only",
        "danger_words": ["weapon", "fire"],
        "more": ["and one more thing"],
    }
    case = world.report(
        make_detail=lambda case_id: AsbReport(
            case_id=case_id, category="threats", danger_now=True, detail=detail
        )
    ).case
    text = opened(world, ASHA, case).text
    for line in (
        "<b>Somebody was in danger when this was sent.</b>",
        "<b>Words of danger:</b> a weapon and fire",
        "<b>Problem:</b> Threats",
        "<b>Where:</b> 12 High Street, B97 4AA",
        "<b>How often:</b> Most days or nights",
        "<b>Last happened:</b> about Saturday 21 November at 10:30pm",
        "<b>Home of who reports:</b> rented from the council",
        "<b>Home it comes from:</b> not known",
        "<b>Name:</b> Ada O'Neil",
        "<b>Phone:</b> 01632 960 111",
        "<b>Safe to call:</b> Yes, but leave no message",
        "<blockquote>Shouting at night\n\nand one more thing</blockquote>",
    ):
        assert line in text


def test_every_answer_of_a_referral_is_on_the_card(sqlite_world: World) -> None:
    world = sqlite_world
    day = world.service.calendar.local_day(world.clock.now())
    case = world.refer(
        make_detail=lambda case_id: NnsReferral(
            case_id=case_id,
            consent_given_on=day,
            consent_how="in_writing",
            reasons=["older", "lives_alone"],
            detail={
                "name": "Edith Shaw",
                "where": {"text": None, "location": [52.3, -1.9]},
                "phone": {"typed": "01632 960 200"},
                "best_time": "morning",
                "neighbour": {"name": "Jo", "phone": None},
                "doorstep_crime": "unknown",
                "notes": "Has a dog",
                "more": [],
            },
        )
    ).case
    text = opened(world, ASHA, case).text
    for line in (
        "Referred by Cllr Khan.",
        "<b>Consent:</b> in writing, Monday 23 November",
        "<b>Name:</b> Edith Shaw",
        "<b>Where:</b> 52.3, -1.9",
        "<b>Nominated neighbour:</b> Jo",
        "<b>Doorstep crime:</b> not known",
        "Has a dog",
    ):
        assert line in text


def test_a_very_long_story_is_cut_and_can_be_read_whole(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report(story="word & " * 3000).case
    card = opened(world, ASHA, case)
    assert len(card.text) < 4096
    parts = tap(world, ASHA, card, "Read all of it")
    assert sum(part.text.count("word &amp;") for part in parts) >= 2995  # a word may be cut between two
    assert all(part.row.payload["protect_content"] for part in parts)
    assert all(part.text.startswith(f"<b>{case.reference}</b>") for part in parts)


def test_acknowledging_ends_the_deadline_and_the_card_changes_in_place(world: World) -> None:
    case = world.report().case
    card = opened(world, ASHA, case)
    (changed,) = tap(world, ASHA, card, "Acknowledge")
    assert changed.method == "editMessageText"
    assert changed.row.edit_handle == f"case:{case.id}"
    assert changed.text.startswith("Acknowledged. The person who sent it has been told.")
    assert "It is acknowledged" in changed.text
    assert list(changed.buttons) == [
        "Triage done",
        "Take it",
        "Contact tried",
        *OF_AN_OPEN_REPORT,
        *OF_EVERY_CARD,
    ]
    with world.session() as session:
        ended = session.scalars(select(Deadline).where(Deadline.ended_at.is_not(None))).one()
        stored = session.get(Case, case.id)
    assert (ended.kind, ended.end_reason, ended.met_at) == ("acknowledge", "met", world.clock.now())
    assert stored.acknowledged_at == world.clock.now()
    last = events(world, case)[-1]
    assert (last.kind, last.public) == ("acknowledge", True)
    assert last.detail["from"] == "received"


def test_the_whole_way_from_received_to_contact_made(world: World) -> None:
    case = world.report().case
    card = opened(world, ASHA, case)
    for label in ("Acknowledge", "Take it", "Contact made"):
        (card,) = tap(world, ASHA, card, label)
    assert "It is contacted" in card.text
    assert "With Asha Patel." in card.text
    assert list(card.buttons) == ["Contact tried", "Actions planned", *OF_AN_OPEN_REPORT, *OF_EVERY_CARD]
    with world.session() as session:
        left = session.scalars(select(Deadline.kind).where(Deadline.ended_at.is_(None))).all()
    assert list(left) == ["update", "review"]
    assert [event.kind for event in events(world, case)] == [
        "received",
        "opened",
        "acknowledge",
        "take",
        "contact_made",
    ]


def test_a_referral_that_was_taken_first_can_still_be_acknowledged(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.refer().case
    card = opened(world, ASHA, case)
    (card,) = tap(world, ASHA, card, "Take it")
    assert "Contact made" in card.buttons
    (card,) = tap(world, ASHA, card, "Acknowledge")
    assert "Acknowledge" not in card.buttons


def test_a_button_of_an_outdated_card_does_nothing_and_shows_what_is(world: World) -> None:
    case = world.report().case
    asha, ben = opened(world, ASHA, case), opened(world, BEN, case)
    tap(world, ASHA, asha, "Take it")
    before = events(world, case)
    (shown,) = tap(world, BEN, ben, "Take it")
    assert shown.method == "sendMessage"
    assert shown.text.startswith(
        "This case has changed since that message. It is assigned now. With Asha Patel."
    )
    assert "Take it" not in shown.buttons
    assert "Since you last looked:\nMonday 23 November at 10am: taken, Asha Patel" in shown.text
    assert [event.kind for event in events(world, case)[len(before) :]] == ["opened"]
    assert world.case(case.id).owner_id == world.person_id(ASHA)


def test_the_same_tap_twice_does_nothing_the_second_time(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    card = opened(world, ASHA, case)
    tap(world, ASHA, card, "Acknowledge")
    world.clock.advance(timedelta(seconds=1))
    assert not tap(world, ASHA, card, "Acknowledge")
    assert not world.said()
    assert [event.kind for event in events(world, case)].count("acknowledge") == 1


@pytest.mark.parametrize("act", ["contact_made", "close", "reassign", "", "nonsense"])
def test_a_move_that_is_not_there_is_refused_with_the_state(sqlite_world: World, act: str) -> None:
    world = sqlite_world
    case = world.report().case
    (shown,) = press(world, ASHA, f"c:{case.id}:1:{act}")
    assert shown.text.startswith("That cannot be done now: the case is received.")
    assert world.case(case.id).status == "received"


@pytest.mark.parametrize("chat_id", [ADA, KHAN, WES])
def test_nobody_else_can_act_with_a_forged_button(sqlite_world: World, chat_id: int) -> None:
    case = sqlite_world.report().case
    press(sqlite_world, chat_id, f"c:{case.id}:1:acknowledge")
    assert sqlite_world.case(case.id).acknowledged_at is None


def test_an_answer_that_was_edited_after_sending_is_beside_the_first_one(world: World) -> None:
    case = world.report(story="Loud music").case
    with world.turn(ADA, text="Loud music") as turn:
        drafts.keep_words(
            turn.session,
            chat_key=turn.chat_key,
            message_id=5,
            draft_id=None,
            question="what",
            text="Loud music",
            now=turn.now,
            case_id=case.id,
        )
    world.hush()
    later = "He has <a knife> " + "and shouts " * 40 + "now"
    with world.turn(ADA, text=later, edited=True) as turn:
        keep_edit(turn, FormKit((), lambda turn, above, rows: None))
    assert [one.to for one in world.said()] == [ADA, ASHA, BEN, ADA]
    told = world.said(ASHA)[0]
    assert told.text == f"{case.reference}: a message was edited."
    (card,) = tap(world, ASHA, told, "Open case")
    assert "<blockquote>Loud music</blockquote>\n<b>Edited later:</b> He has &lt;a knife&gt; and" in card.text
    (whole,) = tap(world, ASHA, card, "Read all of it")
    assert "Loud music\n\nEdited later: He has &lt;a knife&gt;" in whole.text
    assert whole.text.endswith("now</blockquote>")
    for _ in range(6):
        card = opened(world, ASHA, case)
    assert "a message was edited" not in card.text  # long past among the last steps
    assert "Edited later:" in card.text


# What the person who sent it is told


def test_the_reporter_gets_a_line_that_tells_nothing_and_the_news_on_a_tap(world: World) -> None:
    case = world.report().case
    card = opened(world, ASHA, case)
    tap(world, ASHA, card, "Acknowledge")
    (update,) = world.said(ADA)
    assert update.text == f"Update on {case.reference}"
    (news,) = press(world, ADA, update.data("Show the update"))
    assert news.method == "editMessageText"
    assert news.row.edit_handle == update.row.handle
    assert "The Redditch and Bromsgrove Community Safety Team has your report now." in news.text
    assert "An officer will contact you by Thursday 26 November." in news.text


def test_a_member_hears_of_a_referral_without_reasons(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.refer().case
    tap(world, ASHA, opened(world, ASHA, case), "Acknowledge")
    (update,) = world.said(KHAN)
    (news,) = press(world, KHAN, update.data("Show the update"))
    assert "has your referral now" in news.text
    assert "An officer will call the resident by Monday 30 November." in news.text
    assert "Edith" not in news.text


@pytest.mark.parametrize("chat_id", [KHAN, BEN, 9999])
def test_the_news_are_for_the_person_whose_case_it_is_only(sqlite_world: World, chat_id: int) -> None:
    world = sqlite_world
    case = world.report().case
    tap(world, ASHA, opened(world, ASHA, case), "Acknowledge")
    (update,) = world.said(ADA)
    (said,) = press(world, chat_id, update.data("Show the update"))
    assert said.text.startswith("We show a case only to the person who sent it")


def test_what_is_not_public_is_shown_to_nobody_outside(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    opened(world, ASHA, case)
    private = events(world, case)[-1]
    (said,) = press(world, ADA, f"u:{private.id}")
    assert "opened" not in said.text


def test_of_an_anonymous_report_nobody_is_told(world: World) -> None:
    case = world.report(ADA, anonymous=True).case
    card = opened(world, ASHA, case)
    assert "Anonymous: nobody can be told or asked." in card.text
    (changed,) = tap(world, ASHA, card, "Acknowledge")
    assert "There is nobody whom the bot can tell." in changed.text
    assert not world.said(ADA)


@pytest.mark.parametrize(
    ("chat_id", "starts"),
    [
        (ASHA, "<b>{}</b> · report"),  # an officer: the card
        (ADA, "<code>{}</code>\nWe have your report."),  # who sent it: where it stands
        (KHAN, "We show a case only to"),  # somebody else: not even whether it exists
        (WES, "This case is in Redditch"),
    ],
)
def test_a_typed_reference_shows_what_each_may_know(sqlite_world: World, chat_id: int, starts: str) -> None:
    world = sqlite_world
    received = world.report()
    world.hush()
    with world.turn(chat_id, text=received.reference) as turn:
        open_reference(turn, received.reference)
    (said,) = world.said(chat_id)
    assert said.text.startswith(starts.format(received.reference))


def test_a_reference_that_nobody_has_is_told_apart_by_the_team_only(sqlite_world: World) -> None:
    world = sqlite_world
    for chat_id, starts in ((ASHA, "There is no such case."), (ADA, "We show a case only to")):
        with world.turn(chat_id) as turn:
            open_reference(turn, "KM4P-X7RB")
        (said,) = world.said(chat_id)
        assert said.text.startswith(starts)


def test_after_the_promised_day_the_status_promises_nothing(sqlite_world: World) -> None:
    world = sqlite_world
    received = world.report()
    world.clock.advance(timedelta(days=7))
    world.hush()
    with world.turn(ADA) as turn:
        open_reference(turn, received.reference)
    (said,) = world.said(ADA)
    assert "26 November" not in said.text
    assert "You can call us about it on" in said.text


def test_a_person_out_of_reach_is_not_written_to(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    with world.session() as session:
        ada = find_by_chat(session, world.service.keyring.chat_key(ADA))
        ada.unreachable_since = world.clock.now()
    tap(world, ASHA, opened(world, ASHA, case), "Acknowledge")
    assert not world.said(ADA)


def test_the_working_of_a_date_is_told_day_by_day(world: World) -> None:
    world.clock.advance(timedelta(days=30))  # Wednesday 23 December
    case = world.report().case
    (said,) = tap(world, ASHA, opened(world, ASHA, case), "Why this date?")
    assert "acknowledge due Thursday 24 December (1 working day left)" in said.text
    assert "first contact due Wednesday 30 December (3 working days left)" in said.text
    assert "That is 3 working days after Wednesday 23 December." in said.text
    assert "Friday 25 December (Christmas Day), Saturday 26 December" in said.text
    assert said.buttons == {"Open case": f"o:{case.id}"}


def test_the_working_of_a_date_is_for_those_who_may_open_the_case(sqlite_world: World) -> None:
    world = sqlite_world
    world.report()
    with world.session() as session:
        number = session.scalars(select(Deadline.id)).first()
    for chat_id in (WES, ADA, KHAN):
        (said,) = press(world, chat_id, f"w:{number}")
        assert "working day" not in said.text
    (said,) = press(world, ASHA, "w:12345")
    assert said.text.startswith("There is no such case.")


def test_a_date_that_was_met_is_still_explained(sqlite_world: World) -> None:
    world = sqlite_world
    case = world.report().case
    with world.session() as session:
        number = session.scalars(
            select(Deadline.id).where(Deadline.kind == DeadlineKind.ACKNOWLEDGE.value)
        ).one()
    tap(world, ASHA, opened(world, ASHA, case), "Acknowledge")
    (said,) = press(world, ASHA, f"w:{number}")
    assert "acknowledge is done" in said.text
