"""What personal data there is: where, what for, on what basis, who sees it, for how long, and whose it is.

The privacy notice, the copy that a person can have, erasure and retention all go by this one list. A table that
names or describes people and is not in it makes a test fail.
"""

from __future__ import annotations

from casework.data_terms import Basis, Copy, Declaration, Erase, Owner, Sees, Topic, WithCase

_OF_CASE = {"case_id": Owner.CASE}


def _case_part(table: str, topic: Topic, *personal: str, **more: object) -> Declaration:
    """Something that a case has: seen by its officers, kept and deleted with it."""
    usual: dict[str, object] = {
        "basis": Basis.PUBLIC_TASK,
        "seen_by": Sees.DISTRICT,
        "kept": "asb_report",
        "owners": _OF_CASE,
    }
    return Declaration(table=table, topic=topic, personal=personal, **{**usual, **more})  # type: ignore[arg-type]


DECLARATIONS: tuple[Declaration, ...] = (
    Declaration(
        table="person",
        topic=Topic.ACCOUNT,
        basis=Basis.PUBLIC_TASK,
        seen_by=Sees.TEAM,
        kept="person",
        personal=("telegram_id", "profile", "language", "unreachable_since", "silent"),
        owners={"id": Owner.PERSON},
        copy=Copy.ALL,
        # `silent` says something that somebody who reads over a shoulder must not learn (facts 5.4).
        left_out=("chat_key", "silent"),
        erase=Erase.BLANK,
    ),
    Declaration(
        table="draft",
        topic=Topic.DRAFTS,
        basis=Basis.PUBLIC_TASK,
        seen_by=Sees.NOBODY,
        kept="draft",
        personal=("answers", "partial"),
        owners={"chat_key": Owner.CHAT},
        copy=Copy.ALL,
        left_out=("place", "partial", "version", "answers._danger"),
        erase=Erase.DELETE,
    ),
    Declaration(
        table="dialog",
        topic=Topic.DRAFTS,
        basis=Basis.PUBLIC_TASK,
        seen_by=Sees.NOBODY,
        kept="person",
        personal=("screen",),
        owners={"chat_key": Owner.CHAT},
        erase=Erase.BLANK,
    ),
    _case_part(
        "case_record",
        Topic.REPORTS,
        "reporter_id",
        "referrer_id",
        owners={"reporter_id": Owner.PERSON, "referrer_id": Owner.PERSON},
        staff=("owner_id",),
        seen_by=Sees.PARTNERS,
        copy=Copy.ALL,
        left_out=("risk", "restricted", "follow_token_hash", "version"),
    ),
    _case_part(
        "asb_report",
        Topic.REPORTS,
        "detail",
        seen_by=Sees.PARTNERS,
        also_kept=("anonymous_report",),
        copy=Copy.ALL,
        left_out=("route", "address_hash", "detail.danger_words", "detail.on_behalf", "detail.neighbour"),
    ),
    # Keyed hashes of names and addresses, to find the case by.
    _case_part("search_term", Topic.REPORTS, "term", seen_by=Sees.NOBODY),
    # A Member referred somebody: what they said of the resident is the resident's.
    _case_part(
        "nns_referral",
        Topic.REPORTS,
        "detail",
        "reasons",
        kept="nominated_neighbour",
        also_kept=("declined_referral",),
    ),
    _case_part(
        "heard",
        Topic.REPORTS,
        "body",
        owners={"chat_key": Owner.CHAT, "draft_id": Owner.DRAFT, "case_id": Owner.CASE},
        copy=Copy.ALL,
        left_out=("message_id", "version"),
        erase=Erase.DELETE,
    ),
    _case_part(
        "case_message",
        Topic.REPORTS,
        "body",
        staff=("author_id",),
        copy=Copy.ALL,
        left_out=("message_id",),
    ),
    _case_part(
        "closure",
        Topic.REPORTS,
        "done",
        staff=("closed_by",),
        copy=Copy.ALL,
    ),
    _case_part(
        "stored_file",
        Topic.FILES,
        "file_id",
        "name",
        "caption",
        owners={
            "chat_key": Owner.CHAT,
            "person_id": Owner.PERSON,
            "draft_id": Owner.DRAFT,
            "case_id": Owner.CASE,
        },
        copy=Copy.ALL,
        left_out=(
            "file_id",
            "file_unique_id_hash",
            "attempts",
            "next_try_at",
            "claimed_until",
            "original",
            "copy",
            "mime",
            "state",
            "stored_at",
        ),
        erase=Erase.LET_GO,
        with_case=WithCase.LET_GO,
    ),
    Declaration(
        table="diary",
        topic=Topic.DIARY,
        basis=Basis.PUBLIC_TASK,
        seen_by=Sees.DISTRICT,
        kept="person",
        owners={"person_id": Owner.PERSON},
        copy=Copy.ALL,
        erase=Erase.DELETE,
        with_case=WithCase.LET_GO,
    ),
    _case_part(
        "diary_entry",
        Topic.DIARY,
        "body",
        owners={"person_id": Owner.PERSON, "case_id": Owner.CASE},
        copy=Copy.ALL,
        left_out=("body.who", "body.witnesses", "body.willing", "approximate"),
        erase=Erase.DELETE,
    ),
    _case_part("risk_assessment", Topic.HARM, "answers", "total", "band", staff=("actor_id",)),
    _case_part("risk_change", Topic.HARM, "before", "after", "reason", staff=("made_by", "decided_by")),
    _case_part(
        "visit",
        Topic.WORK,
        "at",
        "place",
        "reason",
        staff=("visitor_id",),
        copy=Copy.ALL,
        left_out=("reason", "changes", "outcome"),
    ),
    # Never in a copy: the other case may be a neighbour's, about the same dispute.
    _case_part(
        "case_link",
        Topic.WORK,
        "reason",
        owners={"case_id": Owner.CASE, "other_id": Owner.CASE},
        staff=("linked_by", "ended_by"),
    ),
    _case_part(
        "case_event",
        Topic.WORK,
        "detail",
        basis=Basis.LEGAL_DUTY,
        kept="audit_log",
        staff=("actor_id",),
        copy=Copy.PUBLIC,
        left_out=("detail", "public", "actor_role", "seq", "link"),
    ),
    _case_part(
        "deadline",
        Topic.WORK,
        copy=Copy.ALL,
        left_out=("working", "due_at", "set_at", "moved_from", "first_due_on", "moves"),
    ),
    _case_part("reminder", Topic.WORK, staff=("person_id",)),
    _case_part("broken_promise", Topic.WORK),
    _case_part(
        "case_review_info",
        Topic.WORK,
        owners={"person_id": Owner.PERSON, "case_id": Owner.CASE},
        basis=Basis.LEGAL_DUTY,
        copy=Copy.ALL,
    ),
    _case_part("enquiry", Topic.QUESTIONS, "detail", kept="enquiry", seen_by=Sees.TEAM, copy=Copy.ALL),
    # Kept without who typed it.
    Declaration(
        table="asked_question",
        topic=Topic.QUESTIONS,
        basis=Basis.PUBLIC_TASK,
        seen_by=Sees.TEAM,
        kept="asked_question",
        personal=("text",),
    ),
    Declaration(
        table="saved_page",
        topic=Topic.TEAM,
        basis=Basis.PUBLIC_TASK,
        seen_by=Sees.PARTNERS,
        kept="audit_log",
        personal=("title", "body", "question"),
        owners=_OF_CASE,
        staff=("written_by", "reviewed_by"),
        with_case=WithCase.LET_GO,
    ),
    Declaration(
        table="notice",
        topic=Topic.MESSAGES,
        basis=Basis.PUBLIC_TASK,
        seen_by=Sees.NOBODY,
        kept="notice",
        personal=("body",),
        owners={"person_id": Owner.PERSON},
        copy=Copy.ALL,
        left_out=("body.buttons", "send_at"),
        erase=Erase.DELETE,
    ),
    Declaration(
        table="outbox",
        topic=Topic.MESSAGES,
        basis=Basis.PUBLIC_TASK,
        seen_by=Sees.NOBODY,
        kept="unsent_message",
        personal=("payload",),
        owners={"chat_key": Owner.CHAT},
    ),
    Declaration(
        table="sent_message",
        topic=Topic.MESSAGES,
        basis=Basis.PUBLIC_TASK,
        seen_by=Sees.NOBODY,
        kept="sent_message",
        owners={"chat_key": Owner.CHAT},
        erase=Erase.DELETE,
    ),
    Declaration(
        table="recent_message",
        topic=Topic.MESSAGES,
        basis=Basis.PUBLIC_TASK,
        seen_by=Sees.NOBODY,
        kept="recent_message",
        owners={"chat_key": Owner.CHAT},
        erase=Erase.DELETE,
    ),
    _case_part(
        "data_request",
        Topic.REQUESTS,
        "detail",
        basis=Basis.LEGAL_DUTY,
        seen_by=Sees.TEAM,
        kept="data_request",
        copy=Copy.ALL,
        left_out=("detail.note",),
    ),
    _case_part(
        "case_hold", Topic.REQUESTS, "reason", basis=Basis.LEGAL_DUTY, staff=("placed_by",), kept="audit_log"
    ),
    _case_part("removal_permit", Topic.REQUESTS, basis=Basis.LEGAL_DUTY),
    Declaration(
        table="audit_line",
        topic=Topic.WORK,
        basis=Basis.LEGAL_DUTY,
        seen_by=Sees.TEAM,
        kept="audit_log",
        staff=("actor_id",),
    ),
    Declaration(
        table="case_search",
        topic=Topic.WORK,
        basis=Basis.LEGAL_DUTY,
        seen_by=Sees.TEAM,
        kept="audit_log",
        personal=("text",),
        staff=("actor_id",),
    ),
    Declaration(
        table="fault",
        topic=Topic.FAULTS,
        basis=Basis.LEGAL_DUTY,
        seen_by=Sees.NOBODY,
        kept="fault",
        personal=("body",),
    ),
    Declaration(
        table="role_grant",
        topic=Topic.TEAM,
        basis=Basis.LEGAL_DUTY,
        seen_by=Sees.TEAM,
        kept="audit_log",
        personal=("role", "district", "ward", "agency"),
        owners={"person_id": Owner.PERSON},
        staff=("granted_by", "ended_by"),
        copy=Copy.ALL,
    ),
    Declaration(
        table="leave",
        topic=Topic.TEAM,
        basis=Basis.PUBLIC_TASK,
        seen_by=Sees.TEAM,
        kept="audit_log",
        personal=("first_on", "last_on"),
        owners={"person_id": Owner.PERSON},
        staff=("deputy_id", "set_by"),
        copy=Copy.ALL,
        left_out=("end_reason", "back_told_at"),
    ),
    Declaration(
        table="invitation",
        topic=Topic.TEAM,
        basis=Basis.LEGAL_DUTY,
        seen_by=Sees.TEAM,
        kept="audit_log",
        personal=("name",),
        owners={"used_by": Owner.PERSON},
        staff=("created_by",),
        copy=Copy.ALL,
        left_out=("token_hash",),
    ),
    Declaration(
        table="upkeep_task",
        topic=Topic.TEAM,
        basis=Basis.LEGAL_DUTY,
        seen_by=Sees.TEAM,
        kept="audit_log",
        staff=("done_by",),
    ),
)

NOT_PERSONAL: dict[str, str] = {"key_check.value": "a fixed text that proves the keys"}
"""Encrypted columns that hold nobody's data, each with what it is."""


def declared(table: str) -> Declaration | None:
    """The declaration of a table; None where it has no personal data."""
    return _BY_TABLE.get(table)


def of_topic(topic: Topic) -> tuple[Declaration, ...]:
    """What belongs to a topic, in the order of the list."""
    return tuple(one for one in DECLARATIONS if one.topic is topic)


def topics() -> tuple[Topic, ...]:
    """The topics that there is something of, in the order of the notice."""
    return tuple(topic for topic in Topic if of_topic(topic))


_BY_TABLE = {one.table: one for one in DECLARATIONS}
