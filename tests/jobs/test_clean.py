"""What is deleted by the clock, and what has to stay."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from casework.roles import Role
from storage import drafts
from storage.invitations import create_invitation
from storage.models import Draft, Invitation, JobSlot, SeenUpdate, SentMessage, StoredFile
from tests.jobs.world import jobs_of
from tests.officers.world import World


def count(world: World, model: type) -> int:
    with world.session() as session:
        return session.scalar(select(func.count()).select_from(model))


def fill(world: World, *, old: bool) -> None:
    now = world.clock.now()
    long_ago = now - timedelta(days=61) if old else now
    with world.session() as session:
        drafts.new_draft(
            session,
            chat_key=1,
            form="report",
            place="what",
            now=long_ago,
            life=timedelta(days=7),
        )
        session.add(SeenUpdate(update_id=1 if old else 2, seen_at=long_ago))
        session.add(SentMessage(chat_key=1, handle=f"s{old}", message_id=1, sent_at=long_ago))
        session.add(JobSlot(job="digest", slot=str(old), at=long_ago))
        create_invitation(
            session,
            world.service.keyring,
            role=Role.OFFICER,
            now=long_ago,
            life=timedelta(days=7),
        )
        session.add(StoredFile(kind="photo", file_id="a", file_unique_id_hash=b"a", received_at=long_ago))


KEPT = (Draft, SeenUpdate, SentMessage, Invitation, StoredFile)


def test_what_is_past_its_time_goes(world: World) -> None:
    fill(world, old=True)
    done = jobs_of(world).tick()
    assert {model.__name__: count(world, model) for model in KEPT} == {model.__name__: 0 for model in KEPT}
    assert done["clean_drafts"] == done["clean_invitations"] == done["clean_files"] == 1


def test_what_is_still_in_its_time_stays(world: World) -> None:
    fill(world, old=False)
    jobs_of(world).tick()
    assert {count(world, model) for model in KEPT} == {1}


def test_an_invitation_that_was_used_and_a_file_whose_bytes_are_here_stay(sqlite_world: World) -> None:
    world = sqlite_world
    fill(world, old=True)
    with world.session() as session:
        session.scalars(select(Invitation)).one().used_at = world.clock.now()
        session.scalars(select(StoredFile)).one().state = "stored"
    jobs_of(world).tick()
    assert (count(world, Invitation), count(world, StoredFile)) == (1, 1)


def test_it_is_done_once_an_hour(sqlite_world: World) -> None:
    world = sqlite_world
    jobs_of(world).tick()
    fill(world, old=True)
    world.clock.advance(timedelta(minutes=50))
    jobs_of(world).tick()
    assert count(world, Draft) == 1
    world.clock.advance(timedelta(minutes=10))
    jobs_of(world).tick()
    assert count(world, Draft) == 0
