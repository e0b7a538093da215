"""All tables. Import models from here, so that none is missing from the metadata."""

from storage.models.base import Base
from storage.models.cases import AsbReport, Case, CaseEvent, Deadline, NnsReferral, Reminder, ReminderStatus
from storage.models.conversations import Dialog, Draft, FileState, Heard, StoredFile
from storage.models.outgoing import OutboxMessage, SentMessage
from storage.models.people import Invitation, Person, RoleGrant
from storage.models.running import Fault, JobSlot, KeyCheck, SeenUpdate

__all__ = [
    "AsbReport",
    "Base",
    "Case",
    "CaseEvent",
    "Deadline",
    "Dialog",
    "Draft",
    "Fault",
    "FileState",
    "Heard",
    "Invitation",
    "JobSlot",
    "KeyCheck",
    "NnsReferral",
    "OutboxMessage",
    "Person",
    "Reminder",
    "ReminderStatus",
    "RoleGrant",
    "SeenUpdate",
    "SentMessage",
    "StoredFile",
]
