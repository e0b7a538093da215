"""The copy of somebody's data: all that is theirs, nothing of others, nothing that only the program reads."""

from __future__ import annotations

import json

from sqlalchemy import select

from storage.data_copy import collect, list_file_parts
from storage.models import NnsReferral, Notice, StoredFile
from tests.my_data.rows import STORY, add_draft, add_file, add_heard, add_report
from tests.storage.rows import NOON, add_case, add_person


def test_a_copy_has_what_is_theirs_and_nothing_of_others(database) -> None:
    with database.transaction() as session:
        ada = add_person(session, chat_key=1, telegram_id="7001", profile={"name": "Ada"}, silent=True)
        ben = add_person(session, chat_key=2, telegram_id="7002", profile={"name": "Ben"})
        case = add_report(session, ada, owner_id=ben.id)
        add_report(session, ben, "HW3T-9QKE")
        add_report(session, None, "CCCC-CCCC", anonymous=True)
        add_heard(session, ada, case, "my own words")
        add_heard(session, ben, None, "words of Ben")
        add_draft(session, ada)
        session.add(
            Notice(
                person_id=ada.id,
                case_id=case.id,
                body={"text": "An officer has read it.", "buttons": [["secret"]]},
                created_at=NOON,
                send_at=NOON,
            )
        )
    with database.reading() as session:
        found = collect(session, ada)
    text = json.dumps(found)
    assert found["person"] == [
        {
            "telegram_id": "7001",
            "profile": {"name": "Ada"},
            "language": "en",
            "language_chosen": False,
            "created_at": NOON.isoformat(),
            "discreet": True,
            "draft_reminders": True,
        }
    ]
    assert [row["reference"] for row in found["case_record"]] == ["KM4P-X7RB"]
    (report,) = found["asb_report"]
    assert report["case"] == "KM4P-X7RB"
    assert report["detail"]["what"] == STORY
    assert [row["body"] for row in found["heard"]] == [{"text": "my own words"}]
    assert [row["kind"] for row in found["case_event"]] == ["received"]
    assert found["draft"][0]["answers"] == {"category": "noise"}
    assert found["notice"][0]["body"] == {"text": "An officer has read it."}
    assert set(found["deadline"][0]) == {"case", "kind", "due_on"}
    for hidden in ("Ben", "7002", "HW3T", "CCCC", "Grey", "domestic", "medium", "secret", "silent", "thinks"):
        assert hidden not in text, hidden
    assert "chat_key" not in text


def test_a_member_gets_the_state_of_referrals_and_not_a_word_of_the_resident(database) -> None:
    with database.transaction() as session:
        khan = add_person(session, chat_key=3, telegram_id="7003")
        case = add_case(session, kind="nominated_neighbour", status="referred", referrer_id=khan.id)
        session.add(
            NnsReferral(
                case_id=case.id,
                consent_given_on=NOON.date(),
                consent_how="told",
                reasons=["memory"],
                detail={"name": "Elsie Moore"},
            )
        )
    with database.reading() as session:
        found = collect(session, khan)
    assert found["referral"] == [
        {
            "reference": "KM4P-X7RB",
            "kind": "nominated_neighbour",
            "status": "referred",
            "received_at": NOON.isoformat(),
        }
    ]
    assert "Elsie" not in json.dumps(found)
    assert "nns_referral" not in found


def test_files_that_are_too_much_for_one_archive_go_into_more(database) -> None:
    with database.transaction() as session:
        ada = add_person(session, chat_key=1, telegram_id="1")
        for n, size in enumerate((4, 4, 4, 20, 1)):
            add_file(session, ada, size=size, original=f"{n}", file_unique_id_hash=bytes([n]))
        add_file(session, ada, size=1)  # not here yet
        ben = add_person(session)
    with database.reading() as session:
        parts = list_file_parts(session, ada, 8)
        assert [[file.size for file in part] for part in parts] == [[4, 4], [4], [20], [1]]
        assert len(session.scalars(select(StoredFile)).all()) == 6
        assert list_file_parts(session, ben, 8) == [[]]
