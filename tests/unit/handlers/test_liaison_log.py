"""Liaison statements are dropped or pasted into the chat, seen, corrected, and logged."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.arrival import Asking
from bot.platforms.slack import modals
from handlers.line import quote
from storage.database import Database
from storage.tables import Liaison, LiaisonAddressee, LiaisonFile, LiaisonText
from tests.talk import Talk

SAMPLES = Path(__file__).parents[2] / "data" / "liaisons"
STATEMENT = """LIAISON STATEMENT SG17-LS9

Question(s): 15/17
Source: ITU-T SG17
Title: LS on the protection of key managers [reply to JCA-QKDN-LS1]
For action to: ITU-T SG13
For information to: JCA-QKDN; Quantum Guild
Approval: ITU-T SG17 meeting (Geneva, 2 September 2024)
Deadline: 1 October 2024
Contact: Kim Lee  E-mail: kim@example.org
Abstract: SG17 tells of X.1712.

SG17 is pleased to tell that X.1712 was approved on 2 August 2024.
"""
UNSURE = STATEMENT.replace(" [reply to JCA-QKDN-LS1]", "").replace("Question(s): 15/17\n", "")

ACTIONS = """3GPP TSG SA WG3 Meeting #110
Title: LS on key management
Source: SA3
To: ITU-T SG17, ITU-T SG13
Contact Person: Kim Lee

1. Overall description
SA3 asks about keys.

2. Actions
To ITU-T SG17:
ACTION: SA3 kindly asks SG17 to comment by 20 October 2024.
To ITU-T SG13:
ACTION: SA3 kindly asks SG13 to answer by 20 November 2024.
"""


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample)


async def logged(talk: Talk) -> list[Liaison]:
    """What was logged beside the sample, in order."""
    async with talk.database.reading() as session:
        return list(await session.scalars(select(Liaison).where(Liaison.logged_at.is_not(None)).order_by(Liaison.id)))


async def pastes(talk: Talk, text: str = STATEMENT) -> None:
    await talk.secretariat.says(f"liaison log {text}")


async def test_a_dropped_statement_is_shown_and_logged_with_one_press(talk: Talk) -> None:
    await talk.secretariat.drops({"ls.txt": STATEMENT.encode()})
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("Number: SG17-LS9", "Source: ITU-T SG17", "Deadline: 2024-10-01", "Nothing is done yet")
    assert not await logged(talk)
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("Logged as SG17-LS9 (ours: JCA-QKDN-IN1)")
    (one,) = await logged(talk)
    assert (one.date, one.questions, one.contact_email) == ("2024-09-02", "Q15/17", "kim@example.org")
    async with talk.database.reading() as session:
        (file,) = await session.scalars(select(LiaisonFile))
        said = await session.get_one(LiaisonText, one.id)
        names = set(await session.scalars(select(LiaisonAddressee.name).where(LiaisonAddressee.liaison_id == one.id)))
    assert (file.name, file.kind) == ("ls.txt", "statement")
    assert (said.abstract, "approved" in said.body) == ("SG17 tells of X.1712.", True)
    assert names == {"ITU-T SG13", "JCA-QKDN", "Quantum Guild"}


async def test_a_pasted_statement_is_read_as_a_file_is(talk: Talk) -> None:
    await pastes(talk)
    talk.secretariat.sees("Number: SG17-LS9")
    await talk.secretariat.presses("Log it")
    assert [one.number for one in await logged(talk)] == ["SG17-LS9"]


async def test_what_is_not_known_and_what_is_answered_is_named(talk: Talk) -> None:
    await pastes(talk)
    talk.secretariat.sees("I know no group “Quantum Guild”", "that is JCA-QKDN-LS1", "most likely so")
    talk.secretariat.sees_buttons("Change For information to", "Change In response to")


async def test_a_wrong_correction_keeps_everything_else(talk: Talk) -> None:
    await pastes(talk)
    await talk.secretariat.says("deadline='31 February 2025'")
    talk.secretariat.sees("no such day")
    await talk.secretariat.says("2024-11-05")
    talk.secretariat.sees("Deadline: 2024-11-05", "Number: SG17-LS9", "Contact's e-mail: kim@example.org")
    await talk.secretariat.presses("Log it")
    assert [one.deadline for one in await logged(talk)] == ["2024-11-05"]


async def test_the_days_of_single_groups_are_seen_and_the_others_have_the_one_that_is_typed(talk: Talk) -> None:
    await pastes(talk, ACTIONS)
    talk.secretariat.sees("Deadline: 2024-10-20", "ITU-T SG13 by 2024-11-20")
    await talk.secretariat.says("deadline=2024-10-25")
    await talk.secretariat.presses("Log it")
    async with talk.database.reading() as session:
        of_logged = LiaisonAddressee.liaison_id == (await logged(talk))[0].id
        query = select(LiaisonAddressee.name, LiaisonAddressee.due).where(of_logged)
        assert dict((await session.execute(query)).all()) == {"ITU-T SG17": "", "ITU-T SG13": "2024-11-20"}


async def test_what_is_emptied_stays_empty(talk: Talk) -> None:
    await pastes(talk, UNSURE)
    await talk.secretariat.presses("Change Number")
    await talk.secretariat.says("-")
    talk.secretariat.sees_not("SG17-LS9\n")
    await talk.secretariat.presses("Log it")
    assert [one.number for one in await logged(talk)] == ["JCA-QKDN-IN1"]


async def test_a_file_that_cannot_be_read_says_why_and_offers_the_form(talk: Talk) -> None:
    await talk.secretariat.drops({"picture.docx": b"\x89PNG\r\n\x1a\n" + bytes(100)})
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("a picture", "Source")
    await talk.secretariat.says("SG17")
    await talk.secretariat.says("LS on something")
    assert not await logged(talk)
    await talk.secretariat.presses("Log it")
    (one,) = await logged(talk)
    assert (one.source, one.title) == ("SG17", "LS on something")


async def test_slack_shows_the_filled_in_form_with_what_is_not_sure(talk: Talk) -> None:
    arrival = talk.secretariat.arrival(f"liaison log text={quote(STATEMENT)}", kind="button")
    await talk.secretariat.sends(arrival.model_copy(update={"modal": 3000}))
    asking = talk.secretariat.last
    assert isinstance(asking, Asking)
    view: Any = modals.view(arrival, asking)
    blocks = {one["block_id"]: one for one in view["blocks"] if "block_id" in one}
    assert blocks["number"]["element"]["initial_value"] == "SG17-LS9"
    assert "Quantum Guild" in blocks["for_information"]["hint"]["text"]
    assert view["submit"]["text"] == "Log it"
    await talk.secretariat.fills("liaison log", {**asking.values, "deadline": "next meeting of SG13"})
    assert [one.deadline_kind for one in await logged(talk)] == ["vague"]


async def test_an_error_in_a_form_is_shown_at_its_field(talk: Talk) -> None:
    await talk.secretariat.fills("liaison log", {"source": "SG17", "title": "LS", "contact_email": "nobody"})
    assert isinstance(talk.secretariat.last, Asking)
    assert set(talk.secretariat.last.errors) == {"contact_email"}
    assert talk.secretariat.last.values["title"] == "LS"


async def test_what_is_missing_in_a_form_is_said_at_its_field(talk: Talk) -> None:
    await talk.secretariat.fills("liaison log", {"source": "", "title": "LS"})
    assert isinstance(talk.secretariat.last, Asking)
    assert set(talk.secretariat.last.errors) == {"source"}


async def test_a_text_pasted_into_the_form_fills_it_in(talk: Talk) -> None:
    await talk.secretariat.fills("liaison log", {"text": STATEMENT, "source": "", "title": ""})
    asking = talk.secretariat.last
    assert isinstance(asking, Asking)
    assert asking.values["number"] == "SG17-LS9"
    assert not asking.errors
    assert not await logged(talk)


async def test_the_same_content_is_not_logged_twice(talk: Talk) -> None:
    for _ in range(2):
        await talk.secretariat.drops({"ls.txt": UNSURE.encode()})
        await talk.secretariat.presses("Log it")
        if talk.secretariat.is_asked:
            await talk.secretariat.presses("Log it")
    talk.secretariat.sees("logged already: SG17-LS9")
    talk.secretariat.sees_buttons("Show it")
    assert len(await logged(talk)) == 1


async def test_a_number_of_the_same_sender_is_not_logged_twice_but_the_file_can_be_added(talk: Talk) -> None:
    await pastes(talk, UNSURE)
    await talk.secretariat.presses("Log it")
    await talk.secretariat.drops({"newer.txt": f"{UNSURE}\nAnd more.".encode()})
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("SG17-LS9 of ITU-T SG17 is logged already")
    await talk.secretariat.presses("Add the file to it")
    talk.secretariat.sees("Added to SG17-LS9", "newer.txt")
    assert len(await logged(talk)) == 1


async def test_one_without_a_number_is_known_by_sender_title_and_date(talk: Talk) -> None:
    """The list of statements has it, under a number that its sender did not write."""
    text = (SAMPLES / "sg11-2025-12.txt").read_bytes()
    await talk.secretariat.drops({"sg11.txt": text})
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("SG11-2025-12 of ITU-T SG11 is logged already")
    await talk.secretariat.presses("It is another one")
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("Logged as JCA-QKDN-IN1")


async def test_what_only_seems_to_be_logged_already_is_seen_before_it_is_logged(talk: Talk) -> None:
    await pastes(talk, UNSURE)
    await talk.secretariat.presses("Log it")
    await pastes(talk, f"{UNSURE}\nAnd more.")
    await talk.secretariat.presses("It is another one")
    assert talk.secretariat.is_asked
    talk.secretariat.sees("Source: ITU-T SG17")
    await talk.secretariat.presses("Log it")
    assert [one.number for one in await logged(talk)] == ["SG17-LS9", "JCA-QKDN-IN2"]


async def test_the_file_of_a_statement_from_a_list_says_what_the_list_did_not(talk: Talk) -> None:
    text = UNSURE.replace("SG17-LS9", "SG13-LS136").replace("ITU-T SG17\n", "ITU-T SG13\n")
    await talk.secretariat.drops({"ls136.txt": text.encode()})
    await talk.secretariat.presses("Log it")
    await talk.secretariat.presses("Add the file to it")
    await talk.secretariat.says("liaison show LS136")
    talk.secretariat.sees("SG17 tells of X.1712.", "ls136.txt")


async def test_a_mail_brings_its_attachments(talk: Talk) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Kim <kim@example.org>", "jca@example.org", "LS from SG17"
    mail["Message-ID"], mail["MIME-Version"] = "<1@example.org>", "1.0"
    mail.set_content(UNSURE)
    mail.add_attachment(b"%PDF-1.7 annex", maintype="application", subtype="octet-stream", filename="annex.pdf")
    mail.add_attachment(b"MZ\x90\x00" + bytes(200), maintype="application", subtype="pdf", filename="run.exe")
    await talk.secretariat.drops({"ls.eml": mail.as_bytes()})
    await talk.secretariat.presses("Log it")
    await talk.secretariat.presses("Log it")
    async with talk.database.reading() as session:
        rows = (await session.execute(select(LiaisonFile.name, LiaisonFile.kind, LiaisonFile.media_type))).all()
    assert [(row.name, row.kind.value) for row in rows] == [("ls.eml", "statement"), ("annex.pdf", "attachment")]
    assert rows[1].media_type == "application/pdf"


async def test_what_was_dropped_with_it_is_attached(talk: Talk) -> None:
    await talk.secretariat.drops({"annex.txt": b"the annex", "ls.txt": UNSURE.encode()}, "liaison log")
    await talk.secretariat.presses("Log it")
    async with talk.database.reading() as session:
        rows = (await session.execute(select(LiaisonFile.name, LiaisonFile.kind))).all()
    assert {name: kind.value for name, kind in rows} == {"ls.txt": "statement", "annex.txt": "attachment"}


async def test_what_it_says_is_attached_and_is_not_there_is_named(talk: Talk) -> None:
    await pastes(talk, UNSURE.replace("Abstract:", "Attachments: TD77.docx\nAbstract:"))
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("did not come with it: TD77.docx")


async def test_what_we_sent_elsewhere_is_logged_as_sent(talk: Talk) -> None:
    await talk.secretariat.fills("liaison log", {"source": "JCA-QKDN", "title": "Our LS", "number": "JCA-QKDN-LS2"})
    (one,) = await logged(talk)
    assert (one.direction, one.status, one.ours) == ("outgoing", "sent", None)


async def test_only_the_secretariat_logs(talk: Talk) -> None:
    await talk.member.says("liaison log source=SG17 title=LS")
    talk.member.sees("needs the role secretariat")


async def test_who_only_says_log_is_asked_for_the_file_or_the_text_first(talk: Talk) -> None:
    await talk.secretariat.says("liaison log")
    talk.secretariat.sees("send the file here, or paste the text")
    await talk.secretariat.drops({"ls.txt": STATEMENT.encode()})
    talk.secretariat.sees("Number: SG17-LS9", "Nothing is done yet")
    await talk.secretariat.presses("Log it")
    assert [one.number for one in await logged(talk)] == ["SG17-LS9"]


async def test_a_text_pasted_as_an_answer_is_read(talk: Talk) -> None:
    await talk.secretariat.says("liaison log")
    await talk.secretariat.says(STATEMENT)
    talk.secretariat.sees("Number: SG17-LS9", "Nothing is done yet")
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("Logged as SG17-LS9")


async def test_who_has_neither_file_nor_text_fills_in_the_form(talk: Talk) -> None:
    await talk.secretariat.says("liaison log")
    await talk.secretariat.presses("Skip")
    talk.secretariat.sees("Source: the group that it is from")
    await talk.secretariat.says("SG17")
    await talk.secretariat.says("LS on something")
    await talk.secretariat.presses("Log it")
    assert [(one.source, one.title) for one in await logged(talk)] == [("SG17", "LS on something")]


async def test_nothing_at_all_is_not_logged(talk: Talk) -> None:
    await talk.secretariat.fills("liaison log", {})
    assert talk.secretariat.is_asked
    assert not await logged(talk)
