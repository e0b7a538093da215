"""The ways that people usually go, for tests that begin in the middle of one."""

from __future__ import annotations

from tests.support.service import Somebody

STORY = "Loud music until three every night. I can't sleep and the children cry."


async def reports_up_to(somebody: Somebody, question: str, *, problem: str = "Noise") -> None:
    """Answer a report's questions, by tapping where there are buttons, until ``question`` is asked."""
    steps = {
        "danger": "tap:No, nobody is",
        "category": f"tap:{problem}",
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
    }
    if problem in ("Rubbish", "Rowdy groups", "Vehicles", "Damage", "Fires", "Something else"):
        steps.pop("my_home")
        steps.pop("their_home")
    await somebody.says("/report")
    for at, step in steps.items():
        if at == question:
            return
        way, _, what = step.partition(":")
        await (somebody.taps(what) if way == "tap" else somebody.says(what))
    assert question == "check", f"a report has no question {question!r}"


async def reports(somebody: Somebody, *, problem: str = "Noise") -> str:
    """Send a whole report; its reference."""
    await reports_up_to(somebody, "check", problem=problem)
    await somebody.taps("Send report")
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
