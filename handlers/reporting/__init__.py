"""Around the report: new or more of the same, who acts on it, how bad it is, and the way out that leaves no trace."""

from __future__ import annotations

from handlers.forms.engine import FormKit
from handlers.forms.flow import Form
from handlers.reporting import leaving, more, noise, risk_questions, routed, same
from handlers.turn import Turn

FORMS: tuple[Form, ...] = (more.MORE_OF_IT, risk_questions.RISK, noise.NOISE)


def pressed(turn: Turn, parts: list[str], kit: FormKit, report: Form) -> None:
    """``x:<what>:…``. A forged button begins a report, and nothing else."""
    what = parts[1] if len(parts) > 1 else ""
    if what == "leave":
        leaving.leave_quickly(turn)
    elif what == "next":
        routed.next_pressed(turn, parts)
    elif what == "more":
        more.more_pressed(turn, parts, kit)
    elif what == "same":
        same.pressed(turn, parts, kit)
    elif what == "noise":
        noise.pressed(turn, parts, kit)
    elif what == "risk":
        risk_questions.pressed(turn, parts, kit)
    else:
        kit.begin(turn, report)
