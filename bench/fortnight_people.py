"""What residents and the team do in the fortnight, each through their own chat."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bench.fortnight_plan import LEAVE_FROM, LEAVE_UNTIL, Care, Coming, What, working_day_after
from bench.office import Office, Somebody

WITHOUT_HOMES = ("Rubbish", "Rowdy groups", "Vehicles", "Damage", "Fires")
MORE_OF_IT = {"Noise": "", "Damage": "|Something else|Mine", "Rowdy groups": "|Something else|Skip"}
STORY = "It goes on for weeks now, mostly in the evening."
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
CONTACT_WD = {
    What.REPORT: 3,
    What.KEYED_IN: 3,
    What.ANONYMOUS: 3,
    What.URGENT: 1,
    What.REFERRAL: 5,
    What.QUESTION: 3,
    What.DATA: 4,
}
"""By when the officer means to have done it: as the policy has it; a data request long before its month is over."""
ON_SIGHT = (Care.PROMPT, Care.SETTLED)
MOVING = (Care.MOVED, Care.FAR, Care.REFUSED)
FAR_WD, NEAR_WD = 6, 2


def postcode(number: int) -> str:
    """One of Redditch for each case, so that no two are about one place."""
    return f"B97 {4 + number // 20}{LETTERS[number % 20]}{LETTERS[(7 * number) % 20]}"


def where_to_send(one: Coming) -> str:
    """A report from the kind of problem up to who it is from."""
    homes = "" if one.category in WITHOUT_HOMES else "|The council|Housing association"
    more = MORE_OF_IT.get(one.category, "|Something else")
    return (
        f"{one.category}{more}|:{postcode(one.number)}|Yes, Redditch|:{STORY}|That's all"
        f"|Most days or nights{homes}"
    )


@dataclass(slots=True)
class Cast:
    """The people, and the cases that they are about."""

    office: Office
    officer: Somebody
    deputy: Somebody
    manager: Somebody
    member: Somebody
    cases: list[Coming]
    residents: dict[int, Somebody] = field(default_factory=dict)
    """By the number of the case."""
    taken_by: dict[str, Somebody] = field(default_factory=dict)

    def find(self, reference: str) -> Coming | None:
        """The case that came in with this reference."""
        return next((one for one in self.cases if one.reference == reference), None)


# Who comes


async def comes(cast: Cast, one: Coming, *, restart: bool = False) -> None:
    """Somebody begins a case; with ``restart`` the process ends in the middle of it."""
    if one.what is What.KEYED_IN:
        await _keys_in(cast, one)
    elif one.what is What.REFERRAL:
        await _refers(cast, one)
    elif one.what is What.DATA:
        await _asks_for_data(cast, one)
    else:
        await _writes(cast, one, restart=restart)


async def _writes(cast: Cast, one: Coming, *, restart: bool) -> None:
    person = cast.office.person(f"Resident {one.number}")
    cast.residents[one.number] = person
    await person.starts()
    if one.what is What.QUESTION:
        await person.plays(":/ask|:can I keep bees in my garden|Ask the team|Redditch|Send question")
    elif one.what is What.URGENT:
        await person.plays(
            ":/report|Yes, right now|I can go on|Threats|Someone threatened to hurt|No, I don't"
            f"|:{postcode(one.number)}|Yes, Redditch|:{STORY}|That's all|Once|It is happening now"
            "|I don't know|I don't know|Use my name|Skip|Send report"
        )
    else:
        await person.plays(f":/report|No, nobody is|{where_to_send(one)}")
        if restart:
            await cast.office.restart()
        named = f"Use my name|:07700 9{one.number:05}|Yes, and leave a message"
        await person.plays("Stay anonymous" if one.what is What.ANONYMOUS else named)
        await person.taps("Send report")
    one.reference = person.reference()


async def _refers(cast: Cast, one: Coming) -> None:
    await cast.member.plays(
        f":/refer|Yes, they told me|:Elsie Moore {one.number}|:{one.number} High Street, {postcode(one.number)}"
        f"|Yes, Redditch|:01632 960{one.number:03}|Morning|:1, 5|No, not yet|No, there was not|Skip|Send referral"
    )
    one.reference = cast.member.reference()


async def _asks_for_data(cast: Cast, one: Coming) -> None:
    asked = [other.number for other in cast.cases if other.what is What.DATA and other.reference]
    reported = [other for other in cast.cases if other.what is What.REPORT and other.reference]
    person = cast.residents[reported[len(asked)].number]
    await person.plays(
        ":/mydata|Ask the team about my data|All that you have about me|:Everything.|That's all|Send the request"
    )
    one.reference = person.reference()


async def _keys_in(cast: Cast, one: Coming) -> None:
    who = on_duty(cast)
    await who.plays(
        ":/new|Telephone call|Today|A report of a problem|:Edith Shaw|:3 Oak Road, Redditch, B97 4AA"
        f"|:01632 960200|Ring or write|No, nobody is|{where_to_send(one)}|Send report"
    )
    one.reference = who.reference()


async def writes_to_us(cast: Cast, one: Coming) -> None:
    """A resident has something to add."""
    await cast.residents[one.number].plays(f":{one.reference}|Write to us|:It was worse last night.")


async def takes_back(cast: Cast, one: Coming) -> None:
    """A resident wants nothing more done."""
    await cast.residents[one.number].plays(f":{one.reference}|Take it back|Yes, take it back")


async def blocks(cast: Cast, one: Coming) -> None:
    """A resident stops the bot."""
    cast.residents[one.number].phone.block()
    await cast.office.settle()


# Who works


def on_duty(cast: Cast) -> Somebody:
    """The officer, or while they are away the deputy."""
    return cast.deputy if LEAVE_FROM <= cast.office.today() <= LEAVE_UNTIL else cast.officer


async def plans_leave(cast: Cast, first: str, last: str, deputy: str) -> None:
    """The officer says when they are away."""
    await cast.officer.plays(
        f":/leave|Plan my leave|:{first}|Yes, that is right|:{last}|Yes, that is right|{deputy}|Save the leave"
    )


async def works(cast: Cast) -> None:
    """Whoever is in looks at what came, and does what they mean to do today; then the manager does."""
    today = cast.office.today()
    duty = on_duty(cast)
    for who in dict.fromkeys((id(duty), id(cast.deputy))):
        person = duty if who == id(duty) else cast.deputy
        await _works_through(cast, person, today, is_on_duty=person is duty)
    await _manages(cast)


async def _works_through(cast: Cast, who: Somebody, today: date, *, is_on_duty: bool) -> None:
    told = {reference for message in who.unread() for reference in message.references}
    for one in cast.cases:
        if not one.reference:
            continue
        owner = cast.taken_by.get(one.reference)
        theirs = owner is who or (is_on_duty and owner is not cast.deputy)
        meant = one.contact_on is not None and one.contact_on <= today
        if theirs and (one.reference in told or meant):
            await _attends(cast, who, one, today)


async def _attends(cast: Cast, who: Somebody, one: Coming, today: date) -> None:
    if one.care is Care.UNSEEN and not one.acknowledged:
        return
    await _opens(who, one)
    if who.offers("Acknowledge"):
        await who.taps("Acknowledge")
    if who.offers("Take it"):
        await who.taps("Take it")
        cast.taken_by[one.reference] = who
    if not one.acknowledged:
        one.acknowledged, one.contact_on = True, _meant_for(one, today)
    for label in ("I phoned them", "I tried another way"):
        if who.offers(label) and today > one.day:
            await who.taps(label)
            return
    if who.offers("Messages: "):
        await who.plays("Messages: |Write to the resident|:Thank you. I will come on Thursday.")
        one.contact_on = None
        return
    if one.contact_on is not None and one.contact_on <= today:
        await _does(cast, who, one, today)


async def _opens(who: Somebody, one: Coming) -> None:
    """From the newest message that has a button for it, as the morning's has; else by typing its reference."""
    for message in reversed(who.phone.bot_messages[-3:]):
        for row in message.data.get("reply_markup", {}).get("inline_keyboard", []):
            if row[0]["text"] == one.reference:
                wanted = row[-1] if row[-1]["text"] == "Acknowledge" else row[0]
                who.phone.tap_old(message, wanted["callback_data"])
                await who.office.settle(who)
                return
    await who.says(one.reference)


def _meant_for(one: Coming, today: date) -> date | None:
    if one.care is Care.NEVER:
        return None
    if one.care in ON_SIGHT or one.care is Care.UNSEEN:
        return today
    due = working_day_after(one.day, CONTACT_WD[one.what])
    if one.care in MOVING:
        return working_day_after(one.day, CONTACT_WD[one.what] - 1)
    return working_day_after(due, 2) if one.care is Care.LATE else due


async def _does(cast: Cast, who: Somebody, one: Coming, today: date) -> None:
    """What the case is for: an answer, contact, another day; the day after contact, its end."""
    one.contact_on = None
    if one.what is What.QUESTION:
        await who.plays("Answer the question|:Yes, up to two hives.|That's all|Send answer")
    elif one.what is What.DATA:
        await who.taps("It is answered")
    elif one.care in MOVING and not one.moved:
        await _moves(who, one)
    elif who.offers("Contact made"):
        await who.taps("Contact made")
        if one.care is Care.SETTLED and one.what is not What.REFERRAL:
            one.contact_on = working_day_after(today)
        elif one.care is Care.PROMPT and one.what is What.REFERRAL:
            await _books_a_visit(who, working_day_after(today, 2))
    elif one.care is Care.SETTLED and who.offers("Close the case"):
        await who.plays("Close the case|Resolved|:We spoke with everybody.|Close it now")


async def _books_a_visit(who: Somebody, day: date) -> None:
    await who.plays(f"More|Book a visit|:{day:%-d %B %Y}|:10am|At the address of the case|Book it")


async def _moves(who: Somebody, one: Coming) -> None:
    one.moved = True
    due = working_day_after(one.day, CONTACT_WD[one.what])
    to = working_day_after(due, NEAR_WD if one.care is Care.MOVED else FAR_WD)
    await who.plays("More|Move a date")
    if "Which date" in who.last.text:
        label = next(label for label in who.last.labels if "ontact" in label)
        await who.taps(label)
    await who.plays(f":{to:%-d %B %Y}|Yes, that is right|:They are away until then.|Move it")
    one.contact_on = due if one.care is Care.REFUSED else to


async def _manages(cast: Cast) -> None:
    """The manager decides on what they are asked, and answers whom nobody answered."""
    manager = cast.manager
    for message in manager.unread():
        for reference in message.references:
            one = cast.find(reference)
            if one is None:
                continue
            if "wants to move" in message.text:
                label = "Keep the date" if one.care is Care.REFUSED else "Agree"
                asked = next(
                    seen
                    for seen in reversed(manager.phone.bot_messages)
                    if reference in seen.text and label in seen.labels
                )
                manager.phone.tap_old(asked, label)
                await cast.office.settle(manager)
            elif one.care is Care.UNSEEN and not one.acknowledged and one.day < message.day:
                await manager.plays(f":{reference}|Acknowledge")
                one.acknowledged, one.contact_on = True, cast.office.today()
