"""What buttons and forged buttons can do to questions and saved pages: on each kind of database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework.cases import CaseKind, Channel, RiskBand
from handlers.asking import library, pressed
from handlers.asking.team import may_answer
from handlers.intake import NewCase, Received, receive
from handlers.turn import Turn
from storage import cases, enquiries
from storage.database import Database
from storage.models import AskedOutcome, AskedQuestion, Deadline, Draft, Enquiry, PageState, SavedPage
from tests.officers.world import ADA, ASHA, BEN, KHAN, MONA, WES, World, make_world


@pytest.fixture
def world(database: Database) -> World:
    """The team, on a Monday at 10am."""
    return make_world(database)


def enquire(world: World, district: str | None = "redditch") -> Received:
    with world.turn(ADA) as turn:
        return receive(turn, _question(turn, district))


def _question(turn: Turn, district: str | None) -> NewCase:
    return NewCase(
        kind=CaseKind.ENQUIRY,
        district=district,
        risk=RiskBand.STANDARD,
        channel=Channel.TELEGRAM,
        reporter=turn.person,
        make_detail=lambda case_id: Enquiry(case_id=case_id, detail={"what": "May I keep bees?"}),
    )


def press(world: World, who: int, data: str) -> str:
    """Tap a button with this data; what was said because of it."""
    world.hush()
    with world.turn(who, press=data) as turn:
        pressed(turn, data.split(":"))
    return "\n".join(one.text for one in world.said(who))


def save(world: World, by: int, *, title: str = "Keeping bees") -> int:
    author = world.person_id(by)
    with world.session() as session:
        page = enquiries.add_page(
            session,
            title=title,
            body="Yes & no.",
            question="may I keep bees",
            case_id=None,
            by=author,
            now=world.clock.now(),
        )
        return page.id


def state_of(world: World, page_id: int) -> tuple[str, int | None]:
    with world.session() as session:
        page = session.get_one(SavedPage, page_id)
        return page.state, page.reviewed_by


def test_a_question_has_one_deadline_of_its_own_and_tells_its_district(world: World) -> None:
    received = enquire(world)
    with world.session() as session:
        [row] = session.scalars(select(Deadline)).all()
        assert row.kind == "answer"
        assert row.working["working_days"] == world.service.policy.enquiries.answer_wd.value
    assert received.told == 2
    told = world.said(ASHA)[-1].text
    assert received.reference in told
    assert "bees" not in told
    assert not world.said(WES)


def test_a_question_of_nowhere_is_everybodys(world: World) -> None:
    assert enquire(world, None).told == 4


@pytest.mark.parametrize(
    ("who", "opens"),
    [
        (ASHA, True),  # an officer of the district
        (MONA, True),  # the manager
        (WES, False),  # an officer of another district
        (KHAN, False),  # a Member
        (ADA, False),  # who asked
    ],
)
def test_who_may_answer(world: World, who: int, opens: bool) -> None:
    case_id = enquire(world).case.id
    press(world, who, f"a:ans:{case_id}")
    with world.session() as session:
        begun = session.scalars(select(Draft).where(Draft.form == "answer")).all()
    assert bool(begun) is opens


def test_only_a_question_can_be_answered(world: World) -> None:
    case_id = world.report().case.id
    press(world, ASHA, f"a:ans:{case_id}")
    with world.turn(ASHA) as turn:
        assert turn.draft is None
        parties = cases.find_parties(turn.session, case_id)
        assert parties is not None
        assert not may_answer(turn, parties)


@pytest.mark.parametrize(
    ("who", "data", "state"),
    [
        (ASHA, "a:ok:{}", PageState.WAITING),  # their own page
        (BEN, "a:ok:{}", PageState.PUBLISHED),
        (MONA, "a:ok:{}", PageState.PUBLISHED),
        (BEN, "a:no:{}", PageState.REFUSED),
        (ADA, "a:ok:{}", PageState.WAITING),  # forged
        (KHAN, "a:no:{}", PageState.WAITING),  # forged
    ],
)
def test_who_may_let_others_read_a_page(world: World, who: int, data: str, state: PageState) -> None:
    page_id = save(world, ASHA)
    press(world, who, data.format(page_id))
    found, reviewer = state_of(world, page_id)
    assert found == state.value
    assert reviewer == (None if state is PageState.WAITING else world.person_id(who))


def test_a_page_is_decided_on_once(world: World) -> None:
    page_id = save(world, ASHA)
    press(world, BEN, f"a:no:{page_id}")
    press(world, MONA, f"a:ok:{page_id}")
    assert state_of(world, page_id) == (PageState.REFUSED.value, world.person_id(BEN))


@pytest.mark.parametrize("who", [ADA, KHAN])
def test_a_page_that_waits_is_shown_to_the_team_only(world: World, who: int) -> None:
    page_id = save(world, ASHA)
    assert "bees" in press(world, BEN, f"a:r:{page_id}")
    assert "bees" not in press(world, who, f"a:r:{page_id}")
    assert "bees" not in press(world, who, f"a:p:saved_{page_id}")


def test_the_search_knows_a_page_from_the_moment_it_is_published(world: World) -> None:
    page_id = save(world, ASHA)
    assert f"saved_{page_id}" not in found(world)
    press(world, BEN, f"a:ok:{page_id}")
    assert found(world)[0] == f"saved_{page_id}"
    second = save(world, BEN, title="Bees on the balcony")
    press(world, ASHA, f"a:ok:{second}")
    assert set(found(world)[:2]) == {f"saved_{page_id}", f"saved_{second}"}


def found(world: World) -> list[str]:
    with world.turn(ADA) as turn:
        hits = library.library(turn).index.search("may I keep bees").hits
    return [hit.page.key for hit in hits]


@pytest.mark.parametrize(
    "data",
    [
        "a",
        "a:",
        "a:moon",
        "a:p:../../etc/passwd",
        "a:p:",
        "a:d:bins:mars",
        "a:d:nothing:redditch",
        "a:n:nothing",
        "a:ans:x",
        "a:ans:99999999999999999999",
        "a:save:1",
        "a:r:0",
        "a:ok:-1",
        "a:q:999999",
    ],
)
def test_a_forged_button_says_something_and_changes_nothing(world: World, data: str) -> None:
    assert press(world, ADA, data)
    with world.session() as session:
        assert not session.scalars(select(SavedPage)).all()
        assert not session.scalars(select(Enquiry)).all()
    assert world.person(world.person_id(ADA)).profile.get("area") in (None, "redditch")


def test_questions_are_kept_without_a_person_and_encrypted(world: World) -> None:
    with world.session() as session:
        kept = enquiries.keep_question(session, "where is the moon", AskedOutcome.NO_PAGE, world.clock.now())
        enquiries.keep_question(session, "my bin", AskedOutcome.OFFERED, world.clock.now())
        second = enquiries.keep_question(
            session, "loud", AskedOutcome.OFFERED, world.clock.now() + timedelta(minutes=1)
        )
        enquiries.mark_not_helped(session, second.id, "noise_music")
        enquiries.mark_not_helped(session, 999, "noise_music")
        raw = session.connection().exec_driver_sql("SELECT text FROM asked_question").scalars().all()
        assert not [one for one in raw if b"moon" in bytes(one)]
        open_ones = enquiries.list_unanswered(session, offset=0, limit=9)
        assert [row.id for row in open_ones] == [second.id, kept.id]
        assert enquiries.count_unanswered(session) == 2
    assert not {"person_id", "chat_key"} & set(AskedQuestion.__table__.columns.keys())


def test_questions_are_deleted_at_the_instant_their_time_is_over(world: World) -> None:
    now, keep = world.clock.now(), timedelta(days=90)
    with world.session() as session:
        enquiries.keep_question(session, "old", AskedOutcome.NO_PAGE, now - keep)
        enquiries.keep_question(session, "new", AskedOutcome.NO_PAGE, now - keep + timedelta(seconds=1))
        assert enquiries.delete_questions(session, now, keep) == 1
        assert [row.text for row in session.scalars(select(AskedQuestion))] == ["new"]
