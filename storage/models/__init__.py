"""All tables. Import models from here, so that none is missing from the metadata."""

from storage.models.base import Base
from storage.models.cases import AsbReport, Case, CaseEvent, Deadline, NnsReferral, Reminder, ReminderStatus
from storage.models.conversations import Dialog, Draft, FileState, Heard, StoredFile
from storage.models.data_rights import (
    AuditLine,
    CaseHold,
    DataRequest,
    Notice,
    RecentMessage,
    RemovalPermit,
    Tombstone,
)
from storage.models.diary import Diary, DiaryEntry, DiaryFile, EntryKind
from storage.models.enquiries import AskedOutcome, AskedQuestion, Enquiry, PageState, SavedPage
from storage.models.fieldwork import CaseLink, RiskChange, Visit
from storage.models.following import BrokenPromise, CaseMessage, CaseReviewInfo, Closure
from storage.models.history import HistorySeal, SealedCase
from storage.models.leave import Leave
from storage.models.outgoing import OutboxMessage, SentMessage
from storage.models.people import Invitation, Person, RoleGrant
from storage.models.risk import RiskAssessment
from storage.models.running import Fault, JobSlot, KeyCheck, SeenUpdate
from storage.models.searching import CaseSearch, SearchRemoval, SearchTerm
from storage.models.upkeep import DateBasis, UpkeepTask

__all__ = [
    "AsbReport",
    "AskedOutcome",
    "AskedQuestion",
    "AuditLine",
    "Base",
    "BrokenPromise",
    "Case",
    "CaseEvent",
    "CaseHold",
    "CaseLink",
    "CaseMessage",
    "CaseReviewInfo",
    "CaseSearch",
    "Closure",
    "DataRequest",
    "DateBasis",
    "Deadline",
    "Dialog",
    "Diary",
    "DiaryEntry",
    "DiaryFile",
    "Draft",
    "Enquiry",
    "EntryKind",
    "Fault",
    "FileState",
    "Heard",
    "HistorySeal",
    "Invitation",
    "JobSlot",
    "KeyCheck",
    "Leave",
    "NnsReferral",
    "Notice",
    "OutboxMessage",
    "PageState",
    "Person",
    "RecentMessage",
    "Reminder",
    "ReminderStatus",
    "RemovalPermit",
    "RiskAssessment",
    "RiskChange",
    "RoleGrant",
    "SavedPage",
    "SealedCase",
    "SearchRemoval",
    "SearchTerm",
    "SeenUpdate",
    "SentMessage",
    "StoredFile",
    "Tombstone",
    "UpkeepTask",
    "Visit",
]
