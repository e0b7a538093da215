"""An invitation made on the command line: the way in for the first manager."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.ask_telegram import ask_who
from bot.settings import Settings, SettingsError
from casework.clock import Clock
from casework.policy import Policy, parse_policy
from casework.roles import Role
from handlers.words import ENGLISH, Catalogs
from storage.database import Database
from storage.invitations import create_invitation, deep_link
from storage.migrations import current_revision, head_revision, upgrade


class InvitationRefused(SettingsError):
    """The invitation would not work for the person; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link, and until when it works (in words, local time)."""

    link: str
    until: str


def make_invitation(
    settings: Settings,
    database: Database,
    clock: Clock,
    *,
    role: str,
    districts: Sequence[str] = (),
    ward: str | None = None,
    agency: str | None = None,
    name: str | None = None,
) -> Invitation:
    """Store an invitation and make its link.

    InvitationRefused when something about the role is missing; PolicyError, and telegram.error's NetworkError
    and InvalidToken (the link needs the bot's user name) as they come.
    """
    policy = parse_policy(settings.policy_file.read_text(encoding="utf-8"))
    invited = Role(role)
    _refuse_unfit(policy, invited, districts, ward, agency)
    if database.dialect == "sqlite":
        upgrade(database)  # as the start of a single process does: the first invitation may come before it
    elif current_revision(database) != head_revision():
        raise InvitationRefused("The tables are not up to date; run: python -m bot migrate")
    username = ask_who(settings).username or ""
    now = clock.now()
    life = timedelta(days=policy.lifetimes.invitation_days.value)
    with database.transaction() as session:
        database.check_keys(session)
        token = create_invitation(
            session,
            database.keyring,
            role=invited,
            now=now,
            life=life,
            districts=districts,
            ward=ward,
            agency=agency,
            name=name,
        )
    words = Catalogs.load().words(ENGLISH)
    until = words.moment(now + life, settings.zone, now.astimezone(settings.zone).date())
    return Invitation(deep_link(username, token), until)


def _refuse_unfit(
    policy: Policy, role: Role, districts: Sequence[str], ward: str | None, agency: str | None
) -> None:
    known = [district.key for district in policy.districts]
    unknown = [key for key in districts if key not in known]
    if unknown:
        raise InvitationRefused(f"--district {unknown[0]} is none of: {', '.join(known)}.")
    if role in {Role.OFFICER, Role.MEMBER} and not districts:
        raise InvitationRefused(f"--role {role} needs --district, one of: {', '.join(known)}.")
    if role is Role.MEMBER and not ward:
        raise InvitationRefused("--role member needs --ward, the ward that elected them.")
    if role is Role.PARTNER and not agency:
        raise InvitationRefused("--role partner needs --agency, the agency they work for.")
