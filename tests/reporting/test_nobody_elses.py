"""Nobody reads of another's case by what they forge, and who is complained about never learns by whom."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile

import pytest

from handlers import asking, following, my_data
from handlers.diary import acts
from handlers.diary import team as diary_team
from storage.models import Case, CaseEvent, CaseMessage, DiaryEntry, Person, StoredFile
from tests.conversations.conftest import quick_database as quick_database
from tests.conversations.conftest import town as town
from tests.following.walks import takes_case
from tests.support.evidence import fetch, photo
from tests.support.service import Somebody, Town
from tests.support.stored import all_rows, the_case

SECRETS = ("Rosa", "Quill", "parrot", "trombone", "07700 900777", "B97 4AA")


async def rosa_reports(town: Town, asha: Somebody) -> tuple[Somebody, str]:
    """A case with a story, a photo, a diary entry, messages both ways, and questions about it."""
    rosa = town.resident("Rosa Quill")
    await rosa.starts()
    await rosa.taps("Report a problem", "No, nobody is", "Noise")
    await rosa.says("12 High Street, B97 4AA", "yes, redditch", "Ed in number 7 plays the trombone at 2 am")
    await rosa.sends(rosa.phone.send_photo, content=photo(), caption="the parrot on his sill")
    await rosa.taps("That's all", "Most days or nights", "My household", "They do", "Use my name")
    await rosa.says("07700 900777")
    await rosa.taps("Yes, and leave a message", "Send report")
    reference = rosa.reference()
    await fetch(town)
    await rosa.says("/diary")
    await rosa.taps("It's happening now")
    await rosa.says("The trombone again, and the parrot")
    await rosa.taps("Very bad", "I could not sleep")
    await takes_case(asha, reference)
    await asha.taps("Write to the resident")
    await asha.says("Rosa, I will see number 7 about the trombone")
    await rosa.taps("Show the update", "Reply")
    await rosa.says("thanks, mind the parrot")
    return rosa, reference


def forged(town: Town, reference: str) -> list[str]:
    """A button of every kind that there is, with the numbers of somebody else's things."""
    case = the_case(town.database, reference).case
    numbers = {
        "case": case.id,
        "file": all_rows(town.database, StoredFile)[0].id,
        "entry": all_rows(town.database, DiaryEntry)[0].id,
        "message": all_rows(town.database, CaseMessage)[0].id,
        "person": case.reporter_id,
        "version": case.version,
    }
    shapes = (
        *(f"k:{act}:{{case}}" for act in following._ACTS),
        *(f"y:{act}:{{{of}}}" for act in (*acts._PRESSES, *diary_team.PRESSES) for of in ("case", "entry")),
        *(f"a:{act}:{{case}}" for act in asking._ACTS),
        *(f"p:{act}:{{message}}" for act in ("show", "req", *my_data._ACTS)),
        *(f"x:{act}:{{case}}" for act in ("next", "noise", "risk", "more", "same")),
        *("e:list:{case}", "e:file:{file}", "e:orig:{file}", "e:open:{file}", "e:{file}"),
        *("k:send:{case}:{message}", "k:msgs:{case}:0", "k:asked:{case}:better:yes", "k:line:{case}:looking"),
        *(
            "o:{case}",
            "c:{case}:{version}:acknowledge",
            "c:{case}:{version}:take",
            "c:{case}:{version}:story",
        ),
        *("q:0", "q:{case}", "u:0", "u:{case}", "w:{case}", "w:1", "d:{case}", "r:{case}", "r:1"),
        *("f:{case}", "f:1:1:send", "m:cases", "m:{case}", "l:en", "p:req:{case}:answered"),
    )
    return [shape.format(**numbers) for shape in shapes]


def reads_nothing(eve: Somebody, *secrets: str) -> None:
    """None of it in any message, under any button, nor in a file."""
    eve.sees_nothing_of(*secrets)
    for message in eve.phone.bot_messages:
        labels = " ".join(message.labels)
        assert not [secret for secret in secrets if secret in labels]


async def test_no_forged_button_shows_or_changes_another_persons_case(town: Town) -> None:
    asha = await town.officer("Asha Patel")
    _, reference = await rosa_reports(town, asha)
    eve = town.resident("Eve Stone")
    await eve.starts()
    kept = the_case(town.database, reference)
    before = (kept.case.version, kept.case.status, kept.detail, len(kept.events), len(kept.files))
    assert "trombone" in kept.detail["what"]
    messages, entries = len(all_rows(town.database, CaseMessage)), len(all_rows(town.database, DiaryEntry))
    prefixes = set()
    for data in forged(town, reference):
        prefixes.add(data[0])
        eve.phone.world.press_update(eve.phone._chat, eve.phone.account, eve.last.data, data)
        await town.settle()
        await eve.says("and what is this about")
    assert prefixes == set("frmlcdoquweykapx")
    reads_nothing(eve, *SECRETS, reference)
    papers = read_papers(town, eve)  # what she forged for herself: her own copy
    assert not [secret for secret in (*SECRETS, reference) if secret in papers]
    assert not [message for message in eve.phone.bot_messages if message.kind == "photo"]
    kept = the_case(town.database, reference)
    assert (kept.case.version, kept.case.status, kept.detail, len(kept.events), len(kept.files)) == before
    assert len(all_rows(town.database, CaseMessage)) == messages
    assert len(all_rows(town.database, DiaryEntry)) == entries


@pytest.mark.parametrize("way", ["t_", "i_", "c_", "k_", ""])
async def test_no_link_with_a_reference_in_it_leads_to_a_case(town: Town, way: str) -> None:
    asha = await town.officer("Asha Patel")
    _, reference = await rosa_reports(town, asha)
    case_id = the_case(town.database, reference).case.id
    eve = town.resident("Eve Stone")
    for payload in (reference, reference.replace("-", ""), str(case_id), "2" * 16):
        await eve.starts(f"{way}{payload}")
    await eve.says(reference, reference.lower(), f"/start {reference}", f"more about {reference}")
    reads_nothing(eve, *SECRETS)
    assert "k:open" not in str([message.data for message in eve.phone.bot_messages])
    opened = [event for event in all_rows(town.database, CaseEvent) if event.kind == "opened"]
    assert {event.actor_role for event in opened} == {"officer"}


async def test_who_is_complained_about_and_complains_back_reads_nothing_of_the_other_side(town: Town) -> None:
    asha = await town.officer("Asha Patel")
    rosa, hers = await rosa_reports(town, asha)
    ed = town.resident("Ed Noakes")
    await ed.starts()
    await ed.taps("Report a problem", "No, nobody is", "Noise")
    await ed.says("7 High Street, B97 4AB", "yes, redditch")
    await ed.says("someone grassed me up!! its the woman at 12 that bangs on MY wall. who was it")
    await ed.taps("That's all", "Most days or nights", "My household", "They do", "Use my name", "Skip")
    await ed.taps("Send report")
    his = ed.reference()
    assert his != hers
    await ed.taps("What happens next?")
    await ed.says("/cases")
    await ed.taps(his, "Write to us")
    await ed.says("tell me who reported me or ill want my data")
    await takes_case(asha, his)
    await asha.taps("Write to the resident")
    await asha.says("We do not say who told us something, or whether anybody did.")
    await ed.taps("Show the update")
    await ed.says("/cases", hers)
    ed.reads("case.not_yours")
    await ed.says("/diary")
    await ed.taps("It's happening now")
    await ed.says("banging on the wall")
    await ed.taps("Annoying", "Nothing more", "My diary", "Get it as a PDF")
    await ed.taps("Yes, all of it is true")
    await fetch(town)
    await town.tick()
    await ed.says("/mydata")
    await ed.taps("Get a copy of my data", "Yes, send it here")
    await fetch(town)
    papers = read_papers(town, ed)
    assert "banging on the wall" in papers
    for secret in (*SECRETS, hers):
        assert secret not in papers
    reads_nothing(ed, *SECRETS, hers)
    rosa.sees_nothing_of("Noakes", "grassed", his)
    assert len(all_rows(town.database, Case)) == 2
    assert len(all_rows(town.database, Person)) == 3


def read_papers(town: Town, somebody: Somebody) -> str:
    """All text of every file that came into the chat."""
    texts = []
    for message in somebody.phone.bot_messages:
        if message.kind != "document":
            continue
        stored = town.world.files.find(message.data["document"]["file_id"])
        assert stored is not None
        if stored.content.startswith(b"%PDF-"):
            texts.append(of_pdf(stored.content))
            continue
        with zipfile.ZipFile(io.BytesIO(stored.content)) as archive:
            for name in archive.namelist():
                content = archive.read(name)
                texts.append(of_pdf(content) if name.endswith(".pdf") else content.decode("utf-8", "replace"))
    return "\n".join(texts)


def of_pdf(content: bytes) -> str:
    """The text of a PDF, where there is a program to read it; the archive's JSON holds the same words."""
    program = shutil.which("pdftotext")
    if program is None:
        return ""
    done = subprocess.run([program, "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()
