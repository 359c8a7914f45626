"""Subscriptions by command: who is told what, how often, and the ways out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.announcing.publish import publish, withdraw
from handlers.command import Reply
from handlers.outgoing import Priority
from storage import subscriptions
from storage.database import Database
from storage.tables import AuditEntry, Subscription
from storage.words import SubscriptionKind
from tests.talk import Talk

MEETINGS, ROADMAP = SubscriptionKind.MEETINGS, SubscriptionKind.ROADMAP


@dataclass
class News:
    """Something that happened in a session."""

    session: AsyncSession
    now: datetime


async def happens(
    talk: Talk,
    cause: str = "meeting:1",
    kind: SubscriptionKind = MEETINGS,
    priority: Priority = Priority.NORMAL,
    topics: tuple[str, ...] = (),
) -> int:
    """Something happens that a kind of subscribers hears of, and what is due of it is sent."""
    async with talk.database.writing() as session:
        reply = Reply("subscriptions/ended", place=cause)
        count = await publish(
            News(session, talk.clock.now),
            kind,
            reply,
            cause,
            headline=f"News of {cause}",
            priority=priority,
            topics=topics,
        )
    await talk.settles()
    return count


async def test_a_person_subscribes_and_is_told(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings, liaisons")
    talk.member.sees("Subscribed", "Here you get liaison statements and meetings at once.")
    await happens(talk)
    talk.member.is_told("meeting:1")


async def test_the_same_cause_is_told_once(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await happens(talk)
    await happens(talk)
    assert len(talk.member.told) == 1


async def test_another_kind_is_not_told(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await happens(talk, kind=ROADMAP)
    talk.member.is_told_nothing()


async def test_only_what_is_about_a_topic_comes(talk: Talk) -> None:
    await talk.member.says("subscribe here to roadmap topic qkdn-arch")
    await happens(talk, "item:1", ROADMAP, topics=("security",))
    talk.member.is_told_nothing()
    await happens(talk, "item:2", ROADMAP, topics=("qkdn-arch", "security"))
    talk.member.is_told("item:2")


async def test_an_unknown_topic_is_answered_with_those_that_there_are(talk: Talk) -> None:
    await talk.member.says("subscribe here to roadmap topic cheese")
    talk.member.sees("I know no topic “cheese”", "qkdn-arch")


async def test_only_the_secretariat_subscribes_a_channel(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings", channel=True)
    talk.member.sees("for the secretariat to choose")
    await talk.secretariat.says("subscribe here to meetings name='#general'", channel=True)
    await happens(talk)
    assert len(talk.channel_told("general")) == 1
    talk.member.is_told_nothing()


async def test_what_comes_has_a_tap_for_fewer(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await happens(talk)
    await talk.member.presses("Fewer of these", of=talk.member.told[-1])
    talk.member.sees_buttons("Once a day", "Once a week", "No more meetings", "Nothing any more")
    await talk.member.presses("No more meetings")
    talk.member.sees("Ended")
    await happens(talk, "meeting:2")
    assert len(talk.member.told) == 1


async def test_a_member_cannot_lessen_what_a_channel_hears(talk: Talk) -> None:
    await talk.secretariat.says("subscribe here to meetings", channel=True)
    await talk.member.says("fewer meetings", channel=True, kind="button")
    talk.member.sees("for the secretariat to choose")


async def test_a_daily_digest_comes_once_at_eight(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings daily")
    await happens(talk, "meeting:1")
    await happens(talk, "meeting:2")
    await talk.does_chores()
    talk.member.is_told_nothing()
    talk.clock.now = datetime(2024, 9, 3, 6, 0, tzinfo=UTC)
    await talk.does_chores()
    talk.member.is_told("News of meeting:1", "News of meeting:2")
    await talk.does_chores()
    assert len(talk.member.told) == 1


async def test_a_weekly_digest_comes_on_monday(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings weekly")
    await happens(talk)
    talk.clock.now = datetime(2024, 9, 9, 5, 59, tzinfo=UTC)
    await talk.does_chores()
    talk.member.is_told_nothing()
    talk.clock.advance(timedelta(minutes=1))
    await talk.does_chores()
    talk.member.is_told("Meetings", "News of meeting:1")


async def test_what_was_withdrawn_is_in_no_digest(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings daily")
    await happens(talk, "meeting:1")
    async with talk.database.writing() as session:
        await withdraw(News(session, talk.clock.now), "meeting:1")
    talk.clock.advance(timedelta(days=2))
    await talk.does_chores()
    talk.member.is_told_nothing()


async def test_a_digest_goes_to_nobody_who_left(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings daily")
    await happens(talk)
    await talk.member.says("unsubscribe")
    talk.clock.advance(timedelta(days=2))
    await talk.does_chores()
    talk.member.is_told_nothing()


async def test_nothing_comes_in_quiet_hours(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings quiet=10:00-12:30")
    await happens(talk)
    talk.member.is_told_nothing()
    talk.clock.now = datetime(2024, 9, 2, 10, 30, tzinfo=UTC)
    await talk.settles()
    talk.member.is_told("meeting:1")


async def test_what_is_urgent_comes_in_quiet_hours(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings weekly quiet=10:00-12:30")
    await happens(talk, priority=Priority.URGENT)
    talk.member.is_told("meeting:1")


async def test_subscriptions_are_listed_with_buttons_that_change_them(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await talk.member.says("subscriptions")
    talk.member.sees("Here you get meetings at once.")
    await talk.member.presses("Once a week")
    talk.member.sees("Changed", "meetings once a week")
    await talk.member.presses("Quiet at night")
    talk.member.sees("Quiet hours 22:00-07:00 (Europe/Zurich)")
    await talk.member.presses("Nothing any more")
    talk.member.sees("Ended")
    await talk.member.says("subscriptions")
    talk.member.sees("Nothing comes here")


@pytest.mark.parametrize(
    "line", ["subscription show 1", "subscription change 1 how=weekly", "unsubscribe 1", "fewer meetings 1"]
)
async def test_a_subscription_of_somebody_else_is_not_there(talk: Talk, line: str) -> None:
    await talk.member.says("subscribe here to meetings")
    await talk.colleague.says(line)
    talk.colleague.sees("There is no subscription 1")


async def test_the_secretariat_sees_and_changes_all(talk: Talk) -> None:
    await talk.member.says("subscribe here to meetings")
    await talk.secretariat.says("subscriptions")
    talk.secretariat.sees("1 subscription in all", "Member (Slack) gets meetings at once")
    await talk.secretariat.says("subscription change 1 what='roadmap weekly'")
    talk.secretariat.sees("Member (Slack) gets roadmap news once a week")


async def test_without_mail_no_address_is_subscribed(talk: Talk) -> None:
    await talk.secretariat.says("subscribe kim@example.org to meetings")
    talk.secretariat.sees("E-mail is not set up")


async def test_the_secretariat_subscribes_an_address(sample: Database) -> None:
    talk = Talk(sample, has_mail=True)
    await talk.secretariat.says("subscribe Kim@Example.org to meetings")
    talk.secretariat.sees("kim@example.org gets meetings at once")
    await happens(talk)
    assert len(talk.mailed("kim@example.org")) == 1


async def test_a_member_subscribes_no_address_that_is_not_theirs(sample: Database) -> None:
    talk = Talk(sample, has_mail=True)
    await talk.member.says("subscribe kim@example.org to meetings")
    talk.member.sees("not known to be yours")


async def test_an_address_is_not_shown_in_a_channel(sample: Database) -> None:
    talk = Talk(sample, has_mail=True)
    await talk.secretariat.says("subscribe kim@example.org to meetings", channel=True)
    talk.secretariat.sees_not("kim@example.org")


async def test_every_change_is_in_the_audit_trail_without_addresses(sample: Database) -> None:
    talk = Talk(sample, has_mail=True)
    await talk.secretariat.says("subscribe kim@example.org to meetings")
    await talk.secretariat.says("subscription change 1 how=daily")
    await talk.secretariat.says("unsubscribe kim@example.org")
    async with sample.reading() as session:
        entries = list(await session.scalars(select(AuditEntry).where(AuditEntry.subject == subscriptions.SUBJECT)))
        assert await session.scalar(select(Subscription.ended_at)) is not None
    assert [entry.action for entry in entries] == ["subscribe", "change", "unsubscribe"]
    assert "kim@example.org" not in str([(entry.before, entry.after) for entry in entries])


@pytest.mark.parametrize("line", ["subscribe to cheese", "subscribe here to", "subscribe mars to meetings"])
async def test_what_is_no_wish_is_asked_for_again(talk: Talk, line: str) -> None:
    await talk.member.says(line, kind="command")
    assert talk.member.is_asked


async def test_nobody_learns_whether_somebody_elses_address_is_subscribed(sample: Database) -> None:
    talk = Talk(sample, has_mail=True)
    await talk.secretariat.says("subscribe list@example.org to announcements")
    await talk.member.says("unsubscribe list@example.org")
    said = talk.member.seen
    await talk.member.says("unsubscribe nobody@example.org")
    assert talk.member.seen == said
