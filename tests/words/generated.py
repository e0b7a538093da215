"""The keys that forms and the policy put together, worked out from the forms themselves."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.settings import PROJECT
from casework.policy import Policy, parse_policy
from casework.routing_tables import LEADS, Offer
from casework.working_days import WorkingCalendar
from handlers.asking import FORMS as ASKING
from handlers.diary.forms import FULL, NOW
from handlers.diary.kinds import Line, TimeOfDay
from handlers.fieldwork import FORMS as FIELDWORK
from handlers.forms.flow import Form, Question
from handlers.forms.kinds.choice import Choice, Several, label_from_words
from handlers.forms.kinds.kind import Asking
from handlers.invitations import INVITE
from handlers.my_data.changing import CHANGE
from handlers.my_data.requests import ASK
from handlers.officers import FORMS as OFFICERS
from handlers.paper_bridge import FORMS as PAPER_BRIDGE
from handlers.planning.room import FORMS as PLANNING
from handlers.refer_resident import REFER
from handlers.report_problem import REPORT
from handlers.reporting import FORMS as REPORTING
from handlers.reporting.more import MORE_OF_IT
from handlers.words import ENGLISH, Catalogs
from handlers.workload.handing_over import HANDOVER

OF_A_FORM = ("name", "not_allowed", "resume.button", "send.button", "sent")
OF_A_QUESTION = ("ask", "label", "change")


def project_policy() -> Policy:
    """The policy that comes with the project."""
    return parse_policy((PROJECT / "policy" / "north-worcestershire.toml").read_text(encoding="utf-8"))


def form_keys(form: Form, policy: Policy) -> Iterable[str]:
    """Every key that the kit composes for ``form``."""
    yield from (f"{form.name}.{part}" for part in OF_A_FORM)
    for question in form.questions:
        yield from (f"{form.name}.{question.key}.{part}" for part in OF_A_QUESTION)
        if isinstance(question.kind, Choice | Several) and question.kind.label is label_from_words:
            values = question.kind.values
            known = values(_asking(form, question, policy)) if callable(values) else values
            yield from (f"{form.name}.{question.key}.choice.{value}" for value in known)


def report_keys() -> Iterable[str]:
    """A report; it alone can be anonymous."""
    yield from (*form_keys(REPORT, project_policy()), "report.sent.anonymous", "report.sent.no_date")
    for form in REPORTING:
        # What is added to a report ends in one sentence; of the ten questions only the band decides it.
        yield from (
            key for key in form_keys(form, project_policy()) if form is not MORE_OF_IT or key != "more.sent"
        )


def refer_keys() -> Iterable[str]:
    """A Member's referral."""
    return (*form_keys(REFER, project_policy()), "refer.sent.no_date")


def invite_keys() -> Iterable[str]:
    """A manager's invitation; its end is a link, not a reference."""
    return (key for key in form_keys(INVITE, project_policy()) if not key.endswith(".sent"))


def route_keys() -> Iterable[str]:
    """What to expect, for every reason that a report can be routed by, and everything that can be offered."""
    for reason in LEADS:
        yield from (f"route.{reason}.{part}" for part in ("short", "whole"))
    yield from (f"route.offer.{offer.value}" for offer in Offer)
    yield "route.anonymous"


def diary_keys() -> Iterable[str]:
    """A diary entry, quick or full; both end in one sentence. Some questions have ready-made answers."""
    policy = project_policy()
    for form in (NOW, FULL):
        yield from (key for key in form_keys(form, policy) if not key.endswith(".sent"))
        for question in form.questions:
            if isinstance(question.kind, Line | TimeOfDay):
                yield from (f"{form.name}.{question.key}.choice.{pick}" for pick in question.kind.picks)


def my_data_keys() -> Iterable[str]:
    """Putting something right, and asking the team."""
    policy = project_policy()
    return (*form_keys(CHANGE, policy), *form_keys(ASK, policy))


def fieldwork_keys() -> Iterable[str]:
    """Visits, the risk band by hand, and links; how two cases were linked is said in the link's own words."""
    for form in FIELDWORK:
        yield from (key for key in form_keys(form, project_policy()) if key != "links.link.sent")


def handover_keys() -> Iterable[str]:
    """Handing over work; it ends in what would be done, so nothing is sent."""
    return (key for key in form_keys(HANDOVER, project_policy()) if not key.endswith(".sent"))


def asking_keys() -> Iterable[str]:
    """A question to the team, its answer, and a page made of it."""
    for form in ASKING:
        yield from form_keys(form, project_policy())
    yield "asking.sent.no_date"


def officer_keys() -> Iterable[str]:
    """A note on a case, and a formal step."""
    for form in OFFICERS:
        yield from form_keys(form, project_policy())


def planning_keys() -> Iterable[str]:
    """Moving a date, a review and leave; each ends in a sentence of its own."""
    for form in PLANNING:
        yield from (key for key in form_keys(form, project_policy()) if not key.endswith(".sent"))


def paper_bridge_keys() -> Iterable[str]:
    """What an officer keys in for somebody without Telegram; a receipt of its own stands at the end."""
    for form in PAPER_BRIDGE:
        keys = form_keys(form, project_policy())
        yield from (key for key in keys if key != "paper_bridge.sent")


def _asking(form: Form, question: Question, policy: Policy) -> Asking:
    """Before anything was answered: then every choice that can ever be offered is."""
    return Asking(
        form=form.name,
        key=question.key,
        words=Catalogs.load().words(ENGLISH),
        policy=policy,
        calendar=WorkingCalendar.from_policy(policy),
        now=datetime(2026, 11, 24, 9, tzinfo=UTC),
        answers={},
        sender_name="",
    )
