"""Announcements: written, looked at, sent, corrected, acknowledged and reported."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, update

from storage import audiences, broadcasts, drops, outbox
from storage.audience import as_audience
from storage.database import Database
from storage.drops import Content
from storage.outbox import Post, Words
from storage.tables import (
    Account,
    AuditEntry,
    Delivery,
    Group,
    Person,
    Representative,
    SubscribedKind,
    Subscription,
    Target,
)
from storage.words import DeliveryState, Pace, RepresentativeKind, RepresentativeStatus, SubscriptionKind
from tests.talk import Talk

NOW = datetime(2024, 9, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
async def talk(sample: Database) -> Talk:
    """A talk in which two people and a channel subscribed to announcements."""
    talk = Talk(sample)
    for voice in (talk.member, talk.colleague):
        await voice.says("subscribe here to announcements")
    await talk.secretariat.says("subscribe here to announcements name='#general'", channel=True)
    return talk


async def crowd(database: Database, size: int) -> None:
    """So many more people who subscribed."""
    async with database.writing() as session:
        ids = range(1_000, 1_000 + size)
        await session.execute(insert(Person), [{"id": n, "name": f"Person {n}", "created_at": NOW} for n in ids])
        accounts = [{"person_id": n, "platform": "slack", "external_id": f"U{n}", "created_at": NOW} for n in ids]
        await session.execute(insert(Account), accounts)
        await session.execute(insert(Target), [{"id": n, "platform": "slack", "address": f"U{n}"} for n in ids])
        await session.execute(
            insert(Subscription), [{"id": n, "target_id": n, "zone": "Europe/Zurich", "began_at": NOW} for n in ids]
        )
        kind = {"kind": SubscriptionKind.ANNOUNCEMENTS, "pace": Pace.AT_ONCE, "topics": [], "groups": []}
        await session.execute(insert(SubscribedKind), [{"subscription_id": n, **kind} for n in ids])


async def is_drafted(talk: Talk, more: str = "") -> None:
    await talk.secretariat.says(f"announce '**Seventh meeting** on 18 March' audience=everybody {more}")


async def is_corrected(talk: Talk, text: str) -> None:
    await talk.secretariat.says(f"announcement correct 1 '{text}'")
    await talk.secretariat.presses("Correct it")


async def test_a_draft_shows_what_goes_to_whom(talk: Talk) -> None:
    await is_drafted(talk)
    talk.secretariat.sees(
        "Draft 1. Nothing was sent yet.",
        "everybody who subscribed: 1 channel and 2 people",
        "Slack: one message, to 2 recipients",
        "Telegram: one message, to 1 recipient",
        "Seventh meeting on 18 March",
    )
    talk.secretariat.sees_buttons("Send now", "Schedule", "Change", "Discard")
    assert "**Seventh meeting** on 18 March" in talk.secretariat.message.markdown
    talk.member.is_told_nothing()


async def test_it_is_asked_for_whom_it_is(talk: Talk) -> None:
    await talk.secretariat.says("announce Hello all", kind="command")
    assert talk.secretariat.is_asked
    await talk.secretariat.says("representatives of cheese")
    talk.secretariat.sees("I know no group or body “cheese”")
    await talk.secretariat.says("everybody")
    talk.secretariat.sees("Draft 1", "Hello all")


@pytest.mark.parametrize("line", ["announce 'x' audience=everybody", "announcement list", "announcement send 1"])
async def test_only_the_secretariat_announces(talk: Talk, line: str) -> None:
    await talk.member.says(line)
    talk.member.sees("needs the role secretariat")


async def test_send_tells_everybody_once(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    talk.secretariat.sees("on its way to 1 channel and 2 people")
    for voice in (talk.member, talk.colleague):
        voice.is_told("Seventh meeting on 18 March")
        assert len(voice.told) == 1
    assert len(talk.channel_told("general")) == 1
    await talk.secretariat.says("announcement send 1")
    talk.secretariat.sees("being sent already")
    assert len(talk.member.told) == 1


async def test_what_subscribers_get_has_a_tap_for_fewer(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    await talk.member.presses("Fewer of these", of=talk.member.told[-1])
    talk.member.sees("announcements at once")


async def test_a_live_status_says_how_it_ended(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    talk.secretariat.is_told("is being sent", "0 of 3 sent", "3 waiting")
    await talk.does_chores()
    talk.secretariat.is_told("is sent", "▓▓▓▓▓▓▓▓▓▓ 100 %", "3 of 3 sent")
    assert len(talk.secretariat.told) == 1
    await talk.does_chores()
    assert talk.platform("slack").letters[0].edits <= 1


async def test_who_comes_before_send_gets_it_and_who_leaves_does_not(talk: Talk) -> None:
    await is_drafted(talk)
    draft = talk.secretariat.last
    await talk.member.says("unsubscribe")
    await talk.administrator.says("subscribe here to announcements")
    await talk.secretariat.presses("Send now", of=draft)
    talk.member.is_told_nothing()
    talk.administrator.is_told("Seventh meeting")


async def test_many_recipients_must_be_typed(talk: Talk) -> None:
    await crowd(talk.database, 30)
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    talk.secretariat.sees("type how many it goes to")
    await talk.secretariat.says("32")
    talk.secretariat.sees("t goes to 33 recipients")
    talk.member.is_told_nothing()
    await talk.secretariat.says("33")
    talk.secretariat.sees("on its way")
    talk.member.is_told("Seventh meeting")


async def test_a_line_that_sends_to_many_must_name_their_number(talk: Talk) -> None:
    await crowd(talk.database, 30)
    await is_drafted(talk)
    await talk.secretariat.says("announcement send 1")
    talk.secretariat.sees("It goes to 33 recipients", "announcement send 1 count=33")
    talk.member.is_told_nothing()
    await talk.secretariat.says("announcement send 1 count=33")
    talk.member.is_told("Seventh meeting")


async def test_two_who_press_send_at_once_send_it_once(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.administrator.says("whoami")
    line = "announcement send 1"
    arrivals = [voice.arrival(line, kind="button") for voice in (talk.secretariat, talk.administrator)]
    other = talk.new_desk()
    await asyncio.gather(talk.desk.receive(arrivals[0]), other.receive(arrivals[1]))
    await talk.settles(talk.desk, other)
    texts = sorted(
        ("on its way" in voice.seen, "already" in voice.seen) for voice in (talk.secretariat, talk.administrator)
    )
    assert texts == [(False, True), (True, False)]
    assert len(talk.member.told) == 1


async def test_who_leaves_while_it_is_sent_gets_it_once_or_not_at_all(talk: Talk) -> None:
    await is_drafted(talk)
    other = talk.new_desk()
    await asyncio.gather(
        talk.desk.receive(talk.secretariat.arrival("announcement send 1", kind="button")),
        other.receive(talk.member.arrival("unsubscribe", kind="button")),
    )
    await talk.settles(talk.desk, other)
    talk.secretariat.sees("on its way")
    talk.member.sees("Ended")
    async with talk.database.reading() as session:
        figures = await broadcasts.figures(session, 1, NOW)
    assert len(talk.member.told) == figures.sent - 2
    assert figures.total in (2, 3)


async def test_cancelled_at_its_very_time_it_goes_to_nobody_any_more(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.says("announcement schedule 1 '2024-09-02 12:00'")
    talk.clock.advance(timedelta(hours=1))
    arrival = talk.secretariat.arrival("announcement cancel 1", kind="button")
    await asyncio.gather(talk.does_chores(), talk.desk.receive(arrival))
    await talk.settles()
    told = [len(voice.told) for voice in (talk.member, talk.colleague)]
    assert max(told) <= 1
    talk.clock.advance(timedelta(days=1))
    await talk.does_chores()
    assert [len(voice.told) for voice in (talk.member, talk.colleague)] == told


async def test_a_scheduled_one_goes_at_its_time_once(talk: Talk) -> None:
    await is_drafted(talk, "at='2024-09-02 12:00'")
    await talk.secretariat.presses("Schedule")
    talk.secretariat.sees("will be sent on 2 September 2024, 12:00 (Europe/Zurich)")
    await talk.does_chores()
    talk.member.is_told_nothing()
    talk.clock.advance(timedelta(hours=1))
    await talk.does_chores()
    talk.member.is_told("Seventh meeting")
    await talk.does_chores()
    assert len(talk.member.told) == 1


async def test_a_cancelled_one_is_never_sent(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.says("announcement schedule 1 '2024-09-02 12:00'")
    await talk.secretariat.presses("Cancel")
    talk.secretariat.sees("is cancelled. Nobody was told")
    talk.clock.advance(timedelta(days=1))
    await talk.does_chores()
    talk.member.is_told_nothing()


async def test_a_draft_without_a_time_is_asked_for_it(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("Schedule")
    assert talk.secretariat.is_asked
    await talk.secretariat.says("2024-09-02 12:00")
    talk.secretariat.sees("will be sent on 2 September 2024, 12:00")


async def test_scheduling_for_many_asks_for_their_number(talk: Talk) -> None:
    await crowd(talk.database, 30)
    await is_drafted(talk)
    await talk.secretariat.says("announcement schedule 1 '2024-09-02 12:00'")
    talk.secretariat.sees("33 recipients", "count=33")
    await talk.secretariat.says("announcement schedule 1 at='2024-09-02 12:00' count=33")
    talk.secretariat.sees("will be sent")


@pytest.mark.parametrize(
    ("at", "words"), [("2024-09-01 12:00", "in the past"), ("2025-03-30 02:30", "does not exist"), ("soon", "no time")]
)
async def test_a_time_that_cannot_be_is_not_taken(talk: Talk, at: str, words: str) -> None:
    await is_drafted(talk)
    await talk.secretariat.says(f"announcement schedule 1 '{at}'")
    talk.secretariat.sees(words)


@pytest.mark.parametrize("at", ["10 January 2027 9am", "2027-01-10T09:00", "Sunday 10.1.2027, 09:00"])
async def test_a_time_may_be_written_as_people_write_it(talk: Talk, at: str) -> None:
    await is_drafted(talk)
    await talk.secretariat.says(f"announcement schedule 1 '{at}'")
    talk.secretariat.sees("will be sent on 10 January 2027, 09:00 (Europe/Zurich)")


async def test_a_draft_is_changed(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("Change")
    await talk.secretariat.presses("The text")
    await talk.secretariat.says("Eighth meeting")
    talk.secretariat.sees("Draft 1", "Eighth meeting")
    await talk.secretariat.says("announcement audience 1 everybody without #general")
    talk.secretariat.sees("everybody who subscribed without #general: 2 people")


async def test_a_discarded_draft_is_not_sent(talk: Talk) -> None:
    await is_drafted(talk)
    draft = talk.secretariat.last
    await talk.secretariat.presses("Discard")
    await talk.secretariat.presses("Send now", of=draft)
    talk.secretariat.sees("was cancelled")
    talk.member.is_told_nothing()


async def test_it_can_be_tried_on_oneself(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("To me first")
    talk.secretariat.is_told("Seventh meeting")
    talk.member.is_told_nothing()


async def test_a_correction_edits_what_was_sent(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    await is_corrected(talk, "Seventh meeting on 19 March")
    talk.member.is_told("Corrected 2 September 2024", "19 March")
    assert len(talk.member.told) == 1
    assert [button.label for button in talk.member.told[0].buttons] == ["Fewer of these"]


async def test_a_correction_is_shown_before_it_goes_out(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    await talk.secretariat.says("announcement correct 1 '**Seventh** meeting on 19 March'")
    talk.secretariat.sees("Nothing was sent yet", "goes to 3 recipients", "Seventh meeting on 19 March")
    assert "**Seventh** meeting on 19 March" in talk.secretariat.message.markdown
    talk.secretariat.sees_buttons("Correct it", "Another text", "Leave it")
    talk.member.is_told("18 March")


async def test_a_form_of_a_correction_is_previewed_too(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    await talk.secretariat.fills("announcement correct", {"number": "1", "text": "It's\non “19 March”"})
    talk.member.is_told("18 March")
    await talk.secretariat.presses("Correct it")
    talk.member.is_told("It's", "on “19 March”")


async def test_a_correction_that_others_get_meanwhile_is_shown_once_more(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    await talk.secretariat.says("announcement correct 1 'It is on 19 March' count=2")
    talk.secretariat.sees("3 have it or will get it now, so look once more")
    talk.member.is_told("18 March")


async def test_a_draft_is_not_corrected_but_changed(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.says("announcement correct 1 'Other words'")
    talk.secretariat.sees("was not sent")
    talk.secretariat.sees_buttons("Change it")


async def test_what_was_cancelled_half_way_is_corrected_where_it_came(talk: Talk) -> None:
    await talk.member.says("subscription change 1 quiet=10:00-13:00")
    await is_drafted(talk, "acknowledge=yes")
    await talk.secretariat.presses("Send now")
    await talk.secretariat.says("announcement cancel 1")
    await is_corrected(talk, "It is on 19 March")
    talk.colleague.is_told("19 March")
    talk.member.is_told_nothing()
    await talk.colleague.presses("Acknowledge", of=talk.colleague.told[-1])
    talk.colleague.sees("it is noted that you read it")
    await talk.secretariat.says("announcement show 1")
    talk.secretariat.sees("was cancelled", "2 of 2 have the correction")


async def test_the_status_follows_a_correction(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    await talk.does_chores()
    await is_corrected(talk, "It is on 19 March")
    await talk.does_chores()
    talk.secretariat.is_told("It is on 19 March", "is sent (corrected", "3 of 3 have the correction")
    assert len(talk.secretariat.told) == 1


async def test_a_reminder_is_corrected_too(talk: Talk) -> None:
    await is_drafted(talk, "acknowledge=yes")
    await talk.secretariat.presses("Send now")
    await talk.secretariat.says("announcement nudge 1")
    talk.member.is_told("A reminder", "18 March")
    await is_corrected(talk, "It is on 19 March")
    talk.member.is_told("A reminder", "19 March")


@pytest.mark.parametrize(("quiet", "hours"), [("none", 0), ("15:00-16:00", 0), ("10:00-11:30", 1), ("10:00-15:00", 4)])
async def test_what_waits_for_quiet_hours_follows_when_they_are_changed(talk: Talk, quiet: str, hours: int) -> None:
    await talk.member.says("subscription change 1 quiet=10:00-13:00")
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    await talk.member.says(f"subscription change 1 quiet={quiet}")
    if hours:
        talk.member.is_told_nothing()
    talk.clock.advance(timedelta(hours=hours))
    await talk.settles()
    talk.member.is_told("Seventh meeting")


async def test_what_has_a_time_of_its_own_keeps_it_when_quiet_hours_are_changed(talk: Talk) -> None:
    await talk.member.says("subscription change 1 quiet=10:00-13:00")
    async with talk.database.writing() as session:
        target = await session.scalar(select(Target.id).where(Target.address == "member"))
        assert target is not None
        notice = await outbox.write(session, Words("dialogue/refused", {"message": "Now", "hint": ""}), NOW)
        due = NOW + timedelta(hours=1)
        await outbox.put(session, notice, [Post(target, "k")], cause="c", now=NOW, due=due)
    await talk.member.says("subscription change 1 quiet=none")
    talk.member.is_told_nothing()
    talk.clock.advance(timedelta(hours=1))
    await talk.settles()
    talk.member.is_told("Now")


async def test_who_leaves_before_their_quiet_hours_end_hears_nothing_of_it(talk: Talk) -> None:
    await talk.member.says("subscription change 1 quiet=10:00-13:00")
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    await talk.member.says("subscription change 1 without=announcements")
    talk.clock.advance(timedelta(hours=5))
    await talk.settles()
    talk.member.is_told_nothing()
    await talk.does_chores()
    talk.secretariat.is_told("is sent", "1 stopped before sending")


async def test_many_recipients_must_be_typed_to_schedule_it_too(talk: Talk) -> None:
    await crowd(talk.database, 30)
    await is_drafted(talk, "at='2024-09-03 09:00'")
    await talk.secretariat.presses("Schedule")
    talk.secretariat.sees("type how many it goes to")
    await talk.secretariat.says("33")
    talk.secretariat.sees("will be sent on 3 September 2024, 09:00")


async def test_the_number_is_asked_for_after_a_time_was_typed(talk: Talk) -> None:
    await crowd(talk.database, 30)
    await is_drafted(talk)
    await talk.secretariat.says("announcement schedule 1 '2024-09-03 09:00'")
    talk.secretariat.sees("It goes to 33 recipients: type 33 to confirm")
    await talk.secretariat.presses("Type the number")
    await talk.secretariat.says("33")
    talk.secretariat.sees("will be sent on 3 September 2024, 09:00")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("SG13", ["representatives of SG13"]),
        ("everybody + sg13", ["everybody + representatives of SG13"]),
        ("general", ["place 3"]),
        ("rep", ["representatives"]),
        ("cheese", ["cheese"]),
    ],
)
async def test_an_audience_is_found_by_a_mere_name(talk: Talk, typed: str, offered: list[str]) -> None:
    await talk.secretariat.says("announce Hello", kind="command")
    found = await talk.desk.offer("slack", "secretariat", "announce", "audience", typed)
    assert [choice.value for choice in found] == offered


async def test_cancel_drops_what_waits(talk: Talk) -> None:
    await talk.member.says("subscription change 1 quiet=10:00-13:00")
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    await talk.secretariat.says("announcement cancel 1")
    talk.secretariat.sees("1 message is dropped, 2 were sent")
    talk.clock.advance(timedelta(hours=5))
    await talk.settles()
    talk.member.is_told_nothing()


async def test_show_says_who_got_nothing_and_why(talk: Talk) -> None:
    async with talk.database.writing() as session:
        await session.execute(insert(Person).values(id=900, name="Kim Lee", created_at=NOW))
    await talk.secretariat.says("announce Hello audience='everybody + people: Kim Lee'")
    talk.secretariat.sees("1 has no reachable address: Kim Lee (has no address yet)")
    await talk.secretariat.presses("Send now")
    await talk.secretariat.says("announcement show 1")
    talk.secretariat.sees("3 of 3 sent", "1 without a way to reach them", "Kim Lee got nothing: has no address yet")


async def test_what_failed_is_sent_again(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    await talk.does_chores()
    async with talk.database.writing() as session:
        mine = select(Target.id).where(Target.address == "member")
        lost = (
            update(Delivery)
            .where(Delivery.target_id.in_(mine))
            .values(state=DeliveryState.FAILED, problem="no <a@b.c>")
        )
        await session.execute(lost)
    await talk.secretariat.says("announcement show 1")
    talk.secretariat.sees("1 failed", "Member got nothing: no (address)")
    await talk.secretariat.presses("Send again what failed")
    talk.secretariat.sees("sent again to 1 recipient")
    assert len(talk.member.told) == 2
    await talk.does_chores()
    talk.secretariat.is_told("3 of 3 sent")


async def test_who_had_no_address_gets_it_when_they_have_one(talk: Talk) -> None:
    async with talk.database.writing() as session:
        await session.execute(insert(Person).values(id=900, name="Kim Lee", created_at=NOW))
    await talk.secretariat.says("announce Hello audience='everybody + people: Kim Lee'")
    await talk.secretariat.presses("Send now")
    async with talk.database.writing() as session:
        account = {"person_id": 900, "platform": "slack", "external_id": "kim", "created_at": NOW}
        await session.execute(insert(Account).values(account))
    await talk.secretariat.says("announcement resend-failed 1")
    talk.secretariat.sees("sent again to 1 recipient")
    assert len(talk.platform("slack").told("kim")) == 1
    assert len(talk.member.told) == 1


async def test_files_go_with_it(talk: Talk) -> None:
    await is_drafted(talk)
    arrival = talk.secretariat.arrival("announcement attach 1")
    async with talk.database.writing() as session:
        caller = await talk.dispatcher.caller(session, arrival, NOW)
        digest = await drops.keep_content(session, b"%PDF", NOW)
        file = Content("agenda.pdf", "application/pdf", 4, digest)
        await drops.drop(session, file, caller.account_id, arrival.place.key, NOW)
    await talk.secretariat.says("announcement attach 1 1")
    talk.secretariat.sees("Files: agenda.pdf", "1 file")
    await talk.secretariat.says("announcement send 1")
    assert [(file.name, file.content) for file in talk.member.told[0].attachments] == [("agenda.pdf", b"%PDF")]
    await is_corrected(talk, "Other words")
    assert [file.name for file in talk.member.told[0].attachments] == ["agenda.pdf"]


async def test_a_file_is_removed_by_a_button_before_it_is_sent(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.drops({"agenda.pdf": b"%PDF", "the list.csv": b"a,b"}, "announcement attach 1")
    await talk.secretariat.says("announcement change 1")
    await talk.secretariat.presses("Remove a file")
    talk.secretariat.sees("Which file shall not go", "agenda.pdf", "the list.csv")
    await talk.secretariat.presses("Remove the list.csv")
    talk.secretariat.sees("Files: agenda.pdf", "1 file")
    await talk.secretariat.says("announcement detach 1 other.pdf")
    talk.secretariat.sees("has no file “other.pdf”")
    await talk.secretariat.presses("Remove agenda.pdf")
    talk.secretariat.sees_not("Files:")
    await talk.secretariat.says("announcement change 1")
    assert "Remove a file" not in [button.label for button in talk.secretariat.message.buttons]
    await talk.secretariat.says("announcement send 1")
    assert talk.member.told[0].attachments == ()
    await talk.secretariat.says("announcement detach 1 agenda.pdf")
    talk.secretariat.sees("being sent already")


async def test_without_a_file_one_is_asked_for(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.says("announcement attach 1")
    assert talk.secretariat.is_asked


async def test_reports_in_a_channel_show_no_address(sample: Database) -> None:
    talk = Talk(sample, has_mail=True)
    await talk.secretariat.says("subscribe kim@example.org to announcements")
    await talk.secretariat.says("announce Hello audience=everybody", channel=True)
    talk.secretariat.sees("1 e-mail address")
    talk.secretariat.sees_not("kim@example.org")
    await talk.secretariat.says("announcement send 1", channel=True)
    assert "kim@example.org" not in talk.plain(talk.channel_told("general")[0])


async def test_nothing_failed_is_said_so(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("Send now")
    await talk.secretariat.says("announcement resend-failed 1")
    talk.secretariat.sees("nobody to send it to again")


async def test_readers_acknowledge_and_the_others_are_reminded(talk: Talk) -> None:
    await is_drafted(talk, "acknowledge=yes")
    await talk.secretariat.presses("Send now")
    await talk.member.presses("Acknowledge", of=talk.member.told[0])
    talk.member.sees("noted that you read it")
    await talk.member.presses("Acknowledge", of=talk.member.told[0])
    talk.member.sees("noted already")
    await talk.secretariat.says("announcement acknowledgements 1")
    talk.secretariat.sees("1 of 2 acknowledged", "Acknowledged: Member", "Not yet: Colleague")
    await talk.secretariat.presses("Remind those who have not")
    talk.secretariat.sees("1 person is reminded")
    talk.colleague.is_told("please acknowledge")
    assert len(talk.member.told) == 1


async def test_nobody_is_reminded_twice_a_day(talk: Talk) -> None:
    await is_drafted(talk, "acknowledge=yes")
    await talk.secretariat.presses("Send now")
    await talk.secretariat.says("announcement nudge 1")
    await talk.secretariat.says("announcement nudge 1")
    talk.secretariat.sees("within the last day")
    talk.clock.advance(timedelta(days=1))
    await talk.secretariat.says("announcement nudge 1")
    assert len(talk.member.told) == 3


async def test_whom_it_has_not_reached_is_not_reminded_of_it(talk: Talk) -> None:
    await talk.member.says("subscription change 1 how=daily")
    await is_drafted(talk, "acknowledge=yes")
    await talk.secretariat.presses("Send now")
    await talk.secretariat.says("announcement nudge 1")
    talk.secretariat.sees("1 person is reminded")
    talk.member.is_told_nothing()


async def test_representatives_are_told_where_they_can_be(sample: Database) -> None:
    talk = Talk(sample, has_mail=True)
    async with sample.writing() as session:
        group = await session.scalar(select(Group.id).where(Group.code == "SG13"))
        await session.execute(insert(Person).values(id=900, name="Kim Lee", created_at=NOW))
        await session.execute(
            insert(Representative).values(
                person_id=900,
                group_id=group,
                kind=RepresentativeKind.REPRESENTATIVE,
                status=RepresentativeStatus.CONFIRMED,
                email="kim@example.org",
                requested_at=NOW,
            )
        )
    await talk.secretariat.says("announce Hello audience='representatives of study group 13'")
    talk.secretariat.sees("the representatives of SG13: 1 person", "e-mail: subject “Hello”, to 1")
    talk.secretariat.sees_not("kim@example.org")
    await talk.secretariat.presses("Send now")
    assert len(talk.mailed("kim@example.org")) == 1


async def test_a_recipient_in_quiet_hours_hears_it_later(talk: Talk) -> None:
    await talk.member.says("subscription change 1 quiet=10:00-13:00")
    await is_drafted(talk)
    talk.secretariat.sees("1 of them later")
    await talk.secretariat.presses("Send now")
    talk.member.is_told_nothing()
    await talk.does_chores()
    talk.secretariat.is_told("2 of 3 sent", "1 later")
    talk.clock.advance(timedelta(hours=3))
    await talk.settles()
    talk.member.is_told("Seventh meeting")


async def test_announcements_are_listed(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.says("announcement list")
    talk.secretariat.sees("1 announcement", "1: Seventh meeting on 18 March (draft)")


async def test_every_deed_is_in_the_audit_trail(talk: Talk) -> None:
    await is_drafted(talk, "acknowledge=yes")
    await talk.secretariat.says("announcement text 1 'Other words'")
    await talk.secretariat.says("announcement send 1")
    await talk.member.says("announcement acknowledge 1")
    await talk.secretariat.says("announcement nudge 1")
    await is_corrected(talk, "Better words")
    async with talk.database.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.subject == "announcement").order_by(AuditEntry.id)
        actions = list(await session.scalars(query))
    assert actions == ["draft", "change", "send", "acknowledge", "nudge", "correct"]


async def test_a_broadcast_to_thousands_is_a_few_statements(talk: Talk) -> None:
    await crowd(talk.database, 3_000)
    await is_drafted(talk)
    began = asyncio.get_running_loop().time()
    async with talk.database.writing() as session:
        found = await audiences.resolve(session, as_audience("everybody"), talk.dispatcher.household, NOW)
        words = Words("subscriptions/none")
        assert await broadcasts.send(session, 1, found, words, words, NOW) == 3_003
        assert await session.scalar(select(func.count()).select_from(Delivery)) == 3_003
        await session.rollback()
    assert asyncio.get_running_loop().time() - began < 10


async def test_whoever_changes_a_text_step_by_step_sees_what_it_is_now(talk: Talk) -> None:
    await is_drafted(talk)
    await talk.secretariat.presses("Change")
    await talk.secretariat.presses("The text")
    assert "```\n**Seventh meeting** on 18 March\n```" in talk.secretariat.message.markdown
    await talk.secretariat.says("It is on *19 March*")
    talk.secretariat.sees("Draft 1", "It is on 19 March")


async def test_what_is_scheduled_for_few_goes_to_many_only_when_their_number_is_typed(talk: Talk) -> None:
    await talk.secretariat.says("announce 'Hello' audience='people: Colleague'")
    await talk.secretariat.says("announcement schedule 1 '2024-10-01 09:00'")
    await crowd(talk.database, 30)
    await talk.secretariat.says("announcement audience 1 everybody")
    talk.secretariat.sees("Draft 1", "not scheduled any more", "1 channel and 32 people", "1 October 2024, 09:00")
    talk.clock.advance(timedelta(days=40))
    await talk.does_chores()
    talk.colleague.is_told_nothing()
    talk.clock.now = NOW
    await talk.secretariat.says("announcement audience 1 everybody")
    await talk.secretariat.presses("Schedule")
    await talk.secretariat.says("33")
    talk.clock.advance(timedelta(days=40))
    await talk.does_chores()
    talk.colleague.is_told("Hello")
