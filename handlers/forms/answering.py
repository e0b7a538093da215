"""From what a person said to the draft: take it, keep it, and go on to the next question."""

from __future__ import annotations

from dataclasses import replace

from casework.danger import danger_in
from handlers.forms import pen, screens
from handlers.forms.files import keep_file
from handlers.forms.flow import ABOUT, Answers, Form, Question, applicable, branch_of, next_place, prune
from handlers.forms.kinds.choice import Choice, Several, fold
from handlers.forms.kinds.kind import Outcome, Partial, Problem, Screen, Taken
from handlers.forms.kinds.text import clean
from handlers.safety import numbers
from handlers.turn import Turn
from handlers.words import Html
from storage import drafts
from storage.models import Draft

MORE = screens.MORE
KEPT = (MORE, pen.DANGER, ABOUT)
LONGEST_MESSAGE = 4096
MOST_MORE = 20_000
"""Characters in all, as much as an account can have."""
FEWEST_WORDS = 4
SURELY_A_LABEL = 8
"""Letters: so long a beginning of a button's words is no answer that happens to begin alike."""


def pressed(turn: Turn, form: Form, draft: Draft, question: Question, value: str) -> None:
    """An answer by a tap."""
    outcome = question.kind.press(screens.asking_for(turn, form, draft, question), value)
    take(turn, form, draft, question, outcome)


def said(turn: Turn, form: Form, draft: Draft, question: Question) -> None:
    """An answer typed or sent."""
    incoming = turn.incoming
    if incoming.other:
        problem(turn, form, draft, Problem("kit.problem.other"))
        return
    asking = screens.asking_for(turn, form, draft, question)
    option = _label_typed(question.kind.screen(asking), incoming.text or "")
    outcome = question.kind.press(asking, option) if option else question.kind.take(asking, incoming)
    if isinstance(outcome, Taken) or (isinstance(outcome, Partial) and outcome.keep):
        _keep_words(turn, draft, question.key)
    take(turn, form, draft, question, outcome)


def _label_typed(screen: Screen, text: str) -> str | None:
    """The button on the screen whose words were typed: what can be tapped can be typed."""
    folded = fold(text)
    for option in (option for row in screen.options for option in row):
        label = fold(option.label)
        if folded == label or (len(folded) >= SURELY_A_LABEL and label.startswith(folded)):
            return option.value
    return None


def _keep_words(turn: Turn, draft: Draft, question: str) -> None:
    """Keep what was typed, so that a later edit of that message is known for what it is."""
    if turn.incoming.text and turn.incoming.message_id is not None:
        drafts.keep_words(
            turn.session,
            chat_key=turn.chat_key,
            message_id=turn.incoming.message_id,
            draft_id=draft.id,
            question=question,
            text=turn.incoming.text,
            now=turn.now,
        )


def danger_of(turn: Turn, form: Form) -> str | None:
    """The kind of danger that what was typed speaks of, in a form that watches for it."""
    return danger_in(turn.incoming.text or "", turn.service.policy) if form.watches_danger else None


def take(turn: Turn, form: Form, draft: Draft, question: Question, outcome: Outcome) -> None:
    """Keep the outcome and show what comes next; words of danger come before everything."""
    danger = danger_of(turn, form)
    if isinstance(outcome, Problem):
        problem(turn, form, draft, outcome, danger=danger)
        return
    branch = None
    if isinstance(outcome, Taken) and outcome.value is not None:
        way_out = question.exits.get(question.kind.branch(outcome.value))
        if way_out is not None:
            way_out(turn)
            return
    if isinstance(outcome, Partial) and outcome.keyboard is not None:
        pen.show_keyboard(turn, outcome.keyboard)
        return
    if isinstance(outcome, Partial):
        drafts.change(draft, partial=outcome.state, now=turn.now)
    else:
        store(turn, form, draft, question, outcome.value)
        branch = branch_of(question, draft.answers)
    if danger or (branch is not None and branch in question.interrupts):
        pen.interrupt(turn, draft, danger or question.key)
        return
    note = question.notes.get(branch) if branch else None
    above = turn.words(note, **numbers(turn)) if note else None
    in_place = turn.incoming.press is not None and isinstance(outcome, Partial)
    pen.show(turn, form, draft, above=above, in_place=in_place)


def store(turn: Turn, form: Form, draft: Draft, question: Question, value: object) -> None:
    """Put the answer into the draft; those of branches that no longer apply go."""
    answers = draft.answers
    if question.key in answers and answers[question.key] != value:
        gone = {one.key for one in form.questions if one.goes_with == question.key}
        answers = {key: answer for key, answer in answers.items() if key not in gone}
    set_answers(turn, form, draft, {**answers, question.key: value})
    pen.leave_record(turn, form, draft, question)


def set_answers(turn: Turn, form: Form, draft: Draft, answers: Answers) -> None:
    """The draft has these answers, and is at the first question that is open."""
    kept = {key: answers[key] for key in KEPT if key in answers}
    pruned = {**prune(form, _offered(turn, form, draft, answers)), **kept}
    drafts.change(draft, answers=pruned, partial=None, place=next_place(form, pruned), now=turn.now)
    turn.remember(problems=None, refused=None)


def _offered(turn: Turn, form: Form, draft: Draft, answers: Answers) -> Answers:
    """The answers without choices that are offered no more: another district has other tenures."""
    gone = set()
    for question in form.questions:
        kind, value = question.kind, answers.get(question.key)
        if value is None or not isinstance(kind, Choice | Several) or not callable(kind.values):
            continue
        here = replace(screens.asking_for(turn, form, draft, question, here=False), answers=answers)
        chosen = set(value) if isinstance(value, list) else {value}
        if not chosen <= set(kind.values_for(here)):
            gone.add(question.key)
    return {key: value for key, value in answers.items() if key not in gone}


def settle(turn: Turn, form: Form, draft: Draft, question: Question) -> bool:
    """Whether what was begun is an answer already: it is kept as one when a person goes elsewhere."""
    value = question.kind.settle(draft.partial or {})
    if value is None:
        return False
    place = draft.place
    set_answers(turn, form, draft, {**draft.answers, question.key: value})
    drafts.change(draft, place=place, now=turn.now)
    return True


def problem(turn: Turn, form: Form, draft: Draft, found: Problem, *, danger: str | None = None) -> None:
    """One clear sentence, and the same question again; nothing is lost."""
    if danger:
        keep_more(turn, draft)
        pen.interrupt(turn, draft, danger)
        return
    if found.key == "kit.problem.choice" and _is_account(turn, form) and keep_more(turn, draft):
        found = Problem("kit.problem.choice_kept", {"what": turn.words.plain(f"{form.name}.name")})
    times = int(turn.screen.get("problems", 0)) + 1
    turn.remember(problems=times, refused=turn.incoming.message_id)
    sentence = turn.words(found.key, **found.values)
    if times > 1:
        phone = turn.service.policy.phone_of(None).value
        sentence = Html(f"{sentence} {turn.words('kit.problem.call', phone=phone)}")
    pen.show(turn, form, draft, above=sentence)


def keep_story(turn: Turn, form: Form, draft: Draft) -> bool:
    """More of the story, told when all questions are answered: kept, and True; False where it is no story."""
    return _is_account(turn, form) and keep_more(turn, draft)


def _is_account(turn: Turn, form: Form) -> bool:
    """Whether what was typed at a question with buttons is more of the story, sent a moment too late."""
    return form.files_question is not None and len((turn.incoming.text or "").split()) >= FEWEST_WORDS


def file(turn: Turn, form: Form, draft: Draft) -> None:
    """A file is kept whenever it comes, and its caption too; it belongs to the question that takes files."""
    found, note = keep_file(turn, form, draft)
    question = form.question(draft.place)
    if question is not None and question.takes_files:
        note = None
        if turn.incoming.text and found is None:
            said(turn, form, draft, question)
            _remember_album(turn)
            return
        if question.file_answers and found is None:
            take(turn, form, draft, question, Taken(""))
            _remember_album(turn)
            return
    keep_more(turn, draft)
    drafts.change(draft, now=turn.now)
    if danger := danger_in(turn.incoming.text or "", turn.service.policy):
        pen.interrupt(turn, draft, danger)
    elif found is not None:
        problem(turn, form, draft, found)
    else:
        album = turn.screen.get("album")
        pen.show(turn, form, draft, above=note, in_place=album is not None and album == _album(turn))
        _remember_album(turn)


def _album(turn: Turn) -> str | None:
    return turn.incoming.file.album if turn.incoming.file else None


def _remember_album(turn: Turn) -> None:
    """The files of one album come one by one: only the first of them makes a new screen."""
    turn.remember(album=_album(turn))


def keep_more(turn: Turn, draft: Draft) -> bool:
    """Keep words for which no question waits: the officer reads them, too. False where there is no more room."""
    text = (turn.incoming.text or "")[:LONGEST_MESSAGE]
    more = [*draft.answers.get(MORE, []), text]
    if not text or sum(map(len, more)) > MOST_MORE:
        return False
    drafts.change(draft, answers={**draft.answers, MORE: more}, now=turn.now)
    _keep_words(turn, draft, MORE)
    return True


def edited(turn: Turn, form: Form, draft: Draft, key: str, old: str) -> bool:
    """Change an answer whose message was edited. False where the new words can't be that answer.

    Whoever is at another question stays there, with what they began; only what has to be confirmed anew
    (a place, a date) is asked at once.
    """
    if key == MORE:
        return _edit_more(turn, draft, old)
    question = form.question(key)
    if question is None:
        return False
    new, old = clean(turn.incoming.text or ""), clean(old)
    here = draft.place == key
    begun = (draft.partial or {}).get("texts", []) if here else []
    if old in begun:
        drafts.change(draft, partial={"texts": [new if one == old else one for one in begun]}, now=turn.now)
        return True
    held = draft.answers.get(key)
    outcome = question.kind.take(screens.asking_for(turn, form, draft, question, here=False), turn.incoming)
    if isinstance(outcome, Taken) and held is not None:
        _put(turn, form, draft, key, outcome.value)
        return True
    if isinstance(outcome, Partial) and isinstance(held, str) and old in held:  # one message of a long text
        _put(turn, form, draft, key, held.replace(old, new, 1))
        return True
    if isinstance(outcome, Partial) and outcome.keyboard is None and (here or not draft.partial):
        drafts.change(draft, place=key, partial=outcome.state, now=turn.now)
        return True
    return False


def _edit_more(turn: Turn, draft: Draft, old: str) -> bool:
    new = (turn.incoming.text or "")[:LONGEST_MESSAGE]
    more = [new if one == old else one for one in draft.answers.get(MORE, [])]
    drafts.change(draft, answers={**draft.answers, MORE: more}, now=turn.now)
    return new in more


def _put(turn: Turn, form: Form, draft: Draft, key: str, value: object) -> None:
    """The answer changes; the place and what was begun there stay, where that question still applies."""
    place, partial = draft.place, draft.partial
    set_answers(turn, form, draft, {**draft.answers, key: value})
    if any(question.key == place for question in applicable(form, draft.answers)):
        drafts.change(draft, place=place, partial=partial, now=turn.now)
