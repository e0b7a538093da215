"""Files that come while a form is open: kept with the draft at once, fetched later by a job."""

from __future__ import annotations

from handlers.forms.flow import Form
from handlers.forms.kinds.kind import Problem
from handlers.turn import Turn
from handlers.words import Html
from storage import drafts
from storage.models import Draft


def keep_file(turn: Turn, form: Form, draft: Draft) -> tuple[Problem | None, Html | None]:
    """Keep the file of this turn: a problem where it can't be, else a note that it was."""
    file = turn.incoming.file
    if file is None or form.files_question is None:
        return Problem("kit.problem.no_files"), None
    limits = turn.service.policy.evidence
    if file.size is not None and file.size > limits.most_bytes:
        return Problem("kit.problem.file_size", {"most": str(limits.megabytes.value)}), None
    if drafts.count_files(turn.session, draft.id) >= limits.files.value:
        return Problem("kit.problem.file_count", {"most": str(limits.files.value)}), None
    drafts.add_file(
        turn.session,
        draft_id=draft.id,
        chat_key=turn.chat_key,
        kind=file.kind,
        file_id=file.file_id,
        unique_hash=turn.service.keyring.hash_text("file", file.unique_id),
        size=file.size,
        mime=file.mime[:100] if file.mime else None,
        name=file.name[:200] if file.name else None,
        now=turn.now,
    )
    label = turn.words(f"{form.name}.name")
    return None, turn.words("kit.file.kept", what=label)
