"""What a person sees of a form: the question, *Check your answers*, and the lines that stay as a record."""

from __future__ import annotations

from handlers.forms.flow import CHECK, Form, Question, applicable, progress
from handlers.forms.kinds.kind import Asking, Screen
from handlers.keyboards import Button, Row, Rows, columns
from handlers.turn import Turn
from handlers.words import Html
from storage import drafts
from storage.models import Draft

LONGEST_SHOWN = 45
"""Characters of one answer in the summary: a message holds 4096 (Bot API, sendMessage)."""
LONGEST_RECORD = 120
MORE = "_more"
"""Where a draft keeps words that came at a moment when no question was waiting for them."""


def asking_for(turn: Turn, form: Form, draft: Draft, question: Question, *, here: bool = True) -> Asking:
    """All that the question's kind may look at. ``here``: with the partial answer of the present place."""
    files = drafts.count_files(turn.session, draft.id) if question.takes_files else 0
    return Asking(
        form=form.name,
        key=question.key,
        words=turn.words,
        policy=turn.service.policy,
        calendar=turn.service.calendar,
        now=turn.now,
        answers=draft.answers,
        sender_name=turn.incoming.sender.name,
        partial=draft.partial if here else None,
        files=files,
    )


def data_for(draft: Draft, action: str, value: str = "") -> str:
    """Button data that names the draft and its version, so that an old button is known as old."""
    return f"f:{draft.id}:{draft.version}:{action}:{value}"


def question_screen(turn: Turn, form: Form, draft: Draft, question: Question) -> tuple[Html, Rows]:
    """The question and its buttons."""
    screen = question.kind.screen(asking_for(turn, form, draft, question))
    ask = turn.words(f"{form.name}.{question.key}.ask")
    parts = [screen.text] if screen.text else [_progress_line(turn, form, draft), ask]
    if screen.note:
        parts.append(screen.note)
    return Html("\n".join(part for part in parts if part)), _rows(turn, form, draft, question, screen)


def _progress_line(turn: Turn, form: Form, draft: Draft) -> Html | None:
    at = progress(form, draft.answers, draft.place)
    if at is None:
        return None
    if at.total is None:
        return turn.words("kit.progress.open", number=at.number)
    return turn.words("kit.progress.known", number=at.number, total=at.total)


def _rows(turn: Turn, form: Form, draft: Draft, question: Question, screen: Screen) -> Rows:
    rows: list[Row] = [
        tuple(Button(option.label, data_for(draft, "a", option.value)) for option in row)
        for row in screen.options
    ]
    plain = turn.words.plain
    if may_keep(draft):
        rows.append((Button(plain("kit.keep.button"), data_for(draft, "k")),))
    if question.optional:
        rows.append((Button(plain("kit.skip.button"), data_for(draft, "s")),))
    rows.append(_way_out(turn, draft))
    return tuple(rows)


def may_keep(draft: Draft) -> bool:
    """Whether there is an answer already that can stay as it is."""
    return draft.answers.get(draft.place) is not None and not draft.partial


def _way_out(turn: Turn, draft: Draft) -> Row:
    plain = turn.words.plain
    return (
        Button(plain("kit.back.button"), data_for(draft, "b")),
        Button(plain("kit.cancel.button"), data_for(draft, "x")),
    )


def shown(turn: Turn, form: Form, draft: Draft, question: Question, longest: int = LONGEST_SHOWN) -> str:
    """The answer in words, cut where it is very long, and its files; *Not given* where it was skipped."""
    value = draft.answers.get(question.key)
    if value is None:
        return turn.words.plain("kit.not_given")
    asking = asking_for(turn, form, draft, question, here=False)
    text = question.kind.show(asking, value)
    text = _cut(text, longest)
    if not asking.files:
        return text
    files = str(turn.words.plural("kit.long.files", asking.files))
    return f"{text} ({files})" if text else files


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def record_line(turn: Turn, form: Form, draft: Draft, question: Question) -> Html:
    """The answered question as one line, which stays in the chat."""
    label = turn.words(f"{form.name}.{question.key}.label")
    value = shown(turn, form, draft, question, LONGEST_RECORD)
    return turn.words("kit.record", label=label, value=value)


def check_screen(turn: Turn, form: Form, draft: Draft) -> tuple[Html, Rows]:
    """*Check your answers*: every answer, a Change button each, and the one that sends."""
    questions = applicable(form, draft.answers)
    lines = [turn.words("kit.check.top")]
    for question in questions:
        label = turn.words(f"{form.name}.{question.key}.label")
        value = shown(turn, form, draft, question, LONGEST_SHOWN)
        lines.append(turn.words("kit.check.line", label=label, value=value))
    if more := draft.answers.get(MORE):
        text = " ".join(more)
        lines.append(turn.words("kit.check.more", value=_cut(text, LONGEST_SHOWN)))
    plain = turn.words.plain
    changes = tuple(
        Button(plain(f"{form.name}.{question.key}.change"), data_for(draft, "c", question.key))
        for question in questions
    )
    send = (Button(plain(f"{form.name}.send.button"), data_for(draft, "send")),)
    return Html("\n".join(lines)), (*columns(changes, 2), send, _way_out(turn, draft))


def place_screen(turn: Turn, form: Form, draft: Draft) -> tuple[Html, Rows]:
    """The screen of wherever the draft is."""
    question = form.question(draft.place)
    if draft.place == CHECK or question is None:
        return check_screen(turn, form, draft)
    return question_screen(turn, form, draft, question)


def cancel_screen(turn: Turn, draft: Draft, until: str) -> tuple[Html, Rows]:
    """Stop here? Save, delete or go on: in that order, since saving is what most people mean."""
    plain = turn.words.plain
    return turn.words("kit.cancel.ask", until=until), (
        (Button(plain("kit.cancel.save"), data_for(draft, "xs")),),
        (Button(plain("kit.cancel.delete"), data_for(draft, "xd")),),
        (Button(plain("kit.cancel.go_on"), data_for(draft, "xg")),),
    )


def resume_screen(turn: Turn, form: Form, draft: Draft, *, began: str) -> tuple[Html, Rows]:
    """You began this earlier. Go on, start again, or delete it."""
    plain = turn.words.plain
    answered = sum(1 for question in applicable(form, draft.answers) if question.key in draft.answers)
    text = turn.words.plural("kit.resume.ask", answered, what=turn.words(f"{form.name}.name"), began=began)
    return text, (
        (Button(plain("kit.resume.go_on"), f"r:{draft.id}:go"),),
        (Button(plain("kit.resume.again"), f"r:{draft.id}:new"),),
        (Button(plain("kit.resume.delete"), f"r:{draft.id}:del"),),
    )
