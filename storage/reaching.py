"""Reaching persons: where each of many is told things, in few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Account, Person, Target
from storage.targets import EMAIL
from storage.upsert import add_missing

NO_ADDRESS = "has no address yet"
NO_MAIL = "can only be reached by e-mail, which is not set up"
CLOSED = "takes no messages any more"
PAGE = 5_000
"""Values that are asked for in one statement; databases take some 32,000."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a person is told things. Without a target they cannot be reached, `because` of what."""

    person: int
    name: str
    target: int | None = None
    platform: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to a person: where it leads, how near it is to what they prefer (less is nearer), why it is closed."""

    platform: str
    address: str
    target: int | None
    rank: tuple[bool, bool, bool, int]
    closed: str


async def reach(
    session: AsyncSession,
    persons: Collection[int],
    mails: Mapping[int, str],
    listened: Mapping[int, int],
    has_mail: bool,
) -> Mapping[int, Reach]:
    """Where each person is told things: where they prefer, else where they listen, else in the chat where they spoke
    first, else by e-mail. What is closed is passed over while another way is open.

    `mails` are addresses of those who may have no account, `listened` targets where some of them listen.
    """
    names: dict[int, str] = {}
    ways: dict[int, list[_Way]] = {person: [] for person in persons}
    for page in in_pages(list(persons)):
        for row in await session.execute(_accounts(page)):
            names.setdefault(row.person, row.name or row.account_name or "")
            names[row.person] = names[row.person] or row.account_name or ""
            if row.platform is not None:
                is_listened = row.target is not None and listened.get(row.person) == row.target
                rank = (row.platform != row.reached_on, not is_listened, row.platform == EMAIL, row.account)
                closed = (row.closed_because or CLOSED) if row.closed_at else ""
                ways[row.person].append(_Way(row.platform, row.external_id, row.target, rank, closed))
    await _add_mails(session, ways, mails)
    chosen = {person: _chosen(ways[person], has_mail) for person in persons}
    made = await _made(session, [one for one in chosen.values() if isinstance(one, _Way) and one.target is None])
    return {
        person: Reach(
            person, names.get(person) or "somebody", one.target or made[one.platform, one.address], one.platform
        )
        if isinstance(one, _Way)
        else Reach(person, names.get(person) or "somebody", because=one)
        for person, one in chosen.items()
    }


def in_pages(values: Sequence[T]) -> Iterator[list[T]]:
    """The values, so many at once as a statement takes."""
    rest = iter(values)
    while page := list(islice(rest, PAGE)):
        yield page


def _accounts(persons: Sequence[int]) -> Select[*tuple[Any, ...]]:
    target = and_(Target.platform == Account.platform, Target.address == Account.external_id, Target.thread == "")
    return (
        select(
            Person.id.label("person"),
            Person.name,
            Person.reached_on,
            Account.id.label("account"),
            Account.name.label("account_name"),
            Account.platform,
            Account.external_id,
            Target.id.label("target"),
            Target.closed_at,
            Target.closed_because,
        )
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(Target, target)
        .where(Person.id.in_(persons))
        .order_by(Account.id)
    )


async def _add_mails(session: AsyncSession, ways: Mapping[int, list[_Way]], mails: Mapping[int, str]) -> None:
    """The addresses as the last way to those persons."""
    known: dict[str, tuple[int, str]] = {}
    for page in in_pages(sorted(set(mails.values()))):
        query = select(Target.id, Target.address, Target.closed_at, Target.closed_because).where(
            Target.platform == EMAIL, Target.address.in_(page)
        )
        for row in await session.execute(query):
            known[row.address] = row.id, (row.closed_because or CLOSED) if row.closed_at else ""
    for person, address in mails.items():
        target, closed = known.get(address, (None, ""))
        if person in ways:
            ways[person].append(_Way(EMAIL, address, target, (True, True, True, 0), closed))


def _chosen(ways: Sequence[_Way], has_mail: bool) -> _Way | str:
    """The best way that is open, or why there is none."""
    usable = sorted((one for one in ways if has_mail or one.platform != EMAIL), key=lambda one: one.rank)
    opened = next((one for one in usable if not one.closed), None)
    if opened:
        return opened
    if usable:
        return usable[0].closed
    return NO_MAIL if ways else NO_ADDRESS


async def _made(session: AsyncSession, ways: Sequence[_Way]) -> Mapping[tuple[str, str], int]:
    """The targets of ways that had none; another transaction may make some of them at the same time."""
    found: dict[tuple[str, str], int] = {}
    for page in in_pages(ways):
        rows: list[dict[str, object]] = [
            {
                "platform": one.platform,
                "address": one.address,
                "thread": "",
                "title": "",
                "is_secretariat": False,
                "closed_because": "",
            }
            for one in page
        ]
        await add_missing(session, Target, rows, ["platform", "address", "thread"])
        query = select(Target.id, Target.platform, Target.address).where(
            Target.thread == "", Target.address.in_([one.address for one in page])
        )
        found |= {(row.platform, row.address): row.id for row in await session.execute(query)}
    return found


async def addresses(session: AsyncSession, person: int) -> Sequence[tuple[str, str]]:
    """All accounts of a person, as (platform, address), oldest first."""
    query = select(Account.platform, Account.external_id).where(Account.person_id == person).order_by(Account.id)
    return [(row.platform, row.external_id) for row in await session.execute(query)]
