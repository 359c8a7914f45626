"""The life of a meeting: planned, changed, announced, confirmed, cancelled, held."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from storage import subscriptions, targets
from storage.database import Database
from storage.meeting import times
from storage.subscriptions import Interest
from storage.tables import AuditEntry, Meeting
from storage.targets import Destination
from storage.words import SubscriptionKind
from tests.talk import Talk, Voice

PLAN = "meeting plan 'Seventh meeting' '2027-03-18 14:00' Geneva end=16:00 documents_due=2027-03-04"
LINK = "https://meet.example.org/seventh"


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample, has_mail=True)


async def meeting_of(talk: Talk, number: int = 7) -> Meeting:
    async with talk.database.reading() as session:
        return (await session.scalars(select(Meeting).where(Meeting.number == number))).one()


async def subscribed(*voices: Voice) -> None:
    for voice in voices:
        await voice.says("subscribe meetings")


async def announced(talk: Talk, line: str = PLAN) -> None:
    await subscribed(talk.member)
    await talk.secretariat.says(line)
    await talk.secretariat.says("meeting announce 7")


async def at_once(talk: Talk, *said: tuple[Voice, str]) -> None:
    """Several people say something at the same time, each to a replica of their own."""
    desks = [talk.new_desk() for _ in said]
    arrivals = [voice.arrival(line, kind="button") for voice, line in said]
    await asyncio.gather(*(desk.receive(arrival) for desk, arrival in zip(desks, arrivals, strict=True)))
    await talk.settles(*desks)


async def test_the_secretariat_plans_a_meeting(talk: Talk) -> None:
    await talk.secretariat.says(PLAN)
    talk.secretariat.sees("Seventh meeting", "meeting 7", "confirmed", "18 March 2027, 14:00 (Europe/Zurich)")
    talk.secretariat.sees("until 16:00", "Documents by 4 March 2027", "not announced yet")
    await talk.member.says("meeting show 7")
    talk.member.sees("18 March 2027, 14:00", "Geneva")


async def test_a_vague_time_makes_a_tentative_meeting(talk: Talk) -> None:
    await talk.secretariat.says("meeting plan 'Workshop' 'late 2025 or early 2026' Singapore")
    talk.secretariat.sees("tentative", "late 2025 or early 2026", "Singapore")
    await talk.secretariat.says("meeting confirm 7")
    talk.secretariat.sees("The day of meeting 7 is not known yet")
    await talk.secretariat.presses("Say when")
    assert talk.secretariat.is_asked
    await talk.secretariat.says("2025-11-20 09:30 Asia/Singapore")
    talk.secretariat.sees("20 November 2025, 02:30 (Europe/Zurich)", "09:30 in Asia/Singapore", "tentative")
    await talk.secretariat.presses("Confirm it")
    talk.secretariat.sees("meeting 7, confirmed")


@pytest.mark.parametrize(
    ("line", "begins", "said"),
    [
        ("'2027-03-28 02:30'", datetime(2027, 3, 28, 1, 30, tzinfo=UTC), "02:30 does not exist there"),
        ("'2027-10-31 02:30'", datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "02:30 comes twice there"),
        (
            "'2027-10-03 02:10 Australia/Lord_Howe'",
            datetime(2027, 10, 2, 15, 40, tzinfo=UTC),
            "does not exist there on that day: clocks are set forward. I take 02:40",
        ),
    ],
)
async def test_an_hour_that_clocks_leave_out_or_show_twice_is_resolved_and_told(
    talk: Talk, line: str, begins: datetime, said: str
) -> None:
    await talk.secretariat.says(f"meeting plan Seventh {line} Geneva end='90 min'")
    talk.secretariat.sees("is meeting 7, confirmed", said)
    found = await meeting_of(talk)
    assert found.starts_at == begins
    assert found.starts_at.astimezone(ZoneInfo(found.timezone)).strftime("%H:%M") == found.start[11:]
    assert times.ends_at(found) == begins + timedelta(minutes=90)
    await talk.secretariat.says("meeting change 7 start='2027-04-28 02:30'")
    talk.secretariat.sees_not("there on that day")
    await talk.secretariat.says(f"meeting change 7 start={line}")
    talk.secretariat.sees("is changed: start, end", said)
    assert (await meeting_of(talk)).starts_at == begins


async def test_a_place_beside_a_vague_time_is_the_place(talk: Talk) -> None:
    await talk.secretariat.says("meeting plan 'Seventh meeting' 'late 2025 or early 2026, Singapore'")
    talk.secretariat.sees("meeting 7, tentative", "When: late 2025 or early 2026\n", "Where: Singapore\n")


async def test_a_meeting_is_planned_step_by_step(talk: Talk) -> None:
    await talk.secretariat.says("meeting plan")
    for said in ("Seventh meeting", "18 March 2027 at 2pm", "Geneva", "90 min", "hybrid", LINK):
        assert talk.secretariat.is_asked
        await talk.secretariat.says(said)
    if talk.secretariat.is_asked:
        await talk.secretariat.presses("Plan it")
    found = await meeting_of(talk)
    assert (found.start, found.end, found.mode) == ("2027-03-18T14:00", "2027-03-18T15:30", "hybrid")


async def test_what_is_wrong_with_a_time_is_said_and_nothing_is_planned(talk: Talk) -> None:
    wrong = {
        "'2024-03-18 14:00'": "in the past",
        "'2027-02-30 14:00'": "no such day",
        "'2027-03-18 14:00' end=13:00": "not after the start",
        "'2027-03-18 14:00' documents_due=2027-03-19": "after the start",
        "'July 2027' end=16:00": "start with an hour",
        "'July 2027' status=confirmed": "when its day is known",
    }
    for start, why in wrong.items():
        await talk.secretariat.says(f"meeting plan title=Seventh start={start}")
        talk.secretariat.sees(why)
        await talk.secretariat.says("cancel")
    await talk.secretariat.says("meeting list")
    talk.secretariat.sees("6 meetings")


async def test_a_number_is_given_once(talk: Talk) -> None:
    await talk.secretariat.says(f"{PLAN} number=6")
    talk.secretariat.sees("There is a meeting 6 already")
    await talk.secretariat.says(f"{PLAN} number=9")
    await talk.secretariat.says(PLAN.replace("Seventh", "Tenth"))
    talk.secretariat.sees("Tenth meeting is meeting 10")


async def test_only_the_secretariat_plans(talk: Talk) -> None:
    for line in (PLAN, "meeting cancel 5 never", "meeting announce 5", "meeting agenda add 5 Anything"):
        await talk.member.says(line)
        talk.member.sees("needs the role secretariat")


async def test_subscribers_are_told_with_a_calendar_file_and_asked_whether_they_come(talk: Talk) -> None:
    await announced(talk)
    talk.secretariat.sees("is announced: 1 person or channel is told")
    talk.member.is_told("Seventh meeting", "18 March 2027, 14:00", "Geneva")
    told = talk.member.told[-1]
    assert [one.name for one in told.attachments] == ["meeting-7.ics"]
    assert [one.label for one in told.buttons][:3] == ["I will come", "Maybe", "I cannot come"]
    await talk.member.presses("I will come", of=told)
    talk.member.sees("You will come to Seventh meeting")
    await talk.secretariat.says("meeting show 7")
    talk.secretariat.sees("Yes: 1 (Member)", "Announced on 2 September 2024")


async def test_a_meeting_is_announced_once(talk: Talk) -> None:
    await announced(talk)
    await talk.secretariat.says("meeting announce 7")
    talk.secretariat.sees("was announced on 2 September 2024")
    assert len(talk.member.told) == 1


async def test_the_announcement_is_seen_before_it_goes(talk: Talk) -> None:
    await subscribed(talk.member)
    await talk.secretariat.says(PLAN)
    await talk.secretariat.presses("See the announcement")
    talk.secretariat.sees("1 person or channel will be told", "18 March 2027")
    talk.member.is_told_nothing()
    await talk.secretariat.presses("Announce it")
    talk.member.is_told("Seventh meeting")


async def test_a_change_is_told_and_what_was_posted_is_made_right(talk: Talk) -> None:
    await announced(talk)
    await talk.secretariat.says("meeting change 7 start='2027-03-25 15:00' place=Lausanne")
    talk.secretariat.sees("changed", "25 March 2027, 15:00", "1 person or channel is told")
    first, news = talk.member.told
    assert "25 March 2027, 15:00" in talk.plain(first)
    talk.member.is_told("is changed: time and place", "25 March 2027, 15:00", "until 17:00", "Lausanne")
    (file,) = news.attachments
    assert b"SEQUENCE:1" in file.content
    found = await meeting_of(talk)
    assert (found.sequence, found.end) == (1, "2027-03-25T17:00")


async def test_the_same_change_again_changes_nothing(talk: Talk) -> None:
    await announced(talk)
    await talk.secretariat.says("meeting change 7 place=Geneva")
    talk.secretariat.sees("Nothing of meeting 7 is different")
    assert len(talk.member.told) == 1


async def test_a_link_is_told_to_nobody_and_shown_to_members_in_private(talk: Talk) -> None:
    await announced(talk, f"{PLAN} link={LINK}")
    assert LINK not in talk.plain(talk.member.told[-1])
    assert LINK.encode() not in talk.member.told[-1].attachments[0].content
    await talk.member.says("meeting show 7", channel=True)
    talk.member.sees_not(LINK)
    await talk.member.says("meeting show 7")
    talk.member.sees(LINK)
    await talk.member.says("meeting link 7", channel=True)
    talk.member.sees(LINK)
    assert talk.member.message.private
    await talk.guest.says("meeting show 7")
    talk.guest.sees_not(LINK)
    await talk.guest.says("meeting link 7")
    talk.guest.sees_not(LINK)
    await talk.guest.says("meeting calendar 7")
    assert LINK.encode() not in talk.guest.message.attachments[0].content


async def test_the_calendar_file_of_a_cancelled_meeting_takes_it_out(talk: Talk) -> None:
    await talk.secretariat.says(PLAN)
    await talk.member.says("meeting calendar 7")
    talk.member.sees("put it into your calendar")
    await talk.secretariat.says("meeting cancel 7 'no hall'")
    await talk.member.says("meeting calendar 7")
    talk.member.sees("cancelled, and opening the file takes it out of your calendar")
    assert b"METHOD:CANCEL" in talk.member.message.attachments[0].content


async def test_whoever_asks_about_a_meeting_with_a_link_is_offered_it(talk: Talk) -> None:
    await talk.secretariat.says(f"{PLAN} link={LINK}")
    await talk.member.says("how do I join the seventh meeting?", channel=True)
    talk.member.sees_not(LINK)
    await talk.member.presses("How to join")
    talk.member.sees(LINK)
    await talk.guest.says("how do I join the seventh meeting?")
    assert [one.label for one in talk.guest.message.buttons] == ["All meetings"]


async def test_a_guest_is_offered_nothing_that_guests_may_not_do(talk: Talk) -> None:
    await talk.secretariat.says(f"{PLAN} link={LINK}")
    await talk.guest.says("meeting show 7")
    assert [one.label for one in talk.guest.message.buttons] == ["Agenda", "For my calendar"]
    await talk.guest.says("meeting calendar 6")
    talk.guest.sees("The day of meeting 6 is not known yet.")
    talk.guest.sees_not("Subscribe")
    assert talk.guest.message.buttons == ()


async def test_a_link_alone_makes_no_noise(talk: Talk) -> None:
    await announced(talk)
    await talk.secretariat.says(f"meeting change 7 link={LINK}")
    assert len(talk.member.told) == 1
    assert (await meeting_of(talk)).sequence == 0


async def test_what_is_still_to_change_is_asked(talk: Talk) -> None:
    await talk.secretariat.says(PLAN)
    await talk.secretariat.says("meeting change 7")
    talk.secretariat.sees("What is to change?")
    await talk.secretariat.presses("Place")
    assert talk.secretariat.is_asked
    await talk.secretariat.says("Lausanne")
    talk.secretariat.sees("is changed: place", "Lausanne")


async def test_a_confirmed_meeting_whose_day_is_open_again_is_tentative(talk: Talk) -> None:
    await announced(talk)
    await talk.secretariat.says("meeting change 7 start='April 2027'")
    talk.secretariat.sees("tentative", "April 2027")
    talk.member.is_told("April 2027")
    assert not talk.member.told[-1].attachments


async def test_a_deadline_after_a_new_start_is_refused(talk: Talk) -> None:
    await talk.secretariat.says(PLAN)
    await talk.secretariat.says("meeting change 7 start='2027-03-01 14:00'")
    talk.secretariat.sees("after the start of the meeting")
    assert (await meeting_of(talk)).start == "2027-03-18T14:00"


async def test_a_cancelled_meeting_is_told_with_its_calendar_file(talk: Talk) -> None:
    await announced(talk)
    await talk.secretariat.says("meeting cancel 7 'the hall burnt down'")
    first, news = talk.member.told
    assert "is cancelled" in talk.plain(first)
    talk.member.is_told("Seventh meeting is cancelled: the hall burnt down")
    assert b"METHOD:CANCEL" in news.attachments[0].content
    assert not [one for one in news.buttons if "rsvp" in one.command]
    await talk.member.says("meeting rsvp 7 yes")
    talk.member.sees("Meeting 7 is cancelled: the hall burnt down")
    await talk.secretariat.says("meeting show 7")
    talk.secretariat.sees("cancelled")
    talk.secretariat.sees_not("Still to do")


async def test_a_meeting_is_closed_after_it_began(talk: Talk) -> None:
    await announced(talk)
    await talk.secretariat.says("meeting close 7")
    talk.secretariat.sees("has not begun yet")
    talk.clock.now = datetime(2027, 3, 18, 16, 0, tzinfo=UTC)
    await talk.secretariat.says("meeting close 7 report=75")
    talk.secretariat.sees("was held", "Report: Doc. 75")
    assert not [one for one in talk.member.told[0].buttons if "rsvp" in one.command]
    await talk.member.says("meeting show 7")
    talk.member.sees("held", "Report: Doc. 75")
    await talk.secretariat.says("meeting change 7 place=Bern")
    talk.secretariat.sees("cannot be changed any more")
    await talk.secretariat.says("meeting change 7 executive_summary=TSAG-TD900")
    talk.secretariat.sees("TSAG-TD900")


async def test_whoever_was_asleep_is_told_only_how_it_is_now(talk: Talk) -> None:
    await talk.member.says("subscribe meetings quiet=10:00-20:00")
    await talk.secretariat.says(PLAN)
    await talk.secretariat.says("meeting announce 7")
    await talk.secretariat.says("meeting change 7 place=Lausanne")
    await talk.secretariat.says("meeting change 7 end=17:00")
    talk.member.is_told_nothing()
    talk.clock.now = datetime(2024, 9, 2, 18, 1, tzinfo=UTC)
    await talk.does_chores()
    (told,) = talk.member.told
    talk.member.is_told("Lausanne", "until 17:00")
    assert b"SEQUENCE:2" in told.attachments[0].content


async def test_a_digest_has_one_line_of_a_meeting(talk: Talk) -> None:
    await talk.member.says("subscribe meetings how=daily")
    await talk.secretariat.says(PLAN)
    await talk.secretariat.says("meeting announce 7")
    await talk.secretariat.says("meeting change 7 place=Lausanne")
    talk.clock.advance(timedelta(days=1))
    await talk.does_chores()
    (told,) = talk.member.told
    assert talk.plain(told).count("Seventh meeting") == 1


async def test_a_mail_is_sent_once_for_a_change(talk: Talk) -> None:
    async with talk.database.writing() as session:
        target = await targets.kept(session, Destination("email", "list@example.org"))
        interests = [Interest(SubscriptionKind.MEETINGS)]
        await subscriptions.subscribe(session, target, interests, zone="UTC", by=None, now=talk.clock.now)
    await talk.secretariat.says(PLAN)
    await talk.secretariat.says("meeting announce 7")
    await talk.secretariat.says("meeting change 7 place=Lausanne")
    assert len(talk.mailed("list@example.org")) == 2


async def test_of_two_who_confirm_at_once_one_is_told_that_it_was_done(talk: Talk) -> None:
    await subscribed(talk.member)
    await talk.secretariat.says(f"{PLAN} status=tentative")
    await talk.secretariat.says("meeting announce 7")
    confirm = "meeting confirm 7"
    await at_once(talk, (talk.secretariat, confirm), (talk.administrator, confirm))
    seen = sorted([talk.secretariat.seen, talk.administrator.seen], key=lambda text: "already" in text)
    assert "Seventh meeting is meeting 7, confirmed" in seen[0]
    assert "is confirmed already" in seen[1]
    assert len(talk.member.told) == 2
    assert (await meeting_of(talk)).sequence == 1


async def test_a_change_while_announcing_leaves_one_truth(talk: Talk) -> None:
    await subscribed(talk.member)
    await talk.secretariat.says(PLAN)
    change = "meeting change 7 start='2027-03-25 14:00'"
    await at_once(talk, (talk.secretariat, "meeting announce 7"), (talk.administrator, change))
    assert all("25 March 2027" in talk.plain(one) for one in talk.member.told)
    assert talk.member.told


async def test_two_plans_at_once_have_two_numbers(talk: Talk) -> None:
    other = PLAN.replace("Seventh", "Other")
    await at_once(talk, (talk.secretariat, PLAN), (talk.administrator, other))
    assert {(await meeting_of(talk, number)).title for number in (7, 8)} == {"Seventh meeting", "Other meeting"}


async def test_every_deed_is_in_the_audit_trail(talk: Talk) -> None:
    await announced(talk, f"{PLAN} status=tentative link={LINK}")
    await talk.secretariat.says("meeting confirm 7")
    await talk.secretariat.says("meeting change 7 place=Bern")
    await talk.secretariat.says("meeting cancel 7 ill")
    async with talk.database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.subject == "meeting", AuditEntry.subject_id == "7")
        entries = list(await session.scalars(query.order_by(AuditEntry.id)))
    assert [one.action for one in entries] == ["plan", "announce", "confirm", "change", "cancel"]
    assert LINK not in str([one.after for one in entries])
