"""Invitations: a manager makes a one-use link to a role; whoever opens it first has the role.

Making the first manager's link is the command line's.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from casework.places import wards_in
from casework.roles import Permission, Role, invitable_by
from handlers.command_menus import set_menu_of_chat
from handlers.forms.flow import Answers, Form, Only, Question, Receipt
from handlers.forms.kinds.choice import Choice, Several
from handlers.forms.kinds.kind import Asking
from handlers.forms.kinds.text import ShortText
from handlers.keyboards import Button, Rows
from handlers.officers.unreachable import came_or_went
from handlers.turn import Turn
from handlers.words import Html
from storage import people
from storage.invitations import create_invitation, deep_link, use_invitation
from storage.models import Invitation

__all__ = ["INVITE", "accept", "came_or_went"]

log = structlog.get_logger(__name__)

NAME = "invite"
_FIRST_STEPS: dict[Role, tuple[str, ...]] = {
    Role.MEMBER: ("refer", "help"),
    Role.OFFICER: ("queue", "due"),
    Role.MANAGER: ("queue", "due", "invite"),
    Role.PARTNER: ("help",),
}
"""Buttons of the menu that a new person sees first."""


def _roles(asking: Asking) -> tuple[str, ...]:
    return tuple(role.value for role in (Role.OFFICER, Role.MEMBER, Role.MANAGER, Role.PARTNER))


def _districts(asking: Asking) -> tuple[str, ...]:
    return tuple(district.key for district in asking.policy.districts)


def _district_name(asking: Asking, key: str) -> str:
    return asking.policy.district(key).name


def _wards(asking: Asking) -> tuple[str, ...]:
    """The wards that the Member's district has today."""
    district = asking.answers.get("district")
    if not district:
        return ()
    today = asking.calendar.local_day(asking.now)
    return tuple(ward.name for ward in wards_in(district, today, asking.policy))


def _as_it_is(asking: Asking, value: str) -> str:
    return value


def make(turn: Turn, answers: Answers) -> Receipt:
    """The link. It is shown once: only its hash is kept."""
    role = Role(answers["role"])
    if role not in invitable_by(turn.actor.role):
        return Receipt(turn.words("invite.not_allowed"))
    life = timedelta(days=turn.service.policy.lifetimes.invitation_days.value)
    district = answers.get("district")
    token = create_invitation(
        turn.session,
        turn.service.keyring,
        role=role,
        now=turn.now,
        life=life,
        districts=[district] if district else answers.get("districts") or [],
        ward=answers.get("ward"),
        agency=answers.get("agency"),
        name=answers["person"],
        created_by=turn.person.id,
    )
    link = deep_link(turn.service.bot_username, token)
    until = turn.words.moment(turn.now + life, turn.service.zone, turn.today)
    log.info("invitation_made", role=role.value, by=turn.person.id)
    text = turn.words("invite.sent", name=answers["person"], link=link, until=until)
    return Receipt(text, ((Button(turn.words.plain("invite.copy.button"), copy=link),),))


INVITE = Form(
    name=NAME,
    permission=Permission.INVITE,
    questions=(
        Question("role", Choice(_roles)),
        Question(
            "districts",
            Several(_districts, label=_district_name),
            only=(Only.when("role", Role.OFFICER.value),),
        ),
        Question(
            "district",
            Choice(_districts, label=_district_name),
            only=(Only.when("role", Role.MEMBER.value),),
        ),
        Question(
            "ward",
            Choice(_wards, across=1, label=_as_it_is),
            only=(Only.when("role", Role.MEMBER.value),),
        ),
        Question("agency", ShortText(), only=(Only.when("role", Role.PARTNER.value),)),
        Question("person", ShortText()),
    ),
    finish=make,
)


def accept(turn: Turn, token: str) -> None:
    """``/start i_<token>``: claim the invitation and grant its role; a used or old one is told as such."""
    used = use_invitation(turn.session, turn.service.keyring, token, person_id=turn.person.id, now=turn.now)
    if used is None:
        turn.say(turn.words("invite.used"))
        return
    role = Role(used.role)
    people.grant_role(
        turn.session,
        turn.person,
        role,
        districts=used.districts,
        ward=used.ward,
        now=turn.now,
        by=used.created_by,
    )
    if used.name or used.agency:
        known = {"name": used.name, "agency": used.agency}
        turn.person.profile = {**turn.person.profile, **{k: v for k, v in known.items() if v}}
    turn.actor = people.actor_of(turn.session, turn.person)
    log.info("invitation_used", invitation=used.id, role=role.value, person=turn.person.id)
    _show_commands(turn)
    turn.say(_welcome(turn, used, role), _first_steps(turn, role))


def _welcome(turn: Turn, used: Invitation, role: Role) -> Html:
    names = [turn.service.policy.district(key).name for key in used.districts]
    place = used.ward or used.agency or turn.words.listing(names)
    return turn.words(f"invite.welcome.{role.value}", place=place or turn.service.policy.team.name)


def _first_steps(turn: Turn, role: Role) -> Rows:
    return tuple(
        (Button(turn.words.plain(f"menu.{name}.button"), f"m:{name}"),) for name in _FIRST_STEPS[role]
    )


def _show_commands(turn: Turn) -> None:
    set_menu_of_chat(turn, turn.actor.role)
