"""Questions about what meetings do: right where something is recorded, honest where nothing is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import reminders
from storage.database import Database
from storage.tables import (
    Attendance,
    DocumentVersion,
    File,
    Group,
    Meeting,
    MeetingDocument,
    MeetingNote,
    Person,
)
from storage.words import Answer, DocumentStatus, NoteKind
from tests.talk import Talk

NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture
async def recorded(sample: Database) -> Talk:
    """A talk in which something is recorded of the second, the fourth and the fifth meeting."""
    async with sample.writing() as session:
        ids = {one.number: one.id for one in await session.scalars(select(Meeting))}
        groups = {one.code: one.id for one in await session.scalars(select(Group))}
        persons = [Person(name=name, created_at=NOW) for name in ("Kim Lee", "Ana Silva", "Bo Ek")]
        session.add_all(persons)
        await session.flush()
        session.add_all(
            [
                _note(ids[4], NoteKind.DECISION, "The roadmap is published every quarter"),
                _note(ids[4], NoteKind.ACTION, "Draft the liaison statement", owner="Kim Lee"),
                _note(ids[2], NoteKind.DECISION, "Terms of reference are adopted"),
                _note(ids[2], NoteKind.ACTION, "Invite more bodies", owner="Ana Silva", done=True),
                *(_there(ids[2], one.id) for one in persons[:2]),
                _coming(ids[5], persons[0].id, Answer.YES),
                _coming(ids[5], persons[2].id, Answer.NO),
            ]
        )
        papers = (
            (68, ids[5], "Overlaps in key management", "ETSI ISG QKD", groups["ISG QKD"], DocumentStatus.RECEIVED),
            (66, ids[4], "A view on certification", "SG17", groups["SG17"], DocumentStatus.DEFERRED),
        )
        for paper in papers:
            await _paper(session, *paper)
        meeting = (await session.scalars(select(Meeting).where(Meeting.number == 5))).one()
        await reminders.replan(session, meeting, NOW)
    return Talk(sample, chores=())


def _note(meeting: int, kind: NoteKind, text: str, owner: str = "", *, done: bool = False) -> MeetingNote:
    done_at = NOW if done else None
    return MeetingNote(meeting_id=meeting, kind=kind, text=text, owner=owner, due="", noted_at=NOW, done_at=done_at)


def _there(meeting: int, person: int) -> Attendance:
    return Attendance(meeting_id=meeting, person_id=person, attended=True)


def _coming(meeting: int, person: int, answer: Answer) -> Attendance:
    return Attendance(meeting_id=meeting, person_id=person, answer=answer, answered_at=NOW)


async def _paper(
    session: AsyncSession, number: int, meeting: int, title: str, source: str, group: int, status: DocumentStatus
) -> None:
    session.add(File(digest=f"{number:064}", size=1, content=b"x", kept_at=NOW))
    document = MeetingDocument(
        number=number,
        meeting_id=meeting,
        title=title,
        source=source,
        group_id=group,
        status=status,
        submitted_at=NOW,
    )
    session.add(document)
    await session.flush()
    session.add(
        DocumentVersion(
            document_id=document.id,
            version=1,
            name="paper.pdf",
            media_type="application/pdf",
            size=1,
            digest=f"{number:064}",
            submitted_at=NOW,
        )
    )
    await session.flush()


ANSWERS = [
    ("when do we meet next?", "Fifth meeting"),
    ("what was decided in Singapore?", "The roadmap is published every quarter"),
    ("what did we decide in Singapore?", "The roadmap is published every quarter"),
    ("decisions of the fourth meeting", "The roadmap is published every quarter"),
    ("which decisions were taken at meeting 4?", "The roadmap is published every quarter"),
    ("what came out of the second meeting?", "Terms of reference are adopted"),
    ("what are the outcomes of the Singapore meeting?", "The roadmap is published every quarter"),
    ("what was agreed in Geneva?", "Its report is Doc. 18"),
    ("list all decisions so far", "Terms of reference are adopted"),
    ("what was concluded at the last meeting?", "The roadmap is published every quarter"),
    ("did we decide anything in December 2023?", "Its report is Doc. 52"),
    ("what are the open actions?", "Draft the liaison statement (Kim Lee)"),
    ("action items of meeting 4", "Draft the liaison statement"),
    ("what is still to be done after the fourth meeting?", "Draft the liaison statement"),
    ("who has to do what since the last meeting?", "Draft the liaison statement"),
    ("show me the minutes of meeting 2", "Invite more bodies"),
    ("which documents came from ETSI?", "Doc. 68 Overlaps in key management"),
    ("which documents were submitted for meeting 5?", "Doc. 68"),
    ("what did ETSI submit?", "Doc. 68"),
    ("list the contributions to the fifth meeting", "Doc. 68"),
    ("how many documents are there for the next meeting?", "2 documents"),
    ("what is Doc. 68?", "Overlaps in key management"),
    ("did anything come from ETSI for the next meeting?", "Doc. 68"),
    ("which contributions came from SG17?", "Doc. 66"),
    ("which documents came from SG13?", "No document from SG13"),
    ("who attended the second meeting?", "Ana Silva, Kim Lee"),
    ("how many people attended the second meeting?", "2 people were there"),
    ("list of participants of meeting 2", "Ana Silva"),
    ("who was at the first meeting?", "not recorded here"),
    ("who came to Singapore?", "not recorded here"),
    ("who will come to the next meeting?", "1 will come"),
    ("who said yes to the fifth meeting?", "1 will come"),
    ("what is deferred?", "Doc. 66 A view on certification"),
    ("which documents are deferred?", "Doc. 66"),
    ("what was deferred to the next meeting?", "Doc. 66"),
    ("is anything deferred?", "1 deferred document"),
    ("show me the agenda", "Agenda of Fifth meeting"),
    ("what is on the agenda of the fifth meeting?", "Overlaps in key management"),
    ("what will we discuss next time?", "Agenda of Fifth meeting"),
    ("when is the deadline for documents?", "No deadline for documents is set"),
    ("where do we meet next time?", "Fifth meeting"),
    ("Which decisions have been made so far?", "Terms of reference"),
    ("any resolutions from the Singapore meeting?", "every quarter"),
    ("tell me what meeting 2 decided", "Terms of reference"),
    ("What did the JCA decide in May 2024?", "every quarter"),
    ("was anything decided in 2023?", "Terms of reference"),
    ("What was the result of the fourth meeting?", "every quarter"),
    ("decisions 2024", "every quarter"),
    ("What are my action items?", "Draft the liaison"),
    ("Is there anything left to do?", "Draft the liaison"),
    ("Which tasks are still open from meeting 4?", "Draft the liaison"),
    ("What papers do we have for the next meeting?", "Doc. 68"),
    ("Has SG17 sent anything for the meeting?", "Doc. 66"),
    ("Which groups submitted documents for meeting 5?", "ETSI"),
    ("Show documents of the fourth meeting", "Doc. 66"),
    ("who sent in Doc. 68?", "ETSI"),
    ("Are there documents from ETSI for meeting 5?", "Doc. 68"),
    ("Who participated in meeting 2?", "Kim Lee"),
    ("Was Kim Lee at the second meeting?", "Kim Lee"),
    ("Who all was there in June 2023?", "Kim Lee"),
    ("How many will attend the next meeting?", "1"),
    ("are many people coming to the next meeting?", "1 will come"),
    ("what got deferred in Singapore?", "Doc. 66"),
    ("Which items were put off to the next meeting?", "Doc. 66"),
    ("What has been deferred?", "Doc. 66"),
    ("What's on the agenda?", "Agenda of Fifth"),
    ("agenda please", "Agenda of Fifth"),
    ("Can I see the draft agenda of meeting 5?", "Agenda of Fifth"),
    ("What is meeting 5 about?", "Fifth"),
    ("What topics will be discussed at the next meeting?", "Agenda of Fifth"),
    ("By when do I have to submit my contribution?", "No deadline"),
    ("next meeting date", "Fifth"),
]


async def test_what_is_recorded_is_answered(recorded: Talk) -> None:
    wrong = []
    for question, wanted in ANSWERS:
        await recorded.member.says(question)
        if wanted not in recorded.member.seen:
            wrong.append(f"{question}: {recorded.member.seen}")
    assert not wrong, "\n".join(wrong)


HONEST = [
    ("what was decided in Singapore?", "none were noted here. Its report is Doc. 67"),
    ("which documents came from ETSI?", "No document from ETSI is recorded here for any meeting"),
    ("who attended the second meeting?", "Who was there is not recorded here"),
    ("what is deferred?", "Nothing is deferred"),
    ("what are the open actions?", "No open actions are noted here"),
    ("who comes to the next meeting?", "Fifth meeting"),
    ("what was decided at meeting 99?", "I know of no such meeting"),
    *((f"what was decided at meeting {number}?", "none were noted here") for number in (1, 2, 3, 4)),
    *((f"what was decided at meeting {number}?", "it is tentative") for number in (5, 6)),
]


async def test_what_is_not_recorded_is_said_to_be_so(talk: Talk) -> None:
    wrong = []
    for question, wanted in HONEST:
        await talk.member.says(question)
        if wanted not in talk.member.seen:
            wrong.append(f"{question}: {talk.member.seen}")
    assert not wrong, "\n".join(wrong)


async def test_names_are_said_in_private_alone(recorded: Talk) -> None:
    await recorded.member.says("who attended the second meeting?", channel=True)
    recorded.member.sees("2 people were there")
    recorded.member.sees_not("Kim Lee")


async def test_a_guest_sees_neither_names_nor_notes_nor_documents(recorded: Talk) -> None:
    for question in ("who attended the second meeting?", "what was decided in Singapore?", "what is Doc. 68?"):
        await recorded.guest.says(question)
        recorded.guest.sees_not("Kim Lee", "every quarter", "Overlaps")


async def test_who_will_come_is_for_the_secretariat_by_name(recorded: Talk) -> None:
    await recorded.member.says("who will come to the next meeting?")
    recorded.member.sees_not("Kim Lee")
    await recorded.secretariat.says("who will come to the next meeting?")
    recorded.secretariat.sees("1 will come: Kim Lee", "1 cannot: Bo Ek")


@pytest.mark.parametrize(
    "question",
    [
        "anything that came from etsi",
        "what came out of ETSI in 2024?",
        "documents from SG13",
        "which Recommendations were agreed in 2023?",
        "How many reports came from FG-QIT4N?",
    ],
)
async def test_what_is_of_the_roadmap_stays_there(recorded: Talk, question: str) -> None:
    await recorded.member.says(question)
    recorded.member.sees_not("Doc. 68", "recorded here", "noted here")
