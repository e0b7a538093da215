"""The team's side of questions: the answer to one, a page made of it for others, and a second reader's yes."""

from __future__ import annotations

from casework.cases import CaseKind, DeadlineKind, moves_for
from casework.roles import Permission, may_publish
from handlers.forms.engine import FormKit
from handlers.forms.flow import ABOUT, Answers, Form, Question, Receipt
from handlers.forms.kinds.text import LongText, ShortText
from handlers.keyboards import Button, Rows
from handlers.my_data.discretion import tell_resident
from handlers.officers.access import allowed, case_to_open, number_in, refuse
from handlers.officers.notices import recipients
from handlers.turn import Turn, tell
from handlers.words import Html, escape
from storage import cases, deadlines, enquiries
from storage.cases import Parties
from storage.models import Enquiry, PageState, SavedPage
from storage.people import display_name
from storage.team import load_team

LONGEST_ANSWER = 3000
"""A message holds 4096 characters (Bot API, sendMessage); the rest of it needs some of them."""
LONGEST_TITLE = 60
QUESTIONS_A_PAGE = 10
LONGEST_LINE = 160


def answer_pressed(turn: Turn, parts: list[str]) -> None:
    """``a:ans:<case_id>``: write the answer to a question."""
    parties = case_to_open(turn, number_in(parts, 2))
    if parties is None:
        return
    if not may_answer(turn, parties):
        turn.say(turn.words("answer.already", reference=parties.case.reference))
        return
    KIT.begin(turn, ANSWER, {ABOUT: {"case": parties.case.id}})


def may_answer(turn: Turn, parties: Parties) -> bool:
    """Whether the question still waits, and this person may answer it."""
    case = parties.case
    if case.kind != CaseKind.ENQUIRY:
        return False
    moves = moves_for(CaseKind(case.kind), case.status, turn.actor.role)
    return any(move.name == "answer" for move in moves)


def send_answer(turn: Turn, answers: Answers) -> Receipt:
    """The answer goes to whoever asked, and the question is closed."""
    case_id = int(answers[ABOUT]["case"])
    cases.lock_case(turn.session, case_id)
    parties = cases.find_parties(turn.session, case_id)
    if parties is None or not may_answer(turn, parties):
        reference = parties.case.reference if parties else ""
        return Receipt(turn.words("answer.already", reference=reference))
    _close(turn, parties, answers["text"])
    told = _tell(turn, parties, answers["text"])
    key = "answer.sent" if told else "answer.nobody_told"
    save = Button(turn.words.plain("answer.save.button"), f"a:save:{case_id}")
    return Receipt(turn.words(key, reference=parties.case.reference), ((save,),))


def _close(turn: Turn, parties: Parties, text: str) -> None:
    case, now = parties.case, turn.now
    enquiry = turn.session.get_one(Enquiry, case.id)
    enquiry.detail = {**enquiry.detail, "answer": text}
    enquiry.answered_at = now
    case.status, case.closed_at, case.updated_at = "answered", now, now
    case.give_to(case.owner_id or turn.person.id, now)
    turn.session.flush()
    deadlines.end_deadlines(turn.session, case.id, tuple(DeadlineKind), now=now)
    cases.record_event(turn.session, case_id=case.id, kind="answer", actor=turn.actor, now=now, public=True)


def _tell(turn: Turn, parties: Parties, text: str) -> bool:
    if parties.reporter is None:
        return False
    words = turn.service.words(parties.reporter.language)
    said = words(
        "asking.answered",
        reference=parties.case.reference,
        answer=text,
        name=display_name(turn.person) or turn.service.policy.team_of(parties.case.district),
    )
    again = Button(words.plain("asking.again.button"), "a:again")
    return tell_resident(
        turn.session,
        turn.service,
        parties.reporter,
        text=said,
        buttons=((again,),),
        now=turn.now,
        reference=parties.case.reference,
        case_id=parties.case.id,
    )


# Pages made of answers


def save_pressed(turn: Turn, parts: list[str]) -> None:
    """``a:save:<case_id>``: make a page of the answer, without anything that names anybody."""
    parties = case_to_open(turn, number_in(parts, 2))
    enquiry = cases.detail_of(turn.session, parties.case) if parties is not None else None
    if parties is None or not isinstance(enquiry, Enquiry) or not enquiry.detail.get("answer"):
        return
    about = {"case": parties.case.id, "answer": enquiry.detail["answer"]}
    KIT.begin(turn, PAGE, {ABOUT: about})


def send_page(turn: Turn, answers: Answers) -> Receipt:
    """The page waits for a second reader; a manager's own is read by everybody at once."""
    about = answers[ABOUT]
    page = enquiries.add_page(
        turn.session,
        title=answers["title"],
        body=answers["body"] or about["answer"],
        question=answers["question"],
        case_id=about["case"],
        by=turn.person.id,
        now=turn.now,
    )
    cases.record_event(turn.session, case_id=about["case"], kind="page_saved", actor=turn.actor, now=turn.now)
    if may_publish(turn.actor, page.written_by):
        enquiries.decide_page(turn.session, page, PageState.PUBLISHED, by=turn.person.id, now=turn.now)
        return Receipt(turn.words("team_page.published", title=page.title))
    told = _ask_readers(turn, page)
    return Receipt(turn.words("team_page.sent" if told else "team_page.nobody", title=page.title))


def _ask_readers(turn: Turn, page: SavedPage) -> int:
    team = load_team(turn.session, turn.today)
    others = [one for one in team.officers_of(None) if one.id != turn.person.id]
    told = recipients(others)
    for to in told:
        words = turn.service.words(to.language)
        rows = ((Button(words.plain("team_page.read.button"), f"a:r:{page.id}"),),)
        key = f"page:{page.id}:{to.person_id}"
        tell(turn.session, to, words("team_page.notice"), rows, now=turn.now, dedupe_key=key)
    return len(told)


def read_pressed(turn: Turn, parts: list[str]) -> None:
    """``a:r:<page_id>``: the page as others would read it, and the two buttons."""
    page = _waiting(turn, parts)
    if page is None:
        return
    text = Html(f"{turn.words('asking.page.title', title=page.title)}\n\n{escape(page.body)}")
    asked = turn.words("team_page.found_by", question=page.question)
    rows: Rows = (
        (Button(turn.words.plain("team_page.publish.button"), f"a:ok:{page.id}"),),
        (Button(turn.words.plain("team_page.refuse.button"), f"a:no:{page.id}"),),
    )
    turn.say(Html(f"{text}\n\n{asked}"), rows)


def decide_pressed(turn: Turn, parts: list[str]) -> None:
    """``a:ok:<page_id>`` and ``a:no:<page_id>``: once, and not by whoever wrote it."""
    page = _waiting(turn, parts)
    if page is None:
        return
    if not may_publish(turn.actor, page.written_by):
        turn.say(turn.words("team_page.own"))
        return
    state = PageState.PUBLISHED if parts[1] == "ok" else PageState.REFUSED
    enquiries.decide_page(turn.session, page, state, by=turn.person.id, now=turn.now)
    turn.say(turn.words(f"team_page.{state.value}", title=page.title))


def _waiting(turn: Turn, parts: list[str]) -> SavedPage | None:
    """The page, for the team, while nobody has decided on it; None after saying why not."""
    if not allowed(turn, Permission.WRITE_PAGES):
        refuse(turn)
        return None
    number = number_in(parts, 2)
    page = enquiries.lock_page(turn.session, number) if number is not None else None
    if page is None or page.state != PageState.WAITING.value:
        turn.say(turn.words("team_page.decided"))
        return None
    return page


# Questions without a page


def show_questions(turn: Turn) -> None:
    """``/questions``: what was asked and no page answered."""
    _show_questions(turn, 0)


def questions_pressed(turn: Turn, parts: list[str]) -> None:
    """``a:q:<page>``: another page of them."""
    _show_questions(turn, number_in(parts, 2) or 0)


def _show_questions(turn: Turn, page: int) -> None:
    if not allowed(turn, Permission.WRITE_PAGES):
        refuse(turn)
        return
    total = enquiries.count_unanswered(turn.session)
    page = min(page, max(0, (total - 1) // QUESTIONS_A_PAGE))
    start = page * QUESTIONS_A_PAGE
    rows = enquiries.list_unanswered(turn.session, offset=start, limit=QUESTIONS_A_PAGE)
    if not rows:
        turn.say(turn.words("team_page.questions.none"))
        return
    lines = [turn.words.plural("team_page.questions.top", total)]
    for row in rows:
        day = turn.words.day(turn.service.calendar.local_day(row.at), turn.today)
        key = f"team_page.questions.{row.outcome}"
        line = turn.words(key, day=day, text=row.text[:LONGEST_LINE], page=row.page or "")
        lines.append(line)
    turn.say(Html("\n".join(lines)), (_pager(turn, page, total),))


def _pager(turn: Turn, page: int, total: int) -> tuple[Button, ...]:
    plain = turn.words.plain
    back = (Button(plain("officer.page.back.button"), f"a:q:{page - 1}"),) if page else ()
    more = (page + 1) * QUESTIONS_A_PAGE < total
    on = (Button(plain("officer.page.more.button"), f"a:q:{page + 1}"),) if more else ()
    return (*back, *on)


ANSWER = Form(
    name="answer",
    permission=Permission.OPEN_CASE,
    questions=(Question("text", LongText(longest=LONGEST_ANSWER)),),
    finish=send_answer,
)

PAGE = Form(
    name="team_page",
    permission=Permission.WRITE_PAGES,
    questions=(
        Question("title", ShortText(longest=LONGEST_TITLE)),
        Question("question", ShortText()),
        Question("body", LongText(longest=LONGEST_ANSWER), optional=True),
    ),
    finish=send_page,
)

KIT = FormKit((ANSWER, PAGE), leave=lambda *_: None)
