"""The ways that people usually go, for tests that begin in the middle of one."""

from __future__ import annotations

from tests.support.service import Somebody

STORY = "Loud music until three every night. I can't sleep and the children cry."


REPORT_STEPS = {
    "danger": "tap:No, nobody is",
    "category": "tap:Noise",
    "where": "say:b97 4aa",
    "district": "tap:Yes, Redditch",
    "what": f"say:{STORY}",
    "more": "tap:That's all",
    "how_often": "tap:Most days or nights",
    "my_home": "tap:The council",
    "their_home": "tap:Housing association",
    "who": "tap:Use my name",
    "phone": "say:07700 900123",
    "safe": "tap:Yes, and leave a message",
    "check": "tap:Send report",
}
"""How a report is answered, by tapping where there are buttons; ``district`` and ``more`` are second steps."""

BESIDES = {"Damage": ("Something else", "Mine"), "Rowdy groups": ("Something else", "Skip"), "Noise": ()}
"""What is answered to the questions that only one problem has; others have the kind alone."""

HOMES = ("my_home", "their_home")
WITHOUT_HOMES = ("Rubbish", "Rowdy groups", "Vehicles", "Damage", "Fires", "Something else")


async def goes_on(somebody: Somebody, since: str, until: str | None = None, problem: str = "Noise") -> None:
    """Answer what a report asks from ``since`` on, up to but not including ``until``; else send it."""
    steps = {**REPORT_STEPS, "category": f"tap:{problem}"}
    keys = [key for key in steps if problem not in WITHOUT_HOMES or key not in HOMES]
    last = keys.index(until) if until else len(keys)
    for key in keys[keys.index(since) : last]:
        way, _, what = steps[key].partition(":")
        await (somebody.taps(what) if way == "tap" else somebody.says(what))
        if key == "category":
            await somebody.taps(*BESIDES.get(problem, ("Something else",)))


async def reports_up_to(somebody: Somebody, question: str, *, problem: str = "Noise") -> None:
    """Begin a report and answer until ``question`` is asked."""
    await somebody.says("/report")
    await goes_on(somebody, "danger", question, problem)


async def reports(somebody: Somebody, *, problem: str = "Noise") -> str:
    """Send a whole report; its reference."""
    await somebody.says("/report")
    await goes_on(somebody, "danger", problem=problem)
    return somebody.reference()


async def refers_up_to(member: Somebody, question: str, *, agreed: str = "Yes, they told me") -> None:
    """Answer a referral's questions until ``question`` is asked."""
    steps = {
        "consent": f"tap:{agreed}",
        "name": "say:Elsie Moore",
        "where": "say:12 High Street, B98 7DE",
        "district": "tap:Yes, Redditch",
        "phone": "say:01632 960001",
        "best_time": "tap:Morning",
        "reasons": "say:1, 5",
        "neighbour": "tap:No, not yet",
        "doorstep_crime": "tap:No, there was not",
        "notes": "tap:Skip",
    }
    await member.says("/refer")
    for at, step in steps.items():
        if at == question:
            return
        way, _, what = step.partition(":")
        await (member.taps(what) if way == "tap" else member.says(what))
    assert question == "check", f"a referral has no question {question!r}"


async def refers(member: Somebody) -> str:
    """Send a whole referral; its reference."""
    await refers_up_to(member, "check")
    await member.taps("Send referral")
    return member.reference()
