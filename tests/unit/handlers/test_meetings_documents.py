"""Documents of meetings: dropped into the chat, numbered, versioned, reviewed, deferred, and served back."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot import dispatch
from storage.database import Database
from storage.tables import Account, AuditEntry, DocumentVersion, Drop, MeetingDocument, Representative
from tests.talk import Talk, Voice

PDF = b"%PDF-1.7 overlaps in key management"
NEWER = b"%PDF-1.7 overlaps in key management, revised"
PLAN = "meeting plan 'Seventh meeting' '2027-03-18 14:00' Geneva"
SUBMIT = "document submit title='Overlaps in key management' meeting=7"


@pytest.fixture
async def talk(sample: Database) -> Talk:
    """The member represents SG13, the colleague ISG QKD, and a seventh meeting is planned."""
    return await planned(Talk(sample, has_mail=True))


async def planned(talk: Talk) -> Talk:
    await represents(talk, talk.member, "SG13")
    await represents(talk, talk.colleague, "ISG-QKD")
    await talk.secretariat.says(PLAN)
    return talk


async def represents(talk: Talk, voice: Voice, group: str) -> None:
    name = voice.account.capitalize()
    line = (
        f"register {group} representative name='{name}' email={voice.account}@example.org affiliation=none since=none"
    )
    await voice.says(line, kind="button")
    async with talk.database.reading() as session:
        number = max(await session.scalars(select(Representative.id)))
    await talk.secretariat.says(f"representative confirm {number}")


async def submitted(talk: Talk, content: bytes = PDF, name: str = "report.pdf") -> None:
    await talk.member.drops({name: content}, SUBMIT)


async def numbers(talk: Talk) -> list[int]:
    async with talk.database.reading() as session:
        return list(await session.scalars(select(MeetingDocument.number).order_by(MeetingDocument.number)))


async def test_a_representative_drops_a_file_and_it_is_numbered_after_the_last_known_one(talk: Talk) -> None:
    await submitted(talk)
    talk.member.sees("It is Doc. 68, Overlaps in key management (SG13), for Seventh meeting")
    talk.member.sees("JCA-QKDN-Doc-068v1.pdf")
    await talk.member.presses("Show it")
    talk.member.sees("Doc. 68: Overlaps in key management", "From SG13 for meeting 7", "Version 1")
    (file,) = talk.member.message.attachments
    assert (file.name, file.content) == ("JCA-QKDN-Doc-068v1.pdf", PDF)


async def test_a_document_without_a_meeting_is_for_the_next_one(talk: Talk) -> None:
    await talk.secretariat.says("meeting plan 'Sooner' '2024-09-20 14:00'")
    await talk.member.drops({"report.pdf": PDF}, "document submit title=Overlaps")
    talk.member.sees("for Sooner")


async def test_a_file_that_is_dropped_alone_is_asked_for_its_title(talk: Talk) -> None:
    await talk.member.drops({"report.pdf": PDF})
    await talk.member.presses("Document submit")
    assert talk.member.is_asked
    await talk.member.says("Overlaps in key management")
    talk.member.sees("Doc. 68")


async def test_the_secretariat_is_told_of_a_document(talk: Talk) -> None:
    await submitted(talk)
    talk.secretariat.is_told("Doc. 68 came for meeting 7: Overlaps in key management (SG13)")
    await talk.secretariat.presses("Put it on the agenda", of=talk.secretariat.told[-1])
    assert talk.secretariat.is_asked


async def test_the_same_file_again_is_the_same_document(talk: Talk) -> None:
    await submitted(talk)
    await submitted(talk, name="again.pdf")
    talk.member.sees("That is Doc. 68 already")
    await talk.colleague.drops({"mine.pdf": PDF}, SUBMIT)
    talk.colleague.sees("That is Doc. 68 already")
    assert await numbers(talk) == [68]


async def test_a_new_file_for_ones_own_document_is_its_next_version(talk: Talk) -> None:
    await submitted(talk)
    await talk.member.drops({"report-final.PDF": NEWER}, "document replace 68")
    talk.member.sees("has version 2 now", "JCA-QKDN-Doc-068v2.pdf")
    await talk.member.says("document show 68")
    assert talk.member.message.attachments[0].content == NEWER
    await submitted(talk, PDF)
    talk.member.sees("That is Doc. 68 already, in its version 1 of 2")


async def test_a_reviewed_document_that_is_replaced_is_looked_at_again(talk: Talk) -> None:
    await submitted(talk)
    await talk.secretariat.says("document review 68")
    talk.secretariat.sees("reviewed")
    await talk.member.drops({"report.pdf": NEWER}, "document replace 68")
    await talk.member.says("document show 68")
    talk.member.sees("Received", "Version 2")


async def test_somebody_elses_document_is_not_replaced(talk: Talk) -> None:
    await submitted(talk)
    await talk.colleague.drops({"other.pdf": NEWER}, "document replace 68")
    talk.colleague.sees("Doc. 68 is from SG13")


async def test_only_representatives_send_documents_and_from_their_own_group(talk: Talk) -> None:
    await talk.guest.drops({"report.pdf": PDF}, SUBMIT)
    talk.guest.sees_not("Doc. 68")
    await talk.member.drops({"report.pdf": PDF}, f"{SUBMIT} source=SG17")
    talk.member.sees("Nothing fits “SG17”")
    assert await numbers(talk) == []


async def test_who_represents_several_groups_says_which(talk: Talk) -> None:
    await represents(talk, talk.member, "SG17")
    await talk.member.drops({"report.pdf": PDF}, SUBMIT)
    talk.member.sees("the group that it is from")
    await talk.member.presses("SG17 (ITU-T)")
    talk.member.sees("Doc. 68", "(SG17)")


async def test_the_secretariat_submits_for_any_source(talk: Talk) -> None:
    await talk.secretariat.drops({"report.pdf": PDF}, SUBMIT)
    talk.secretariat.sees("(JCA-QKDN)")
    await talk.secretariat.drops({"other.pdf": NEWER}, f"{SUBMIT} source='Example Institute'")
    talk.secretariat.sees("Doc. 69", "(Example Institute)")


async def test_a_document_that_comes_late_is_taken_and_said_to_be_late(talk: Talk) -> None:
    await talk.secretariat.says("meeting change 7 documents_due=2024-09-02")
    await submitted(talk)
    talk.member.sees_not("after the deadline")
    talk.clock.now = talk.clock.now.replace(day=3)
    await talk.member.drops({"late.pdf": NEWER}, SUBMIT)
    talk.member.sees("It came after the deadline")


async def test_a_program_and_an_empty_file_become_no_documents(talk: Talk) -> None:
    await talk.member.drops({"report.pdf": b""}, SUBMIT)
    await talk.member.drops({"report.exe": b"\x7fELF\x02\x01\x01"}, SUBMIT)
    assert await numbers(talk) == []
    await submitted(talk)
    assert await numbers(talk) == [68]


async def test_a_name_in_any_script_is_served_under_a_stable_one(talk: Talk) -> None:
    await submitted(talk, name="양자 키 분배.pdf")
    talk.member.sees("JCA-QKDN-Doc-068v1.pdf")


async def test_a_file_of_twenty_megabytes_is_taken_and_served_back(talk: Talk) -> None:
    content = PDF + b"0" * (20 * 1024 * 1024 - len(PDF))
    await submitted(talk, content)
    await talk.member.says("document show 68")
    assert len(talk.member.message.attachments[0].content) == len(content)


async def test_two_files_in_one_are_asked_for_one_by_one(talk: Talk) -> None:
    await talk.member.drops({"one.pdf": PDF, "two.pdf": NEWER}, SUBMIT)
    talk.member.sees("A document is one file")


async def test_a_deferred_document_waits_for_the_next_meeting(talk: Talk) -> None:
    await submitted(talk)
    await talk.secretariat.says("meeting plan 'Eighth meeting' '2027-09-18 14:00'")
    await talk.secretariat.says("document defer 68 to=8")
    talk.secretariat.sees("Doc. 68", "deferred to meeting 8")
    talk.member.is_told("Your Doc. 68", "deferred to meeting 8")
    await talk.member.says("meeting agenda 8")
    talk.member.sees("Deferred from before", "Doc. 68", "from meeting 7")
    await talk.member.says("meeting agenda 7")
    talk.member.sees_not("Doc. 68")
    await talk.secretariat.says("document review 68")
    await talk.member.says("meeting agenda 8")
    talk.member.sees("Doc. 68", "from meeting 7, reviewed")
    await talk.member.says("meeting agenda 7")
    talk.member.sees_not("Doc. 68")
    await talk.member.says("document list 7")
    talk.member.sees("Doc. 68", "reviewed")


async def test_a_document_is_not_deferred_to_a_meeting_that_should_have_been_long_ago(talk: Talk) -> None:
    talk.clock.now = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
    await submitted(talk)
    await talk.secretariat.says("document defer 68")
    talk.secretariat.sees("Doc. 68", "deferred to the next meeting")
    await talk.secretariat.says("meeting plan 'Eighth meeting' 2027-06-10 Geneva")
    await talk.secretariat.says("what is deferred?")
    talk.secretariat.sees("deferred to the next meeting; it came for meeting 7")
    await talk.secretariat.says("document receive 68")
    await talk.secretariat.says("document defer 68")
    talk.secretariat.sees("deferred to meeting 8")


async def test_what_was_said_of_a_document_by_mistake_is_taken_back(talk: Talk) -> None:
    await submitted(talk)
    for line in ("document review 68", "document defer 68"):
        await talk.secretariat.says(line)
        await talk.secretariat.presses("Take it back")
        talk.secretariat.sees("Doc. 68", "received")
        await talk.member.says("meeting agenda 7")
        talk.member.sees("Documents for this meeting", "Doc. 68")
    await talk.secretariat.says("document receive 68")
    talk.secretariat.sees("Doc. 68 is received already")


async def test_what_came_for_a_cancelled_meeting_waits_for_the_next_one(talk: Talk) -> None:
    await submitted(talk)
    await talk.secretariat.says("meeting cancel 7 ill")
    await talk.member.says("document list status=deferred")
    talk.member.sees("1 deferred document", "Doc. 68")
    await talk.secretariat.says("meeting plan 'Eighth meeting' '2024-09-18 14:00'")
    await talk.member.says("meeting agenda 8")
    talk.member.sees("Doc. 68", "from meeting 7")


async def test_what_is_reviewed_already_is_said_to_be_so(talk: Talk) -> None:
    await submitted(talk)
    await talk.secretariat.says("document review 68")
    await talk.secretariat.says("document review 68")
    talk.secretariat.sees("Doc. 68 is reviewed already")


async def test_the_documents_of_a_meeting_are_listed(talk: Talk) -> None:
    await talk.member.says("document list 7")
    talk.member.sees("There is no document for meeting 7")
    await submitted(talk)
    await talk.member.says("document list 7")
    talk.member.sees("1 document for meeting 7", "Doc. 68 Overlaps in key management (SG13), received")
    await talk.member.says("document show 99")
    talk.member.sees("I have no Doc. 99")


async def test_a_thousand_documents_are_listed_by_pages(talk: Talk) -> None:
    for count in range(12):
        await submitted(talk, PDF + str(count).encode())
    await talk.member.says("document list 7")
    talk.member.sees("12 documents")
    talk.member.sees_not("Doc. 79")
    await talk.member.presses("More")
    talk.member.sees("Doc. 79")


async def test_two_who_submit_at_once_get_two_numbers(talk: Talk) -> None:
    await dropped_at_once(talk, PDF, NEWER)
    assert await numbers(talk) == [68, 69]
    seen = talk.member.seen + talk.colleague.seen
    assert "Doc. 68" in seen
    assert "Doc. 69" in seen


async def test_of_two_who_submit_one_file_at_once_one_is_told_that_it_is_there(talk: Talk) -> None:
    await dropped_at_once(talk, PDF, PDF)
    assert await numbers(talk) == [68]
    assert sorted("already" in one.seen for one in (talk.member, talk.colleague)) == [False, True]
    await talk.member.drops({"next.pdf": NEWER}, SUBMIT)
    assert await numbers(talk) == [68, 69]


async def test_two_versions_at_once_are_two_versions(talk: Talk) -> None:
    await submitted(talk)
    await dropped_at_once(talk, NEWER, NEWER + b"!", "document replace 68", voices=(talk.member, talk.secretariat))
    async with talk.database.reading() as session:
        versions = list(await session.scalars(select(DocumentVersion.version).order_by(DocumentVersion.version)))
    assert versions == [1, 2, 3]


async def test_documents_are_in_the_audit_trail(talk: Talk) -> None:
    await submitted(talk)
    await talk.member.drops({"report.pdf": NEWER}, "document replace 68")
    await talk.secretariat.says("document defer 68")
    async with talk.database.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.subject == "document", AuditEntry.subject_id == "68")
        assert list(await session.scalars(query.order_by(AuditEntry.id))) == ["submit", "replace", "defer"]


async def dropped_at_once(
    talk: Talk, one: bytes, other: bytes, line: str = SUBMIT, voices: tuple[Voice, Voice] | None = None
) -> None:
    """Two people send a file at the same time, each to a replica of their own."""
    first, second = voices or (talk.member, talk.colleague)
    for voice, content in ((first, one), (second, other)):
        await voice.drops({"report.pdf": content})
    async with talk.database.reading() as session:
        rows = await session.execute(
            select(Account.external_id, Drop.id).join(Account, Account.id == Drop.account_id).order_by(Drop.id)
        )
        files = {row.external_id: row.id for row in rows}
    desks = [talk.new_desk(), talk.new_desk()]
    arrivals = [one.arrival(f"{line} file={files[one.account]}", kind="button") for one in (first, second)]
    await asyncio.gather(*(desk.receive(arrival) for desk, arrival in zip(desks, arrivals, strict=True)))
    await talk.settles(*desks)


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram takes files of up to ten bytes."""
    monkeypatch.setattr(dispatch, "most_sent", {"telegram": 10}.get)


@pytest.mark.usefixtures("tight")
async def test_a_file_that_the_platform_does_not_take_is_said_to_lie_elsewhere(talk: Talk) -> None:
    await submitted(talk)
    await talk.colleague.says("document show 68")
    talk.colleague.sees(
        "JCA-QKDN-Doc-068v1.pdf is larger than Telegram takes", "document show 68", "ask the secretariat"
    )
    assert not talk.colleague.message.attachments
    await talk.member.says("document show 68")
    assert talk.member.message.attachments


@pytest.mark.usefixtures("tight")
async def test_where_the_bot_is_on_the_web_it_gives_the_address_of_such_a_file(sample: Database) -> None:
    talk = await planned(Talk(sample, has_mail=True, public_url="https://bot.example.org/jca"))
    await submitted(talk)
    seen = []
    for _ in range(2):
        await talk.colleague.says("document show 68")
        talk.colleague.sees("It is larger than Telegram takes. Fetch it here: JCA-QKDN-Doc-068v1.pdf")
        seen += re.findall(r"\((https://\S+)\)", talk.colleague.message.markdown)
    assert re.fullmatch(r"https://bot\.example\.org/jca/files/[\w-]{32}/JCA-QKDN-Doc-068v1\.pdf", seen[0])
    assert seen[0] == seen[1]
