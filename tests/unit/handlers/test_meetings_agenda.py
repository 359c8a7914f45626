"""The agenda that makes itself, the minutes, and who comes to a meeting."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.tables import AuditEntry
from tests.talk import Talk
from tests.unit.handlers.test_meetings_documents import NEWER, PDF, PLAN, represents
from tests.unit.handlers.test_meetings_life import at_once

ADD = "meeting agenda add 7"
DURING = datetime(2027, 3, 18, 14, 0, tzinfo=UTC)


@pytest.fixture
async def talk(sample: Database) -> Talk:
    talk = Talk(sample, has_mail=True)
    await talk.secretariat.says(PLAN)
    return talk


async def test_what_stands_on_every_agenda_is_on_a_new_one(talk: Talk) -> None:
    await talk.guest.says("meeting agenda 7")
    talk.guest.sees("Approval of the agenda", "Report of Fourth meeting of JCA-QKDN: Doc. 67")


async def test_points_are_added_moved_and_taken_off(talk: Talk) -> None:
    await talk.secretariat.says(f"{ADD} title='Overlaps in key management' presenter='Kim Lee'")
    await talk.secretariat.says(f"{ADD} title='Any other business'")
    talk.secretariat.sees("3. Overlaps in key management (Kim Lee)", "4. Any other business")
    await talk.secretariat.says("meeting agenda move 7 4 3")
    talk.secretariat.sees("3. Any other business", "4. Overlaps in key management")
    await talk.secretariat.says(f"{ADD} Liaisons at=4")
    talk.secretariat.sees("3. Any other business", "4. Liaisons", "5. Overlaps")
    await talk.secretariat.says("meeting agenda remove 7 5")
    talk.secretariat.sees("is off the agenda")
    talk.secretariat.sees_not("5. Overlaps")
    await talk.secretariat.presses("Put it back")
    talk.secretariat.sees("5. Overlaps in key management (Kim Lee)")


async def test_what_stands_on_every_agenda_stays_there(talk: Talk) -> None:
    await talk.secretariat.says("meeting agenda remove 7 1")
    talk.secretariat.sees("Point 1 stands on every agenda")
    await talk.secretariat.says("meeting agenda move 7 9 1")
    talk.secretariat.sees("The agenda has no point 9")


async def test_documents_appear_by_themselves_until_a_point_names_them(talk: Talk) -> None:
    await represents(talk, talk.member, "SG13")
    await talk.member.drops({"report.pdf": PDF}, "document submit title='Overlaps' meeting=7")
    await talk.member.says("meeting agenda 7")
    talk.member.sees("Documents for this meeting", "Doc. 68 Overlaps (SG13)")
    await talk.secretariat.says(f"{ADD} title='Key management' documents=68")
    talk.secretariat.sees("Key management: Doc. 68")
    talk.secretariat.sees_not("Documents for this meeting")
    await talk.secretariat.says(f"{ADD} title=Others documents=99")
    talk.secretariat.sees("I have no Doc. 99")


async def test_the_agenda_of_a_meeting_that_is_over_stays(talk: Talk) -> None:
    await talk.secretariat.says(f"{ADD} 'Any other business'")
    await talk.secretariat.says("meeting cancel 7 ill")
    await talk.secretariat.says(f"{ADD} 'One more'")
    talk.secretariat.sees("Meeting 7 is cancelled")


async def test_actions_and_documents_on_the_agenda_are_for_members(talk: Talk) -> None:
    await talk.secretariat.drops({"paper.txt": b"Overlaps"}, "document submit 'Overlaps' meeting=7")
    await talk.secretariat.says("meeting note 4 action 'Write it' owner='Kim Lee'")
    for line in ("meeting agenda 7", "show me the agenda of meeting 7"):
        await talk.member.says(line)
        talk.member.sees("Write it (Kim Lee)", "Doc. 68 Overlaps")
        await talk.guest.says(line)
        talk.guest.sees("Approval of the agenda", "Actions from before: 1")
        talk.guest.sees_not("Kim Lee", "Overlaps", "Documents")
        assert [one.label for one in talk.guest.message.buttons] == ["The meeting"]


@pytest.mark.parametrize(
    "question", ["which documents came from SG13?", "when are documents due?", "what is deferred?"]
)
async def test_a_guest_is_not_offered_the_documents(talk: Talk, question: str) -> None:
    await talk.guest.says(question)
    assert not [one for one in talk.guest.message.buttons if one.command.startswith("document")]


async def test_an_agenda_without_a_number_is_that_of_the_next_meeting(talk: Talk) -> None:
    await talk.secretariat.says("meeting plan Sooner '2024-09-20 14:00'")
    await talk.member.says("meeting agenda")
    talk.member.sees("Agenda of Sooner")


async def test_two_points_at_once_are_both_there(talk: Talk) -> None:
    await at_once(talk, (talk.secretariat, f"{ADD} One"), (talk.administrator, f"{ADD} Two"))
    await talk.member.says("meeting agenda 7")
    talk.member.sees("One", "Two", "4. ")


async def test_decisions_and_actions_are_noted_and_come_back_at_the_next_meeting(talk: Talk) -> None:
    talk.clock.now = DURING
    await talk.secretariat.says("meeting note 7 decision 'The roadmap is approved.'")
    talk.secretariat.sees("Decision 1 of meeting 7: The roadmap is approved.")
    await talk.secretariat.says("meeting note 7 action 'Draft the reply' owner='Kim Lee' due='May 2027'")
    talk.secretariat.sees("Action 2", "Draft the reply (Kim Lee), by May 2027")
    await talk.member.says("meeting notes 7")
    talk.member.sees("Decided", "The roadmap is approved.", "To do", "Draft the reply")
    await talk.secretariat.says("meeting plan Eighth '2027-09-18 14:00'")
    await talk.member.says("meeting agenda 8")
    talk.member.sees("Actions from before: 1", "Draft the reply (Kim Lee)")
    await talk.secretariat.says("meeting note done 2")
    talk.secretariat.sees("Done: Draft the reply")
    await talk.member.says("meeting agenda 8")
    talk.member.sees_not("Actions from before")
    await talk.secretariat.says("meeting note done 2")
    talk.secretariat.sees("Action 2 is done already")


async def test_a_note_that_was_wrong_is_taken_back(talk: Talk) -> None:
    await talk.secretariat.says("meeting note 7 decision 'Nothing'")
    await talk.secretariat.presses("Take it back")
    talk.secretariat.sees("is taken back")
    await talk.member.says("meeting notes 7")
    talk.member.sees("Nothing is noted of it")


async def test_a_decision_has_no_owner(talk: Talk) -> None:
    await talk.secretariat.says("meeting note 7 decision 'Approved' owner=Kim")
    talk.secretariat.sees("only an action has that")


async def test_a_note_is_asked_for_step_by_step(talk: Talk) -> None:
    await talk.secretariat.says("meeting notes 7")
    await talk.secretariat.presses("Note a decision")
    assert talk.secretariat.is_asked
    await talk.secretariat.says("The roadmap is approved.")
    if talk.secretariat.is_asked:
        await talk.secretariat.presses("Send")
    talk.secretariat.sees("Decision 1 of meeting 7")


async def test_an_answer_can_be_changed_and_counts_once(talk: Talk) -> None:
    await talk.member.says("meeting rsvp 7 yes")
    talk.member.sees("You will come to Seventh meeting")
    await talk.member.presses("I cannot come")
    talk.member.sees("You cannot come", "Before that you said yes")
    await talk.secretariat.says("meeting show 7")
    talk.secretariat.sees("No: 1 (Member)")
    talk.secretariat.sees_not("Yes:")
    await talk.member.says("meeting show 7")
    talk.member.sees("You said that you cannot come")


async def test_an_answer_in_a_channel_stays_between_the_bot_and_the_person(talk: Talk) -> None:
    await talk.member.says("meeting rsvp 7 yes", channel=True)
    assert talk.member.message.private


async def test_nobody_is_asked_before_the_day_is_known(talk: Talk) -> None:
    await talk.member.says("meeting rsvp 6 yes")
    talk.member.sees("The day of meeting 6 is not known yet")
    await talk.member.says("meeting show 6")
    assert not [one for one in talk.member.message.buttons if "rsvp" in one.command]


async def test_the_overview_says_who_did_not_answer_and_from_whom_nothing_came(talk: Talk) -> None:
    await represents(talk, talk.member, "SG13")
    await represents(talk, talk.colleague, "ISG-QKD")
    await talk.member.says("meeting rsvp 7 maybe")
    await talk.member.drops({"report.pdf": PDF}, "document submit title='Overlaps' meeting=7")
    await talk.secretariat.says("meeting show 7")
    talk.secretariat.sees("Maybe: 1 (Member)", "No answer from 1 representative: Colleague (ISG QKD)")
    talk.secretariat.sees("Doc. 68 Overlaps (SG13), received", "No document from ISG QKD")
    talk.secretariat.sees("Still to do: announce it, put points on the agenda")
    talk.secretariat.sees_buttons("Announce it", "Add a point", "Change it…")


async def test_what_is_to_do_after_a_meeting_is_the_report_and_who_was_there(talk: Talk) -> None:
    await talk.member.says("meeting rsvp 7 yes")
    talk.clock.now = DURING
    await talk.secretariat.says("meeting show 7")
    talk.secretariat.sees("close it when it was held")
    await talk.secretariat.presses("Close it")
    while talk.secretariat.is_asked:
        await talk.secretariat.says("-")
    await talk.secretariat.says("meeting show 7")
    talk.secretariat.sees("Still to do: name the report, note who was there")
    await talk.secretariat.presses("Name the report")
    await talk.secretariat.says("Doc. 70")
    talk.secretariat.sees("Report: Doc. 70")
    await talk.secretariat.says("meeting attended 7 all")
    talk.secretariat.sees("1 person was at Seventh meeting: Member")
    await talk.secretariat.says("meeting show 7")
    talk.secretariat.sees("There were 1: Member")
    talk.secretariat.sees_not("Still to do")


async def test_who_was_there_is_noted_by_name_and_can_be_taken_back(talk: Talk) -> None:
    await talk.member.says("whoami")
    await talk.secretariat.says("meeting attended 7 Member")
    talk.secretariat.sees("has not begun yet")
    talk.clock.now = DURING
    await talk.secretariat.says("meeting attended 7 Member, Ana Silva and Kim Lee", kind="button")
    talk.secretariat.sees("3 people were at Seventh meeting", "I know nobody called Ana Silva, Kim Lee")
    await talk.secretariat.says("meeting absent 7 Ana Silva", kind="button")
    talk.secretariat.sees("2 people were")


async def test_a_name_that_two_have_is_asked_about(talk: Talk) -> None:
    for voice, name in ((talk.member, "Kim Lee"), (talk.colleague, "Kim Lee")):
        await voice.says(
            f"register SG13 alternate name='{name}' email={voice.account}@example.org affiliation=none since=none",
            kind="button",
        )
    talk.clock.now = DURING
    await talk.secretariat.says("meeting attended 7 Kim Lee", kind="button")
    talk.secretariat.sees("Which “Kim Lee” was there?", "Kim Lee (", ") or Kim Lee (")


async def test_documents_left_over_are_asked_about_when_a_meeting_is_closed(talk: Talk) -> None:
    await talk.secretariat.drops({"report.pdf": PDF}, "document submit title='One' meeting=7")
    await talk.secretariat.drops({"other.pdf": NEWER}, "document submit title='Other' meeting=7")
    talk.clock.now = DURING
    await talk.secretariat.says("meeting close 7 report='Doc. 70'")
    talk.secretariat.sees("Neither reviewed nor deferred: Doc. 68, Doc. 69")
    await talk.secretariat.presses("Defer them")
    talk.secretariat.sees("Doc. 68", "Doc. 69", "deferred")


async def test_names_are_not_in_the_audit_trail(talk: Talk) -> None:
    await talk.secretariat.says(f"{ADD} title=Overlaps presenter='Kim Lee'")
    await talk.secretariat.says("meeting note 7 action 'Kim drafts it' owner='Kim Lee'")
    async with talk.database.reading() as session:
        entries = list(await session.scalars(select(AuditEntry).where(AuditEntry.subject == "meeting")))
    assert [one.action for one in entries] == ["plan", "add to agenda", "note"]
    assert "Kim" not in str([one.after for one in entries])
