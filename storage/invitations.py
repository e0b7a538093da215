"""One-use links to a role: made by managers and by the command line, used by whoever opens them first.

The token itself is shown once, in the link, and kept only as a keyed hash.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from casework.roles import Role
from storage.crypto import Keyring
from storage.models import Invitation

_PURPOSE = "invitation"
_TOKEN_BYTES = 16  # 22 characters; a deep link carries at most 64


def create_invitation(
    session: Session,
    keyring: Keyring,
    *,
    role: Role,
    now: datetime,
    life: timedelta,
    districts: Iterable[str] = (),
    ward: str | None = None,
    agency: str | None = None,
    name: str | None = None,
    created_by: int | None = None,
) -> str:
    """Store an invitation that ends after ``life`` and return its token: 22 characters fit for a link.

    ``created_by`` is the manager's person id, None on the command line.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        Invitation(
            token_hash=keyring.hash_text(_PURPOSE, token),
            role=role.value,
            districts=sorted(districts),
            ward=ward,
            agency=agency,
            name=name,
            created_by=created_by,
            created_at=now,
            expires_at=now + life,
        )
    )
    session.flush()
    return token


def use_invitation(
    session: Session, keyring: Keyring, token: str, *, person_id: int, now: datetime
) -> Invitation | None:
    """Claim the invitation for this person; None when there is none, or it is used or too old.

    Of two people who open the same link at the same time, one gets it.
    """
    claim = (
        update(Invitation)
        .where(
            Invitation.token_hash == keyring.hash_text(_PURPOSE, token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(used_at=now, used_by=person_id)
        .returning(Invitation)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return session.scalars(claim).one_or_none()


def deep_link(bot_username: str, token: str) -> str:
    """The address that opens the bot and hands it the token."""
    return f"https://t.me/{bot_username}?start=i_{token}"
