"""Meetings of the host group: which there are, and which comes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Meeting
from storage.words import MeetingStatus

PLANNED = (MeetingStatus.TENTATIVE, MeetingStatus.CONFIRMED)


async def all_meetings(session: AsyncSession) -> Sequence[Meeting]:
    """Every meeting, by number."""
    return (await session.scalars(select(Meeting).order_by(Meeting.number))).all()


async def numbered(session: AsyncSession, number: int) -> Meeting | None:
    return await session.scalar(select(Meeting).where(Meeting.number == number))


async def locked(session: AsyncSession, number: int) -> Meeting | None:
    """As `numbered`; until the transaction ends nobody else changes it."""
    query = select(Meeting).where(Meeting.number == number).with_for_update()
    return await session.scalar(query.execution_options(populate_existing=True))


async def last_held(session: AsyncSession, before: int) -> Meeting | None:
    """The meeting of a lower number that was held last."""
    is_before = (Meeting.number < before, Meeting.status == MeetingStatus.HELD)
    return await session.scalar(select(Meeting).where(*is_before).order_by(Meeting.number.desc()).limit(1))


def upcoming(meetings: Sequence[Meeting], today: date) -> list[Meeting]:
    """Those that are planned: first those with a day to come, in order, then those whose date is vague or has passed
    without anybody saying that they were held."""
    planned = [meeting for meeting in meetings if meeting.status in PLANNED]
    dated = [meeting for meeting in planned if meeting.begins_on >= today.isoformat()[: len(meeting.begins_on) or 10]]
    dated = sorted((meeting for meeting in dated if meeting.begins_on), key=lambda meeting: meeting.begins_on)
    return dated + [meeting for meeting in planned if meeting not in dated]


def held(meetings: Sequence[Meeting]) -> list[Meeting]:
    """Those that took place, oldest first."""
    return [meeting for meeting in meetings if meeting.status is MeetingStatus.HELD]
