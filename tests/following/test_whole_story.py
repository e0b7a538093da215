"""From a report to its closing and its opening again: months of two chats, read from both sides."""

from __future__ import annotations

from datetime import date

from tests.following.walks import opens_case, takes_case, time_passes
from tests.support.service import Somebody, Town
from tests.support.stored import the_case
from tests.support.walks import reports


async def test_a_case_is_followed_from_the_report_to_closing_and_opened_again(
    town: Town, asha: Somebody, mona: Somebody
) -> None:
    ada = town.resident("Ada Lovelace")
    await ada.starts()
    ada.sees(buttons=["Report a problem", "My reports"])
    await ada.taps("My reports")
    ada.sees("You have no reports here.", buttons=["Report a problem"])
    reference = await reports(ada)

    await ada.says("/cases")
    ada.sees("Your reports", reference, "Noise", "Tuesday 24 November", "We have your report.")
    ada.sees("Your contact: Redditch and Bromsgrove Community Safety Team.")
    ada.sees("Next: an officer will contact you by Friday 27 November.")

    await takes_case(asha, reference)
    await ada.says("/cases")
    ada.sees("An officer is working on your report.", "Your contact: Asha Patel,", buttons=[reference])

    # She asks something; the officer reads a line without a word of it, and the message on a tap.
    await ada.taps(reference)
    ada.sees(
        "we got your report",
        "an officer read it",
        buttons=["Write to us", "It got worse", "It stopped", "Take it back", "Why this date?"],
    )
    await ada.taps("Write to us")
    ada.sees(f"What would you like to tell us about {reference}?", "999")
    await ada.says("They threatened my brother on the stairs.")
    ada.sees(f"We have your message about {reference}.", "by Friday 27 November")
    asha.sees(f"{reference}: a message has come. Answer by Friday 27 November.")
    asha.sees_nothing_of("brother")
    await asha.taps("Messages")
    asha.sees("They threatened my brother on the stairs.", "Not answered yet.")

    await asha.taps("Write to the resident")
    await asha.says("Thank you. I will come on Thursday at 3pm.")
    asha.sees_among("Sent. They see a neutral line first.", "It is contacted")
    ada.sees(f"Update on {reference}", buttons=["Show the update"])
    ada.sees_nothing_of("Thursday at 3pm")
    await ada.taps("Show the update")
    ada.sees("Asha Patel wrote to you", "Thank you. I will come on Thursday at 3pm.", buttons=["Reply"])

    # An officer's own words are contact and answer; the next thing promised is how it goes.
    stored = the_case(town.database, reference)
    assert stored.case.status == "contacted"
    assert {kind: row.end_reason for kind, row in stored.deadlines.items()} == {
        "acknowledge": "met",
        "contact": "met",
        "answer": "met",
        "update": None,
        "review": None,
    }
    assert stored.deadlines["update"].due_on == date(2026, 12, 8)
    await ada.says("/cases")
    ada.sees("Next: we will tell you how it goes by Tuesday 8 December.")

    # A line that exists in every language is an update, too.
    await time_passes(town, date(2026, 12, 7), 10)
    await opens_case(asha, reference)
    await asha.taps("Write to the resident", "We are looking into it")
    await ada.taps("Show the update")
    ada.sees("We are looking into it. We will write to you again here.")
    await ada.says("/cases")
    ada.sees("Next: we will tell you how it goes by Monday 21 December.")

    # Closed: when, why, what was done, and what she can do.
    await time_passes(town, date(2027, 1, 11), 11)
    await opens_case(asha, reference)
    await asha.taps("Close the case")
    asha.sees(f"Why do you close {reference}?", buttons=["Resolved", "Passed to another agency"])
    await asha.taps("Resolved")
    await asha.says("We spoke with the people upstairs. They turn it down after 10pm.")
    asha.sees("Nothing is closed yet.", f"We closed your report {reference}", "They turn it down after 10pm.")
    await asha.taps("Close it now")
    asha.sees("Closed. The person has been told.", "It is closed")
    ada.sees(f"Update on {reference}")
    await ada.taps("Show the update")
    ada.sees(
        f"We closed your report {reference} on Monday 11 January.",
        "Why: the problem is solved.",
        "What was done: We spoke with the people upstairs.",
        "Tap Open it again until Monday 12 July",
        "You can also ask for a case review",
        buttons=["Open it again", "What is a case review?", "Say how it went"],
    )
    closed = ada.last
    await ada.taps("What is a case review?")
    ada.sees("The ASB Case Review", "Normally 3 reports in 6 months qualify.", "Fewer can be enough")
    await ada.taps("Say how it went")
    ada.sees("Is the problem better now?")
    await ada.taps("Yes, it is better")
    ada.sees("Did we tell you enough on the way?")
    await ada.taps("Some of it")
    ada.sees("Thank you.")
    await ada.says("/cases")
    ada.sees("Your report is closed.")
    await ada.taps(reference)
    ada.sees(
        "Closed on Monday 11 January: the problem is solved.", "You can open it again until Monday 12 July."
    )

    # It starts again: a tap is enough, and an officer speaks to her by a new day.
    await time_passes(town, date(2027, 3, 1), 20)
    await ada.taps_old(closed, "Open it again")
    ada.sees(f"{reference} is open again.", "Next: an officer will contact you by Thursday 4 March.")
    asha.sees(f"{reference}: the case is open again.")
    stored = the_case(town.database, reference)
    assert (stored.case.status, stored.case.closed_at) == ("reopened", None)
    await ada.taps_old(closed, "Open it again")
    ada.sees("Your report is open again.")
    assert [event.kind for event in stored.events].count("reopen") == 1
