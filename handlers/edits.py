"""An edited message is kept beside its first version; while the form is open it also changes the answer."""

from __future__ import annotations

from casework.danger import danger_in
from handlers.forms.engine import FormKit
from handlers.officers import case_news
from handlers.safety import danger_text
from handlers.turn import Turn
from storage import cases, drafts


def keep_edit(turn: Turn, kit: FormKit) -> None:
    """Keep the new version; tell the person what became of it. Edits of what was no answer are let be."""
    incoming = turn.incoming
    if incoming.message_id is None or incoming.text is None:
        return
    versions = drafts.list_versions(turn.session, turn.chat_key, incoming.message_id)
    if not versions and turn.screen.get("refused") == incoming.message_id:
        kit.try_again(turn)
        return
    if not versions or versions[-1].body.get("text") == incoming.text:
        return
    first = versions[0]
    if first.case_id is not None and (danger := danger_in(incoming.text, turn.service.policy)):
        turn.say(danger_text(turn, danger))
    drafts.keep_words(
        turn.session,
        chat_key=turn.chat_key,
        message_id=incoming.message_id,
        draft_id=first.draft_id,
        case_id=first.case_id,
        question=first.question,
        text=incoming.text,
        now=turn.now,
        version=versions[-1].version + 1,
    )
    if first.case_id is not None:
        cases.record_event(
            turn.session,
            case_id=first.case_id,
            kind=cases.EDITED,
            actor=turn.actor,
            now=turn.now,
            detail={"question": first.question, "text": incoming.text},
        )
        _tell_officers(turn, first.case_id)
        turn.say(turn.words("kit.edit.case"))
    elif turn.draft is not None and first.draft_id == turn.draft.id and first.question is not None:
        kit.edited(turn, first.question, str(versions[-1].body["text"]))
    else:
        turn.say(turn.words("kit.edit.kept"))


def _tell_officers(turn: Turn, case_id: int) -> None:
    """Of an edit by the person whose case it is; an officer's own is no news."""
    case = cases.find_case(turn.session, case_id)
    if case is not None and turn.person.id in (case.reporter_id, case.referrer_id):
        case_news.tell_caretakers(turn.session, turn.service, case, "officer.message_edited", turn.now)
