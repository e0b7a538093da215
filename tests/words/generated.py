"""The keys that forms and the policy put together, worked out from the forms themselves."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.settings import PROJECT
from casework.policy import Policy, parse_policy
from casework.working_days import WorkingCalendar
from handlers.forms.flow import Form, Question
from handlers.forms.kinds.choice import Choice, Several, label_from_words
from handlers.forms.kinds.kind import Asking
from handlers.invitations import INVITE
from handlers.refer_resident import REFER
from handlers.report_problem import REPORT
from handlers.words import ENGLISH, Catalogs

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
    return (*form_keys(REPORT, project_policy()), "report.sent.anonymous")


def refer_keys() -> Iterable[str]:
    """A Member's referral."""
    return form_keys(REFER, project_policy())


def invite_keys() -> Iterable[str]:
    """A manager's invitation; its end is a link, not a reference."""
    return (key for key in form_keys(INVITE, project_policy()) if not key.endswith(".sent"))


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
