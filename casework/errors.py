"""What the rules refuse. The words for people are kept elsewhere, by type; these carry the facts."""

from __future__ import annotations

from datetime import date


class CaseworkError(Exception):
    """Anything that a rule refuses. Whoever catches it looks at the type and its facts, never at the text."""


class MoveNotAllowed(CaseworkError):
    """The case is not in a state, or the person has not the role, that this move needs."""

    def __init__(self, kind: str, status: str, move: str, role: str) -> None:
        super().__init__(f"{role} cannot {move} a case {kind} that is {status}")
        self.kind, self.status, self.move, self.role = kind, status, move, role


class NotPermitted(CaseworkError):
    """The person's role does not include this."""

    def __init__(self, role: str, permission: str) -> None:
        super().__init__(f"{role} may not {permission}")
        self.role, self.permission = role, permission


class NotYourCase(CaseworkError):
    """The case belongs to a district that the person does not work in."""

    def __init__(self, role: str, district: str | None) -> None:
        super().__init__(f"{role} does not work in {district or 'the common queue'}")
        self.role, self.district = role, district


class BeyondCalendar(CaseworkError):
    """A date lies after the last day for which somebody has checked the bank holidays."""

    def __init__(self, day: date, verified_until: date) -> None:
        super().__init__(
            f"{day.isoformat()} is after {verified_until.isoformat()}, the last day with checked bank "
            "holidays: check the next year's, then move calendar.verified_until in the policy file"
        )
        self.day, self.verified_until = day, verified_until


class PolicyError(CaseworkError):
    """The policy file cannot be used. One problem a line, each naming the line of the file."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UnknownKey(CaseworkError):
    """The policy has no entry of that name."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"the policy has no {what} called {key!r}")
        self.what, self.key = what, key


class LoweringNotAllowed(CaseworkError):
    """A case's risk was about to be lowered without a reason, or without a second officer."""

    def __init__(self, before: str, after: str, missing: str) -> None:
        super().__init__(f"lowering a risk from {before} to {after} needs {missing}")
        self.before, self.after, self.missing = before, after, missing
