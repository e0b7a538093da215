"""Whole conversations, from a first worry to an end: what each person reads, and what is stored of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from storage.models import AsbReport, Base, Case, CaseReviewInfo, DiaryEntry, Draft, Heard, Person
from tests.following.walks import closes_case, opens_case, takes_case, time_passes
from tests.support.evidence import fetch, photo
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows, count_rows, the_case


async def test_someone_who_is_afraid_at_home_finds_help_and_leaves_no_trace(
    town: Town, asha: Somebody, mona: Somebody
) -> None:
    tess = town.resident("Tess Archer")
    await tess.starts()
    await tess.taps("Report a problem", "No, nobody is", "Noise")
    # She looks at what is asked, goes back, and says what it is.
    tess.is_asked("report.where")
    await tess.taps("Back")
    tess.is_asked("report.category")
    await tess.taps("Someone I live with, or did")
    tess.sees("These people listen", "0800 980 3331", "999", buttons=["Leave quickly"])
    tess.sees_nothing_of("abuse", "violence", "partner", "report has been")
    assert count_rows(town.database, Draft) == count_rows(town.database, Case) == 0
    assert count_rows(town.database, Heard) == 0
    await tess.taps("Leave quickly")
    tess.sees_nothing_of("0800 980 3331", "Someone I live with")
    quiet = [str(message) for message in tess.phone.chat]
    assert len(quiet) == 1
    # Months go by, with every job that writes to anybody, and there is not one message.
    await time_passes(town, date(2027, 2, 26))
    assert [str(message) for message in tess.phone.chat] == quiet
    for officer in (asha, mona):
        officer.sees_nothing_of("Tess", "Archer", "0800 980 3331")
    (person,) = [one for one in all_rows(town.database, Person) if one.silent]
    assert person.telegram_id == str(tess.phone.user_id)
    # What she asks for herself still answers, and nothing follows it.
    await tess.says("/start")
    tess.sees(buttons=["Report a problem"])
    seen = len(tess.phone.chat)
    await time_passes(town, date(2027, 3, 5))
    assert len(tess.phone.chat) == seen


async def test_two_owners_and_nothing_unlawful_are_answered_honestly(town: Town, asha: Somebody) -> None:
    ray = town.resident("Ray Benton")
    await ray.starts()
    await ray.says("/report")
    await ray.taps("No, nobody is", "Neighbours", "Fences, hedges, borders")
    # Not what he means, it turns out: it is how they talk to each other.
    ray.reads("report.ordinary.boundary")
    await ray.taps("Back", "A quarrel with neighbours")
    ray.is_asked("report.where")
    await ray.says("B97 4AA", "Yes, Redditch")
    await ray.says("we fell out over the drive 2 yrs ago, now she wont speak an slams her bins about")
    await ray.says("I no its petty but its getting me down")
    await ray.taps("That's all", "Now and then")
    ray.is_asked("report.when")
    await ray.says("last sunday")
    await ray.taps("Yes, that is right")
    await ray.taps("My household", "They do", "Use my name", "Skip")
    ray.sees("A quarrel with neighbours", "Sunday 22 November", buttons=["Send report", "Change kind"])
    await ray.taps("Send report")
    reference = ray.reference()
    receipt = ray.last
    await ray.taps("What happens next?")
    ray.reads("route.owners_neither.whole")
    ray.sees("trained person in the middle", "diary")
    stored = the_case(town.database, reference)
    assert stored.report is not None
    assert stored.report.route["reason_code"] == "owners_neither"
    assert stored.report.sub_kind == "neighbour_dispute"
    await ray.taps_old(receipt, "What happens next?")
    # The officer says what can be done, and closes it as what it is.
    await takes_case(asha, reference)
    asha.sees("slams her bins about", "Ray Benton")
    await asha.taps("Write to the resident")
    await asha.says("Hello Ray. Would you both try mediation? It is free, and I can ask them for you.")
    await ray.taps("Show the update", "Reply")
    await ray.says("go on then, cant hurt")
    asha.sees(f"{reference}: a message has come.")
    await asha.taps("Messages")
    asha.sees("go on then, cant hurt")
    await closes_case(asha, reference, "They met with a mediator and shook hands.")
    await ray.taps("Show the update")
    ray.sees("shook hands", buttons=["Open it again", "Say how it went"])
    assert the_case(town.database, reference).case.status == "closed"


async def test_noise_at_night_is_shown_heard_and_kept_in_a_diary_until_it_counts(
    town: Town, asha: Somebody, mona: Somebody
) -> None:
    dee = town.resident("Dee Marsh")
    await dee.starts()
    await dee.taps("Report a problem", "No, nobody is", "Noise")
    await dee.says("b97 4aa", "yes, redditch")
    await dee.says("bass thru the wall til 3 in the moring again")
    await dee.sends(dee.phone.send_photo, content=photo(), caption="my clock last nite")
    await dee.sends(dee.phone.send_voice)
    await dee.taps("That's all", "Most days or nights", "The council", "The council", "Use my name")
    await dee.says("07700 900123")
    await dee.taps("No, only write here")
    dee.sees("with 2 files", "No, only write here", buttons=["Send report"])
    await dee.taps("Send report")
    reference = dee.reference()
    await fetch(town)
    stored = the_case(town.database, reference)
    assert sorted(file.kind for file in stored.files) == ["photo", "voice"]
    assert all(file.sha256 for file in stored.files)
    await dee.taps(
        "Tell us more about the noise", "Music or parties", "Friday", "Saturday", "Done", "At night"
    )
    await dee.taps("Done", "Send it")
    detail = the_case(town.database, reference).detail
    assert detail["pattern"] == {"days": ["fri", "sat"], "bands": ["night"]}
    # At half past one it starts again: four actions, and back to sleep.
    await time_passes(town, date(2026, 11, 27), 21)
    await town.until(date(2026, 11, 28), 1, 30)
    await dee.says("/diary")
    before = dee.actions
    await dee.taps("It's happening now")
    await dee.sends(dee.phone.send_voice)
    await dee.taps("Very bad", "I could not sleep")
    assert dee.actions - before == 4
    dee.sees("Saved in your diary.", reference)
    (entry,) = all_rows(town.database, DiaryEntry)
    assert entry.entered_at == town.clock.now()
    await takes_case(asha, reference)
    asha.sees("bass thru the wall", "my clock last nite", "Music or parties")
    asha.sees(buttons=["Evidence: 3", "Diary (1)"])
    # Two weeks on it is another house and another report: what she has a right to is said, once.
    await time_passes(town, date(2026, 12, 11), 20)
    first = await reports_noise_elsewhere(dee)
    told = [m for m in dee.phone.bot_messages if "The ASB Case Review" in m.text]
    assert len(told) == 1
    await dee.says("/cases")
    dee.sees("2 of 3 reports")
    dee.sees_nothing_of("do not qualify")
    second = await reports_noise_elsewhere(dee, "Rear of the shops, B98 8AH")
    assert len({reference, first, second}) == 3
    told = [m for m in dee.phone.bot_messages if "The ASB Case Review" in m.text]
    assert len(told) == 1
    assert count_rows(town.database, CaseReviewInfo) == 1


async def reports_noise_elsewhere(somebody: Somebody, where: str = "B98 7DE") -> str:
    await somebody.says("/report")
    await somebody.taps("Something new", "No, nobody is", "Noise")
    await somebody.says(where, "yes, redditch", "its them again only louder, other flat now")
    await somebody.taps("That's all", "Most weeks", "The council", "I don't know", "Use my name", "Skip")
    await somebody.taps("Send report")
    if "No, send it as new" in somebody.last.labels:
        await somebody.taps("No, send it as new")
    return somebody.reference()


async def test_begging_and_sleeping_outside_are_two_things(town: Town, asha: Somebody) -> None:
    joy = town.resident("Joy Adeyemi")
    await joy.starts()
    await joy.taps("Report a problem", "No, nobody is", "Something else")
    await joy.taps("Begging")
    joy.is_asked("report.sleeping_rough")
    await joy.taps("No, I think not")
    # Then she remembers the sleeping bag.
    await joy.taps("Back", "Yes, I think so")
    await joy.says("B97 4AA", "yes, redditch")
    await joy.says(
        "Young lad outside the bank, asks everybody for change. Hes no trouble, but he was blue with cold"
    )
    await joy.taps("That's all", "Most days or nights", "Use my name", "Skip")
    joy.sees("Sleeps outside", buttons=["Send report"])
    await joy.taps("Send report")
    reference = joy.reference()
    await joy.taps("What happens next?")
    joy.sees_nothing_of("arrest him", "fine him")
    stored = the_case(town.database, reference)
    assert stored.detail["details"] == {"sleeping_rough": "yes"}
    assert stored.report is not None
    assert stored.report.sub_kind == "begging"
    await takes_case(asha, reference)
    asha.sees("Sleeps outside", "Yes, I think so", "blue with cold")
    await asha.taps("Write to the resident")
    await asha.says("The outreach team met him last night. He has a bed.")
    await joy.taps("Show the update")
    joy.sees("He has a bed.")
    await joy.says("/cases")
    await joy.taps(reference, "It stopped", "Close my report", "Yes, take it back")
    assert the_case(town.database, reference).case.status == "closed"


async def test_money_paid_at_the_door_is_told_to_who_can_act(town: Town, asha: Somebody) -> None:
    walt = town.resident("Walter Finch")
    await walt.starts()
    await walt.says("/report")
    await walt.says("no nobody is", "something else", "sellers at the door")
    walt.is_asked("report.paid")
    await walt.says("not sure")
    walt.is_asked("report.where")
    await walt.taps("Back", "Yes, money was paid")
    await walt.says("12 High Street, B97 4AA", "yes, redditch")
    await walt.says("two chaps said my roof let in, I gave them £400 for tiles, thats the last I saw of them")
    await walt.taps("That's all", "Once")
    await walt.taps("Yesterday")
    await walt.taps("Use my name")
    await walt.says("01632 960 001")
    await walt.taps("Yes, but leave no message", "Send report")
    reference = walt.reference()
    await walt.taps("What happens next?")
    walt.sees("traders who cheat", "0808 223 1133")
    stored = the_case(town.database, reference)
    assert stored.detail["details"] == {"paid": "yes"}
    assert stored.report is not None
    assert stored.report.last_happened_on == date(2026, 11, 23)
    await takes_case(asha, reference)
    asha.sees("Yes, money was paid", "£400", "Yes, but leave no message")
    await asha.taps("Contact made")
    await closes_case(asha, reference, "Trading Standards have it. Your bank stopped the cheque.")
    await walt.taps("Show the update", "Say how it went", "Yes, it is better", "Yes, you did")
    walt.reads("following.feedback.thanks")


async def test_a_car_left_behind_has_its_plate_and_its_place(town: Town, asha: Somebody) -> None:
    kim = town.resident("Kim Osei")
    await kim.starts()
    await kim.taps("Report a problem", "No, nobody is", "Vehicles")
    await kim.taps("Parking")
    kim.reads("report.ordinary.parking")
    # It is not how it is parked: nobody has moved it since the summer.
    await kim.taps("Back")
    await kim.says("a car left behind")
    kim.is_asked("report.plate")
    await kim.says("ab12 cde")
    kim.is_asked("report.stands")
    await kim.taps("On a road")
    await kim.says("B97 4AA", "yes, redditch")
    await kim.says("silver corsa, flat tyres, windows bin smashed since august")
    await kim.taps("That's all", "Most days or nights", "Use my name", "Skip")
    kim.sees("On a road", "ab12 cde", buttons=["Send report", "Change number plate"])
    await kim.taps("Send report")
    reference = kim.reference()
    await kim.taps("What happens next?")
    kim.sees("cars that have been left")
    stored = the_case(town.database, reference)
    assert stored.report is not None
    assert stored.report.sub_kind == "abandoned_vehicle"
    assert stored.detail["details"]["stands"] == "road"
    assert stored.detail["details"]["plate"].upper().replace(" ", "") == "AB12CDE"
    # A plate is about a person: it lies encrypted, and is on no notice.
    with town.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(text(f'SELECT * FROM "{table.name}"')):
                assert "12 cde" not in str(tuple(row)).lower()
    asha.sees_nothing_of("12 cde", "AB12")
    await takes_case(asha, reference)
    asha.sees("On a road", "corsa")
    await opens_case(asha, reference)
    await closes_case(asha, reference, "It was taken away on Monday.")
    await kim.taps("Show the update")
    kim.sees("It was taken away on Monday.")
    (report,) = all_rows(town.database, AsbReport)
    assert report.case_id == stored.case.id
