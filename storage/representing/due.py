"""What is due in the list of representatives. A claim marks the rows, so that two processes never do it twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Representative
from storage.words import RepresentativeStatus

UNDECIDED = timedelta(days=3)
"""After so long the secretariat is reminded of a request, and again each time."""
YEAR = timedelta(days=365)
BEFORE_END = timedelta(days=30)
SILENCE = timedelta(days=30)
_ANEW = BEFORE_END + timedelta(days=1)

_R = Representative
_is_pending = _R.status == RepresentativeStatus.PENDING
_is_confirmed = _R.status == RepresentativeStatus.CONFIRMED


def _is_over(on: date) -> ColumnElement[bool]:
    """`until` is a year, a month or a day, and the whole of it lies before that day."""
    return and_(_R.until != "", _R.until < func.substr(literal(on.isoformat()), 1, func.length(_R.until)))


async def past_their_end(session: AsyncSession, today: date, limit: int = 500) -> Sequence[int]:
    """Representatives whose term is over."""
    return list(await session.scalars(select(_R.id).where(_is_confirmed, _is_over(today)).order_by(_R.id).limit(limit)))


async def claim_undecided(session: AsyncSession, now: datetime) -> Sequence[int]:
    """Requests that nobody decided for three days, or three days more since the secretariat was reminded."""
    is_due = func.coalesce(_R.reported_at, _R.requested_at) <= now - UNDECIDED
    return await _claim(session, and_(_is_pending, is_due), {"reported_at": now})


async def claim_to_ask(session: AsyncSession, now: datetime, today: date, limit: int) -> Sequence[int]:
    """Representatives to ask whether they still are: near the end of their term, and a year after the last word."""
    ends = and_(_is_over(today + BEFORE_END), or_(_R.asked_at.is_(None), _R.asked_at < now - _ANEW))
    heard = func.coalesce(_R.answered_at, _R.decided_at, _R.requested_at)
    is_long_ago = and_(heard <= now - YEAR, or_(_R.asked_at.is_(None), _R.asked_at <= now - YEAR))
    is_due = and_(_is_confirmed, ~_is_over(today), or_(ends, is_long_ago))
    return await _claim(session, is_due, {"asked_at": now}, limit)


async def claim_silent(session: AsyncSession, now: datetime) -> Sequence[int]:
    """Representatives who did not answer for thirty days, and whom the secretariat was not told of since."""
    is_unanswered = or_(_R.answered_at.is_(None), _R.answered_at < _R.asked_at)
    is_news = or_(_R.reported_at.is_(None), _R.reported_at < _R.asked_at)
    is_silent = and_(_is_confirmed, _R.asked_at <= now - SILENCE, is_unanswered, is_news)
    return await _claim(session, is_silent, {"reported_at": now})


async def _claim(
    session: AsyncSession, is_due: ColumnElement[bool], values: dict[str, object], limit: int = 500
) -> Sequence[int]:
    some = select(_R.id).where(is_due).order_by(_R.id).limit(limit)
    # The condition stands twice: a row that another process changed meanwhile is looked at again.
    claimed = update(_R).where(_R.id.in_(some), is_due).values(values).returning(_R.id)
    return sorted(await session.scalars(claimed, execution_options={"synchronize_session": False}))
