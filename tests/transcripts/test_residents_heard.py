"""Whole conversations in which somebody stays unnamed, speaks for another, is let down, asks, or leaves."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

from sqlalchemy import text

from storage.models import Base, Case, Closure, Enquiry, Person
from tests.following.walks import closes_case, takes_case, time_passes
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows, count_rows, the_case


async def test_hate_is_hate_once_somebody_says_so(town: Town, asha: Somebody, mona: Somebody) -> None:
    amina = town.resident("Amina Yusuf")
    await amina.starts()
    await amina.taps("Report a problem", "No, nobody is", "Neighbours", "Shouting, insults")
    await amina.says(
        "B97 4AA", "yes, redditch", "she shouts at us everytime we go to the car, go home and that"
    )
    await amina.taps(
        "That's all", "Most days or nights", "Housing association", "I don't know", "Use my name"
    )
    await amina.says("07700 900456")
    await amina.taps("Yes, and leave a message", "Send report")
    reference = amina.reference()
    assert the_case(town.database, reference).case.risk == "medium"
    await amina.taps("Ten short questions that help us", "Most days", "It is getting worse")
    amina.is_asked("risk.aimed_at")
    await amina.taps("My home")
    # A moment later: no, it is because of who they are.
    await amina.taps("Back", "Me, because of who I am", "Insults", "They are neighbours")
    await amina.taps("Afraid at home, or want to move", "I can't sleep, or see a doctor", "Nobody")
    await amina.taps("Two of these", "No, this is the first time")
    await amina.taps("Send answers")
    amina.sees_nothing_of("high risk", "hate")
    stored = the_case(town.database, reference)
    assert stored.report is not None
    assert stored.report.route is not None
    assert (stored.case.risk, "hate" in stored.report.route["reason_code"]) == ("high", True)
    for person in (asha, mona):
        person.sees_among(f"{reference}: high risk now")
        person.sees_nothing_of("go home", "Amina")
    await amina.says("/cases")
    await takes_case(asha, reference)
    asha.sees("high risk", "go home and that", "they take it for hate")
    await asha.taps("Contact made")
    # She wants to take it back; at high risk somebody speaks with her first.
    await amina.says("/cases")
    await amina.taps(reference, "Take it back", "Yes, take it back")
    amina.reads("following.withdraw.first")
    assert the_case(town.database, reference).case.closed_at is None
    await closes_case(
        asha, reference, "The police and her landlord spoke with her. She has signed an agreement."
    )
    await amina.taps("Show the update", "Say how it went", "Yes, it is better", "Yes, you did")
    (closure,) = all_rows(town.database, Closure)
    assert (closure.better, closure.informed) == ("yes", "yes")


async def test_dealing_is_told_without_a_name_and_followed_by_a_token(town: Town, asha: Somebody) -> None:
    sol = town.resident("Solomon Price")
    await sol.starts()
    await sol.taps("Report a problem", "No, nobody is", "Drugs", "People sell drugs")
    await sol.says("B97 4AA", "yes, redditch")
    await sol.says("cars pull up 2 mins at a time outside the end flat, all nite, lads on bikes run it out")
    await sol.taps("That's all", "Most days or nights", "Housing association", "Housing association")
    # He begins with his name, and thinks again.
    sol.is_asked("report.who")
    await sol.taps("Use my name", "Back", "Stay anonymous")
    sol.sees("Anonymous", buttons=["Send report"])
    sol.sees_no_button("Change phone")
    await sol.taps("Send report")
    token = next(word.strip(".") for word in sol.last.text.split() if word.startswith("t_"))
    reference = sol.reference()
    stored = the_case(town.database, reference)
    assert (stored.case.reporter_id, stored.detail["name"], stored.detail["phone"]) == (None, None, None)
    await sol.says("/cases")
    sol.reads("following.list.empty")
    await takes_case(asha, reference)
    asha.sees_nothing_of("Solomon", "Price", token)
    asha.sees("lads on bikes")
    asha.sees_no_button("Write to the resident")
    # Weeks later, from a cousin's telephone: the token is all that it takes, and nothing else is told.
    await time_passes(town, date(2026, 12, 1))
    cousin = town.resident("Gus Price")
    await cousin.starts(token)
    cousin.sees("An officer is working on")
    cousin.sees_nothing_of("lads", "bikes", "drugs", "Drugs")
    await cousin.says("t_" + "2" * 16)
    cousin.reads("reporting.token.unknown")
    await sol.says(reference)
    sol.reads("case.not_yours")
    secret = (token, "Solomon")
    with town.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(text(f'SELECT * FROM "{table.name}"')):
                assert not [word for word in secret if word in str(tuple(row))]


async def for_mother(tom: Somebody) -> None:
    """Up to whether she agreed."""
    await tom.says("/report")
    await tom.taps("No, nobody is", "Neighbours", "Shouting, insults")
    await tom.says(
        "B97 4AA", "yes, redditch", "Lad next door swears at mum over the fence, her with the washing"
    )
    await tom.taps("That's all", "Most weeks", "My household", "They do", "It is for someone else")
    tom.is_asked("report.their_name")
    await tom.says("Maureen Lacey")
    tom.is_asked("report.agreed")


async def test_a_son_reports_for_his_mother_who_agreed(town: Town, asha: Somebody) -> None:
    tom = town.resident("Tom Lacey")
    await tom.starts()
    await for_mother(tom)
    await tom.says("she told me")
    await tom.taps("Yes, they told me", "Skip")
    tom.sees("Maureen Lacey", "Tom Lacey, for someone else", buttons=["Send report"])
    await tom.taps("Send report")
    reference = tom.reference()
    stored = the_case(town.database, reference)
    assert stored.report is not None
    assert stored.report.on_behalf
    assert stored.detail["on_behalf"] == {
        "name": "Maureen Lacey",
        "agreed": "told_me",
        "ground": None,
        "on": "2026-11-24",
    }
    await takes_case(asha, reference)
    asha.sees("Maureen Lacey", "Tom Lacey")
    await closes_case(asha, reference, "We spoke with the lad and his parents.")
    await tom.taps("Show the update")
    tom.sees("his parents")


async def test_without_her_yes_there_has_to_be_a_ground(town: Town, asha: Somebody) -> None:
    tom = town.resident("Tom Lacey")
    await tom.starts()
    await for_mother(tom)
    await tom.taps("No, or I can't ask")
    tom.is_asked("report.ground")
    await tom.taps("None of these", "Skip", "Send report")
    tom.reads("report.on_behalf.needs_yes")
    assert count_rows(town.database, Case) == 0
    asha.sees_nothing_of("report")
    # She has not been herself since the fall; that is a ground.
    await tom.taps("Change why", "They can't decide it")
    await tom.taps("Send report")
    reference = tom.reference()
    kept = the_case(town.database, reference).detail["on_behalf"]
    assert (kept["agreed"], kept["ground"]) == ("no", "cannot_decide")
    await takes_case(asha, reference)
    asha.sees("They can't decide it")


async def test_rubbish_in_the_lane_is_the_councils_and_stays_followed(town: Town, asha: Somebody) -> None:
    pat = town.resident("Pat Noone")
    await pat.starts()
    await pat.says("somebody dumped a matress in the lane")
    pat.sees("Dumped rubbish (fly-tipping)")
    await pat.says("/report")
    await pat.taps("No, nobody is", "Rubbish", "Rubbish dumped", "I don't know")
    await pat.taps("Back", "Street, park or path")
    await pat.says("Lane behind the shops, Bromsgrove")
    await pat.taps("Bromsgrove")
    await pat.says("matress, bags of nappys, half a sofa")
    await pat.taps("That's all", "Once", "Today", "Use my name", "Skip", "Send report")
    reference = pat.reference()
    await pat.taps("What happens next?")
    pat.sees("Bromsgrove", "clears dumped waste from public land")
    stored = the_case(town.database, reference)
    assert stored.case.district == "bromsgrove"
    assert stored.report is not None
    assert stored.report.route["reason_code"] == "fly_tipping"
    assert stored.detail["details"] == {"land": "public"}
    await takes_case(asha, reference)
    await asha.taps("Close the case", "Passed to another agency")
    await asha.says("The council took it away today.")
    await asha.taps("Close it now")
    await pat.taps("Show the update")
    pat.sees("another team deals with it now", "took it away today")


async def test_a_case_closes_is_judged_and_opens_again_in_time_only(
    town: Town, asha: Somebody, mona: Somebody
) -> None:
    lil = town.resident("Lil Grant")
    await lil.starts()
    await lil.taps("Report a problem", "No, nobody is", "Animals", "A dog")
    await lil.taps("No, nobody was")
    await lil.says("B97 4AA", "yes, redditch", "the dog at 14 barks from when they go out til they come home")
    await lil.taps("That's all", "Most days or nights", "The council", "The council", "Use my name", "Skip")
    await lil.taps("Send report")
    reference = lil.reference()
    await takes_case(asha, reference)
    await asha.taps("Contact made")
    await closes_case(asha, reference, "The owner has a dog sitter now.")
    await lil.taps("Show the update")
    closed = lil.last
    await lil.taps("Say how it went", "It is the same", "No, too little")
    lil.reads("following.feedback.thanks")
    (closure,) = all_rows(town.database, Closure)
    assert (closure.better, closure.informed) == ("same", "no")
    await time_passes(town, date(2026, 12, 4), 18)
    await lil.taps_old(closed, "Open it again")
    lil.sees(f"{reference} is open again.")
    asha.sees_among(f"{reference}: the case is open again.")
    stored = the_case(town.database, reference)
    assert (stored.case.status, stored.case.closed_at) == ("reopened", None)
    await closes_case(asha, reference, "The owner moved away.")
    await lil.taps("Show the update")
    closed = lil.last
    town.clock.move_to(town.clock.now().replace(year=2027, month=8))
    await lil.taps_old(closed, "Open it again")
    lil.reads("following.reopen.late")
    assert the_case(town.database, reference).case.status == "closed"


async def test_a_promise_missed_is_our_apology_before_they_have_to_ask(
    town: Town, asha: Somebody, mona: Somebody
) -> None:
    ned = town.resident("Ned Cole")
    await ned.starts()
    await ned.taps("Report a problem", "No, nobody is", "Damage", "Graffiti", "Mine")
    await ned.says("B97 4AA", "yes, redditch", "sprayed all over my garage doors. third time.")
    await ned.taps("That's all", "Now and then", "Yesterday", "Use my name", "Skip", "Send report")
    reference = ned.reference()
    ned.sees("Friday 27 November")
    await takes_case(asha, reference)
    await time_passes(town, date(2026, 11, 30))
    ned.sees(f"Update on {reference}")
    await ned.taps("Show the update")
    ned.sees("Sorry.", "by Friday 27 November, and you did not.", "The new date is Wednesday 2 December.")
    mona.sees_among(f"{reference}: first contact, promised by Friday 27 November.")
    await ned.says("/cases")
    ned.sees("Next: an officer will contact you by Wednesday 2 December.")
    await ned.taps(reference, "Write to us")
    await ned.says("is anybody there")
    asha.sees(f"{reference}: a message has come.")
    await asha.taps("Messages", "Write to the resident")
    await asha.says("I am sorry, Ned. I was ill. I will ring at four today.")
    await ned.taps("Show the update")
    ned.sees("I will ring at four today.")
    await closes_case(asha, reference, "The council cleaned it.")
    marks = [event for event in the_case(town.database, reference).events if event.kind == "promise_missed"]
    assert len(marks) == 1


async def test_a_page_that_did_not_help_becomes_an_officers_answer(town: Town, asha: Somebody) -> None:
    fay = town.resident("Fay Dunn")
    await fay.starts()
    await fay.says("hi can i keep a cockrel, is that same as a dog thats barking all day??")
    await fay.taps("A dog that barks all the time")
    fay.sees("Written on", buttons=["This did not help", "Ask the team"])
    await fay.taps("This did not help", "Ask the team", "Redditch")
    fay.sees("cockrel", buttons=["Send question"])
    await fay.taps("Send question")
    reference = fay.reference()
    fay.sees("We have your question.", "Friday 27 November")
    asha.sees_among(reference)
    asha.sees_nothing_of("cockrel")
    await asha.says(reference)
    asha.sees("cockrel", buttons=["Answer the question"])
    await asha.taps("Answer the question")
    await asha.says("You may, if it does not disturb your neighbours early in the morning.")
    await asha.taps("That's all", "Send answer")
    await fay.taps("Show the update")
    fay.sees("You may, if it does not disturb", reference)
    (enquiry,) = all_rows(town.database, Enquiry)
    assert enquiry.case_id == the_case(town.database, reference).case.id
    await fay.says(reference)
    fay.reads("asking.standing.answered")


async def test_what_is_kept_is_copied_and_then_forgotten(town: Town, asha: Somebody) -> None:
    ivy = town.resident("Ivy Brook")
    await ivy.starts()
    await ivy.taps("Report a problem", "No, nobody is", "Rowdy groups", "Rowdy people", "Six to ten")
    await ivy.says(
        "B97 4AA", "yes, redditch", "kids kicking a ball at the garages, swear words you wouldnt beleive"
    )
    await ivy.taps("That's all", "Most weeks", "Use my name", "Skip", "Send report")
    reference = ivy.reference()
    await takes_case(asha, reference)
    await ivy.says("/mydata")
    await ivy.taps("Get a copy of my data", "Yes, send it here")
    with copy_of(town, ivy) as archive:
        kept = json.loads(archive.read("my-data.json"))
        assert archive.read("my-data.pdf").startswith(b"%PDF-")
    assert "you wouldnt beleive" in kept["data"]["asb_report"][0]["detail"]["what"]
    assert "Asha" not in json.dumps(kept)
    await ivy.says("/mydata")
    await ivy.taps("Delete my data")
    ivy.sees(f"These stay while we work on them: {reference}.")
    await ivy.taps("Delete what you can", "No, go back")
    await closes_case(asha, reference, "The youth team met them.")
    await ivy.taps("Show the update")
    await ivy.says("/mydata")
    await ivy.taps("Delete my data", "Delete what you can", "Yes, delete it for good")
    ivy.sees("We have deleted your data.")
    person = next(
        one
        for one in all_rows(town.database, Person)
        if one.id == the_case(town.database, reference).case.reporter_id
    )
    assert (person.telegram_id, person.chat_key) == (None, None)
    await ivy.says(reference)
    ivy.reads("case.not_yours")
    seen = len(ivy.phone.chat)
    await time_passes(town, date(2026, 12, 18))
    assert len(ivy.phone.chat) == seen


def copy_of(town: Town, somebody: Somebody) -> zipfile.ZipFile:
    """The archive that came last, opened."""
    sent = next(message for message in reversed(somebody.phone.bot_messages) if message.kind == "document")
    stored = town.world.files.find(sent.data["document"]["file_id"])
    assert stored is not None
    return zipfile.ZipFile(io.BytesIO(stored.content))
