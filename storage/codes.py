"""One-time codes: six digits that prove an address, eight characters that link two accounts."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import AuditEntry, Code
from storage.words import CodePurpose

LASTS = timedelta(minutes=15)
"""So long a code may be used."""

TRIES = 5
"""Wrong tries after which a code is over."""

WINDOW = timedelta(hours=1)
"""What the limits below are counted over: guessing does not begin anew with every new code."""

MOST_SENT = 3
"""Codes that one address is sent in the window, whoever asks for them."""

MOST_ASKED = 5
"""Codes that one person may have sent in the window, to whatever addresses."""

MOST_WRONG = 10
"""Wrong tries of one person, and for one address, in the window."""

KEPT = timedelta(days=1)
"""So long a code that is over is kept, for the limits."""

GUESSED = "guess link"
"""The audit's word for a link code that was none: whoever guesses owns no code on which it could be counted."""

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 and O, 1, I and L, which look alike
_LINK_LENGTH = 8
_SELECTOR = 3  # first characters of a link code, by which its row is found

# Six digits are a million: from a fast hash they are found in a millisecond by whoever reads the table. With scrypt at
# these costs (about 40 ms and 16 MB a try) that takes half a day, and the code is over after a quarter of an hour.
_COST = 2**14
_BLOCK = 8


class Outcome(StrEnum):
    """How a try of a code ended."""

    RIGHT = "right"
    WRONG = "wrong"
    NONE = "none"
    USED = "used"
    LATE = "late"
    EXHAUSTED = "exhausted"
    TOO_MANY = "too many"


@dataclass(frozen=True, slots=True)
class Made:
    """A new code in the clear, which is told once and kept nowhere."""

    id: int
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Trial:
    """A try of a code: how it ended, the address or person that it proves, and how many tries are left."""

    outcome: Outcome
    address: str = ""
    person_id: int = 0
    left: int = 0
    again_at: datetime | None = None


async def next_sending(session: AsyncSession, person_id: int, address: str, now: datetime) -> datetime | None:
    """When the person may have a code sent to the address again; None: now."""
    ways = ((Code.person_id == person_id, MOST_ASKED), (Code.proves == address, MOST_SENT))
    times = [await _nth_newest(session, where, most, now) for where, most in ways]
    return max((made + WINDOW for made in times if made), default=None)


async def make_for_address(session: AsyncSession, person_id: int, address: str, now: datetime) -> Made:
    """Six digits that will prove the address to be the person's; an older code of theirs for it is over."""
    code = f"{secrets.randbelow(10**6):06}"
    await _end(session, person_id, CodePurpose.ADDRESS, now, address)
    return await _keep(session, person_id, CodePurpose.ADDRESS, address, code, now)


async def make_for_link(session: AsyncSession, person_id: int, now: datetime) -> Made:
    """Eight characters that will make another account the person's own; an older link code of theirs is over."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LINK_LENGTH))
    await _end(session, person_id, CodePurpose.LINK, now)
    return await _keep(session, person_id, CodePurpose.LINK, code[:_SELECTOR], code, now)


async def try_for_address(session: AsyncSession, person_id: int, typed: str, now: datetime) -> Trial:
    """Whether the digits prove an address of the person. Of two who use one code at once, one is right.

    The try is counted before the digits are looked at, so that a thousand tries at once are five as well.
    """
    mine = Code.person_id == person_id
    waiting = await awaited(session, person_id, now)
    again_at = await _next_try(session, or_(mine, Code.proves.in_(waiting)), now)
    if again_at:
        return Trial(Outcome.TOO_MANY, again_at=again_at)
    open_ones = update(Code).where(mine, Code.purpose == CodePurpose.ADDRESS, *_open(now))
    taken = open_ones.values(tries=Code.tries + 1).returning(Code.id, Code.proves, Code.salt, Code.digest, Code.tries)
    rows = (await session.execute(taken.execution_options(synchronize_session=False))).all()
    for row in rows:
        if await _fits(row.salt, row.digest, typed):
            await _give_back(session, [one.id for one in rows])
            await _use(session, row.id, now)
            return Trial(Outcome.RIGHT, row.proves)
    if not rows:
        return Trial(await _why_none(session, person_id, now))
    newest = max(rows, key=lambda row: row.id)
    return Trial(Outcome.WRONG, newest.proves, left=TRIES - newest.tries)


async def try_for_link(session: AsyncSession, person_id: int, typed: str, now: datetime) -> Trial:
    """Whose link code it is. Of two who use one code at once, one is right. `person_id` is who types."""
    guesses = select(AuditEntry.at).where(
        AuditEntry.subject == "person",
        AuditEntry.subject_id == str(person_id),
        AuditEntry.action == GUESSED,
        AuditEntry.at > now - WINDOW,
    )
    wrong = list(await session.scalars(guesses.order_by(AuditEntry.at)))
    if len(wrong) >= MOST_WRONG:
        return Trial(Outcome.TOO_MANY, again_at=wrong[-MOST_WRONG] + WINDOW)
    query = (
        select(Code.id, Code.salt, Code.digest, Code.person_id, Code.over_at, Code.expires_at)
        .where(Code.purpose == CodePurpose.LINK, Code.proves == typed[:_SELECTOR], Code.expires_at > now - KEPT)
        .order_by(Code.id.desc())
    )
    for row in await session.execute(query):
        if await _fits(row.salt, row.digest, typed):
            if row.expires_at <= now:
                return Trial(Outcome.LATE)
            is_first = row.over_at is None and await _use(session, row.id, now)
            return Trial(Outcome.RIGHT if is_first else Outcome.USED, person_id=row.person_id)
    return Trial(Outcome.WRONG, left=MOST_WRONG - len(wrong) - 1)


async def spoil(session: AsyncSession, typed: str, now: datetime) -> None:
    """A link code that others have read is worth nothing any more."""
    query = select(Code.id, Code.salt, Code.digest).where(
        Code.purpose == CodePurpose.LINK, Code.proves == typed[:_SELECTOR], Code.over_at.is_(None)
    )
    for row in (await session.execute(query)).all():
        if await _fits(row.salt, row.digest, typed):
            await _use(session, row.id, now)


async def awaited(session: AsyncSession, person_id: int, now: datetime) -> Sequence[str]:
    """The addresses for which the person has a code that may still be used, newest first."""
    query = select(Code.proves).where(Code.person_id == person_id, Code.purpose == CodePurpose.ADDRESS, *_open(now))
    return list(await session.scalars(query.order_by(Code.id.desc())))


async def is_wanted(session: AsyncSession, person_id: int, now: datetime) -> bool:
    """Whether the person was sent a code lately that they have not used."""
    query = select(Code.over_at).where(
        Code.person_id == person_id, Code.purpose == CodePurpose.ADDRESS, Code.made_at > now - WINDOW
    )
    newest = (await session.execute(query.order_by(Code.id.desc()).limit(1))).first()
    return newest is not None and newest.over_at is None


async def last_address(session: AsyncSession, person_id: int) -> str:
    """The address to which the person had a code sent last; empty when there is none."""
    query = select(Code.proves).where(Code.person_id == person_id, Code.purpose == CodePurpose.ADDRESS)
    return await session.scalar(query.order_by(Code.id.desc()).limit(1)) or ""


async def forget(session: AsyncSession, now: datetime) -> None:
    """Remove codes that no limit counts any more."""
    await session.execute(delete(Code).where(Code.expires_at < now - KEPT))


async def _keep(
    session: AsyncSession, person_id: int, purpose: CodePurpose, proves: str, code: str, now: datetime
) -> Made:
    salt = secrets.token_hex(16)
    row = Code(
        person_id=person_id,
        purpose=purpose,
        proves=proves,
        salt=salt,
        digest=await _digest(code, salt),
        made_at=now,
        expires_at=now + LASTS,
    )
    session.add(row)
    await session.flush()
    return Made(row.id, code, now + LASTS)


async def _end(
    session: AsyncSession, person_id: int, purpose: CodePurpose, now: datetime, address: str | None = None
) -> None:
    ended = update(Code).where(Code.person_id == person_id, Code.purpose == purpose, Code.over_at.is_(None))
    if address is not None:
        ended = ended.where(Code.proves == address)
    await session.execute(ended.values(over_at=now).execution_options(synchronize_session=False))


async def _use(session: AsyncSession, code: int, now: datetime) -> bool:
    """Whether this was the first use."""
    used = update(Code).where(Code.id == code, Code.over_at.is_(None)).values(over_at=now).returning(Code.id)
    return (await session.execute(used.execution_options(synchronize_session=False))).first() is not None


async def _give_back(session: AsyncSession, ids: Sequence[int]) -> None:
    """The try that was taken from these was no wrong one."""
    back = update(Code).where(Code.id.in_(ids)).values(tries=Code.tries - 1)
    await session.execute(back.execution_options(synchronize_session=False))


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Code.over_at.is_(None), Code.tries < TRIES, Code.expires_at > now


async def _why_none(session: AsyncSession, person_id: int, now: datetime) -> Outcome:
    """What became of the person's newest code for an address."""
    query = select(Code.over_at, Code.expires_at).where(
        Code.person_id == person_id, Code.purpose == CodePurpose.ADDRESS
    )
    row = (await session.execute(query.order_by(Code.id.desc()).limit(1))).first()
    if row is None:
        return Outcome.NONE
    if row.over_at is not None:
        return Outcome.USED
    return Outcome.LATE if row.expires_at <= now else Outcome.EXHAUSTED


async def _nth_newest(session: AsyncSession, whose: ColumnElement[bool], count: int, now: datetime) -> datetime | None:
    """When the one was made after which `count` have been made in the window; None when there are fewer."""
    query = select(Code.made_at).where(whose, Code.purpose == CodePurpose.ADDRESS, Code.made_at > now - WINDOW)
    return await session.scalar(query.order_by(Code.id.desc()).offset(count - 1).limit(1))


async def _next_try(session: AsyncSession, whose: ColumnElement[bool], now: datetime) -> datetime | None:
    """When a code may be tried again; None: now."""
    query = select(func.sum(Code.tries), func.min(Code.made_at)).where(
        whose, Code.purpose == CodePurpose.ADDRESS, Code.tries > 0, Code.made_at > now - WINDOW
    )
    wrong, first = (await session.execute(query)).one()
    return first + WINDOW if first and wrong >= MOST_WRONG else None


async def _fits(salt: str, digest: str, typed: str) -> bool:
    return hmac.compare_digest(await _digest(typed, salt), digest)


async def _digest(code: str, salt: str) -> str:
    """In a thread, since it takes its time."""
    made = await asyncio.to_thread(hashlib.scrypt, code.encode(), salt=salt.encode(), n=_COST, r=_BLOCK, p=1, dklen=32)
    return made.hex()
