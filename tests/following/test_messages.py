"""Messages go both ways, none is lost, each has somebody who answers, and nobody's telephone tells of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from storage.models import CaseEvent, CaseMessage, Dialog, Person, RoleGrant
from tests.following.walks import (
    closes_case,
    makes_contact,
    opens_case,
    reports_again,
    takes_case,
    time_passes,
)
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows, the_case
from tests.support.walks import reports


async def test_what_is_typed_with_nothing_open_is_asked_about_first(town: Town, asha: Somebody) -> None:
    ada = town.resident("Ada Lovelace")
    await ada.starts()
    await ada.says("Is anybody there?")
    ada.sees_no_button("No, do not send it")  # there is no case that it could be about
    reference = await reports(ada)
    await takes_case(asha, reference)
    await ada.says("They did it again last night.")
    ada.sees("Is this for our team? Nothing is sent yet.", buttons=[f"Send it about {reference}"])
    assert not all_rows(town.database, CaseMessage)
    await ada.taps(f"Send it about {reference}")
    ada.sees(f"We have your message about {reference}.")
    asha.sees("a message has come")
    (message,) = all_rows(town.database, CaseMessage)
    assert (message.body, message.from_team) == ({"text": "They did it again last night."}, False)


async def test_what_is_not_for_the_team_is_kept_nowhere(town: Town, ada: Somebody) -> None:
    await reports(ada)
    await ada.says("My sister's birthday is on Sunday")
    await ada.taps("No, do not send it")
    ada.sees("It was not sent.")
    assert not all_rows(town.database, CaseMessage)
    assert "birthday" not in str([row.screen for row in all_rows(town.database, Dialog)])


async def test_with_several_reports_they_choose_and_the_other_hears_nothing(
    town: Town, ada: Somebody
) -> None:
    first = await reports(ada)
    second = await reports_again(ada, "Rubbish")
    await ada.says("The bags are back again")
    ada.sees(buttons=[f"Send it about {first}", f"Send it about {second}"])
    await ada.taps(f"Send it about {second}")
    (message,) = all_rows(town.database, CaseMessage)
    assert message.case_id == the_case(town.database, second).case.id


async def test_a_long_text_that_comes_in_parts_is_all_kept_and_the_officer_told_once(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    before = len(asha.phone.bot_messages)
    await ada.says("/cases")
    await ada.taps(reference, "Write to us")
    await ada.says("First part.", "Second part.", "Third part.")
    ada.sees("Added to your message")
    assert [row.body["text"] for row in all_rows(town.database, CaseMessage)] == [
        "First part.",
        "Second part.",
        "Third part.",
    ]
    notices = [m.text for m in asha.phone.bot_messages[before:] if "a message has come" in m.text]
    assert len(notices) == 1
    await town.moves_on(minutes=11)
    await ada.says("And later something else.")
    ada.sees("Is this for our team?")  # too long after, it may have been meant for something else


async def test_words_of_danger_get_the_numbers_first_and_reach_the_officer_marked(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    await ada.says("/cases")
    await ada.taps(reference, "Write to us")
    await ada.says("He is at my door with a knife")
    ada.sees_among(
        "If anyone is in danger, call 999 now.", f"We have your message about {reference}.", last=2
    )
    asha.sees(f"{reference}: a message with words of danger has come.", "Read it now.")
    asha.sees_nothing_of("knife")


async def test_danger_typed_with_nothing_open_can_still_be_sent_to_the_team(ada: Somebody) -> None:
    reference = await reports(ada)
    await ada.says("He has a knife")
    ada.sees("call 999 now", buttons=[f"Send it about {reference}"])
    await ada.taps(f"Send it about {reference}")
    ada.sees_among("call 999 now", f"We have your message about {reference}.", last=2)


async def test_an_edited_message_shows_both_versions_to_the_officer(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    await ada.says("It was at nine")
    await ada.taps(f"Send it about {reference}")
    sent = next(m for m in ada.phone.chat if m.text == "It was at nine")
    await ada.edits(sent, "It was at ten")
    await asha.taps("Messages")
    asha.sees("It was at ten", "Edited. At first it said: It was at nine")
    assert [row.body["text"] for row in all_rows(town.database, CaseMessage)] == ["It was at nine"]


async def test_an_edit_in_another_chat_with_the_same_number_is_not_taken_for_it(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    """Telegram numbers the messages of each chat by itself."""
    reference = await reports(ada)
    await takes_case(asha, reference)
    await ada.says("From Ada")
    await ada.taps(f"Send it about {reference}")
    await asha.taps("Messages", "Write to the resident")
    await asha.says("From Asha")
    mine, theirs = all_rows(town.database, CaseMessage)
    with town.database.transaction() as session:
        session.get(CaseMessage, mine.id).message_id = theirs.message_id  # as chance may have it
    await asha.edits(next(m for m in asha.phone.chat if m.text == "From Asha"), "From Asha, put right")
    await opens_case(asha, reference)
    await asha.taps("Messages")
    assert asha.last.text.count("Edited.") == 1
    assert asha.last.text.index("From Ada\n") < asha.last.text.index("From Asha, put right")


async def test_who_writes_again_and_again_without_an_answer_comes_before_the_manager(
    town: Town, ada: Somebody, asha: Somebody, mona: Somebody
) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    for text in ("Are you there?", "Hello again", "It is still going on"):
        mona.sees_nothing_of("messages wait for an answer")
        await town.moves_on(hours=1)
        await ada.says(text)
        await ada.taps(f"Send it about {reference}")
    mona.sees(f"{reference}: 3 messages wait for an answer, one after the other.")
    await town.moves_on(hours=1)
    await ada.says("And again")
    await ada.taps(f"Send it about {reference}")
    told = [m.text for m in mona.phone.bot_messages if "wait for an answer" in m.text]
    assert len(told) == 1  # brought in once, not with each further message
    assert [e.kind for e in the_case(town.database, reference).events].count("chased") == 1
    await opens_case(asha, reference)
    asha.sees(buttons=["Messages: 4 to answer"])
    await asha.taps("Write to the resident", "When can we talk?")
    await opens_case(asha, reference)
    asha.sees(buttons=["Messages"])
    assert the_case(town.database, reference).deadlines["answer"].end_reason == "met"


async def test_a_message_that_nobody_answers_becomes_a_reminder_and_is_late(
    town: Town, ada: Somebody, asha: Somebody, mona: Somebody
) -> None:
    reference = await reports(ada)
    await makes_contact(asha, reference)
    await ada.says("When will you come?")
    await ada.taps(f"Send it about {reference}")
    await time_passes(town, date(2026, 11, 27))
    asha.sees_among(f"{reference}, report, Redditch: answer due today, 5pm")
    await time_passes(town, date(2026, 11, 30))
    mona.sees_among(f"{reference}, report, Redditch: answer was due Friday 27 November")
    ada.sees(f"Update on {reference}")
    await ada.taps("Show the update")
    ada.sees("Sorry.", "by Friday 27 November, and you did not.", "The new date is Wednesday 2 December.")


async def test_an_officer_who_leaves_hands_the_case_back_to_the_district(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    ben = await town.officer("Ben Cole", "redditch")
    await ada.says("/cases")
    ada.sees("Your contact: Asha Patel,")
    case = the_case(town.database, reference).case
    with town.database.transaction() as session:
        for grant in session.query(RoleGrant).where(RoleGrant.person_id == case.owner_id):
            grant.ended_at = town.clock.now()
    await ada.says("/cases")
    ada.sees("Your contact: Redditch and Bromsgrove Community Safety Team.")
    ada.sees_no_button("Asha Patel")
    before = len(asha.phone.bot_messages)
    await ada.says("Is anybody on my case?")
    await ada.taps(f"Send it about {reference}")
    ben.sees(f"{reference}: a message has come.")
    assert len(asha.phone.bot_messages) == before
    await asha.says(reference)
    asha.sees_nothing_of("Is anybody on my case?")


async def test_a_resident_who_blocked_the_bot_is_not_written_to_and_the_officer_knows(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    ada.phone.block()
    await town.settle()
    seen = len(ada.phone.bot_messages)
    await opens_case(asha, reference)
    await asha.taps("Write to the resident")
    asha.sees("The bot may not write to the person", buttons=["I spoke with them"])
    await asha.taps("I spoke with them")
    asha.sees("It is recorded that you spoke with them.", "It is contacted")
    await closes_case(asha, reference)
    asha.sees("Closed. The bot could not tell the person: do it in another way.")
    assert len(ada.phone.bot_messages) == seen


async def test_to_somebody_who_may_not_be_written_to_nothing_goes_unasked(
    town: Town, ada: Somebody, asha: Somebody, mona: Somebody
) -> None:
    """Somebody they live with may read their telephone (NWCSP domain facts 5.4)."""
    reference = await reports(ada)
    await takes_case(asha, reference)
    with town.database.transaction() as session:
        case = the_case(town.database, reference).case
        session.get(Person, case.reporter_id).silent = True
    seen = len(ada.phone.bot_messages)
    await opens_case(asha, reference)
    await asha.taps("Write to the resident")
    asha.sees("Reach them in the way that they said is safe.")
    await time_passes(town, date(2026, 12, 1))
    mona.sees_among(f"{reference}: first contact, promised by Friday 27 November. The bot cannot tell")
    await closes_case(asha, reference)
    assert len(ada.phone.bot_messages) == seen


async def test_a_closed_case_takes_no_message_but_can_be_opened_again(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await makes_contact(asha, reference)
    await opens_case(asha, reference)
    await asha.taps("Write to the resident", "We tried to call")
    await ada.taps("Show the update")
    written = ada.last
    await closes_case(asha, reference)
    await ada.taps_old(written, "Reply")
    ada.sees("This report is closed, so your message was not sent.", buttons=["Open it again"])
    await ada.says("What now?")
    ada.sees_no_button(f"Send it about {reference}")
    assert not [row for row in all_rows(town.database, CaseMessage) if not row.from_team]


async def test_at_night_the_officers_words_wait_for_the_morning(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    town.clock.move_to(datetime(2026, 11, 24, 22, 30, tzinfo=UTC))
    seen = len(ada.phone.bot_messages)
    await opens_case(asha, reference)
    await asha.taps("Write to the resident", "We are looking into it")
    assert len(ada.phone.bot_messages) == seen
    await town.until(date(2026, 11, 25), 8, 5)
    ada.sees(f"Update on {reference}")


async def test_cancel_leaves_writing_and_keeps_nothing(town: Town, ada: Somebody, asha: Somebody) -> None:
    reference = await reports(ada)
    await ada.says("/cases")
    await ada.taps(reference, "Write to us")
    await ada.says("Cancel")
    ada.sees("We have your report.")
    await opens_case(asha, reference)
    await asha.taps("Write to the resident")
    await asha.says("back")
    asha.sees("Nobody has it yet.")
    assert not all_rows(town.database, CaseMessage)


async def test_a_form_that_is_open_is_put_aside_and_keeps_its_answers(town: Town, ada: Somebody) -> None:
    reference = await reports(ada)
    await ada.says("/cases")
    listed = ada.last
    await ada.says("/report")
    await ada.taps("Something new", "No, nobody is")
    await ada.taps_old(listed, reference)
    await ada.taps("Write to us")
    await ada.says("This is a message, no answer to the form")
    ada.sees(f"We have your message about {reference}.")
    await ada.says("/menu")
    ada.sees(buttons=["Go on with my report"])
    events = [e.kind for e in all_rows(town.database, CaseEvent)]
    assert events.count("message_in") == 1


async def test_a_line_is_sent_in_the_language_of_its_reader(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    """What is stored is the line's name, not its English."""
    reference = await reports(ada)
    await takes_case(asha, reference)
    await opens_case(asha, reference)
    await asha.taps("Write to the resident")
    await asha.says("keep a diary")  # a button's words, typed
    (message,) = all_rows(town.database, CaseMessage)
    assert message.body == {"line": "diary"}
    await ada.taps("Show the update")
    ada.sees("Write down each time it happens")


async def test_what_is_too_long_for_one_message_is_refused_before_anything_is_kept(
    town: Town, ada: Somebody, asha: Somebody
) -> None:
    reference = await reports(ada)
    await takes_case(asha, reference)
    await opens_case(asha, reference)
    await asha.taps("Write to the resident")
    await asha.says("word " * 700)
    asha.sees("That is more than 3000 characters.")
    await asha.says("Short.")
    asha.sees("Sent. They see a neutral line first.")
    assert len(all_rows(town.database, CaseMessage)) == 1
