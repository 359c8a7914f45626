"""Persons and accounts: who is speaking, and what they may do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from storage.roles import Role
from storage.tables import Account, Grant, Person


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is speaking: an account on a platform, the person behind it, their role and their zone."""

    account_id: int
    person_id: int
    platform: str
    external_id: str
    name: str
    role: Role
    zone: ZoneInfo
    zone_is_own: bool


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What a platform knows of whoever speaks. `zone` may be empty."""

    platform: str
    external_id: str
    name: str = ""
    zone: str = ""

    @property
    def key(self) -> str:
        return f"{self.platform}:{self.external_id}"


@dataclass(frozen=True, slots=True)
class Household:
    """What is known of people beside the database: the zone of those who set none, and the first administrators.

    `roles` are those of accounts in this process alone, whatever else is said of them. `newcomers` is the role of whom
    nobody gave one; `guests_ask`: guests may ask questions, else only register. `has_mail`: e-mail can be sent.
    """

    zone: ZoneInfo
    administrators: Collection[str] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    newcomers: Role = Role.MEMBER
    guests_ask: bool = True
    has_mail: bool = False

    def role_of(self, account: str, granted: int | None) -> Role:
        """The role of an account to which the database gives `granted`; None is no grant at all."""
        if account in self.roles:
            return self.roles[account]
        if account in self.administrators:
            return Role.ADMINISTRATOR
        return self.newcomers if granted is None else Role(granted)


_RANK = select(func.max(Grant.role)).where(Grant.person_id == Person.id).scalar_subquery()
_CALLER = (
    select(Account.id, Person.id, Person.name, Account.name, Person.timezone, Account.timezone, _RANK.label("role"))
    .join(Person, Person.id == Account.person_id)
    .where(Account.platform == bindparam("platform"), Account.external_id == bindparam("external_id"))
)


async def identify(session: AsyncSession, newcomer: Newcomer, household: Household, now: datetime) -> Caller:
    """The caller behind an account; a person and an account are made for one who has never spoken."""
    account = {"platform": newcomer.platform, "external_id": newcomer.external_id}
    row = (await session.execute(_CALLER, account)).first()
    if row is None:
        await _welcome(session, newcomer, now)
        row = (await session.execute(_CALLER, account)).one()
    account_id, person_id, name, account_name, own_zone, platform_zone, granted = row
    return Caller(
        account_id=account_id,
        person_id=person_id,
        platform=newcomer.platform,
        external_id=newcomer.external_id,
        name=name or account_name,
        role=household.role_of(newcomer.key, granted),
        zone=known_zone(own_zone) or known_zone(platform_zone) or household.zone,
        zone_is_own=bool(own_zone),
    )


async def set_zone(session: AsyncSession, person_id: int, zone: ZoneInfo) -> None:
    """From now on times are shown to the person in this zone."""
    await session.execute(update(Person).where(Person.id == person_id).values(timezone=zone.key))


def known_zone(name: str) -> ZoneInfo | None:
    """The zone of that IANA name, or None."""
    if not name or name not in available_zone_names():
        return None
    return ZoneInfo(name)


def available_zone_names() -> Collection[str]:
    return available_timezones()


async def _welcome(session: AsyncSession, newcomer: Newcomer, now: datetime) -> None:
    try:
        async with session.begin_nested():
            made = insert(Person).values(name=newcomer.name, created_at=now).returning(Person.id)
            person_id = (await session.execute(made)).scalar_one()
            account = {"platform": newcomer.platform, "external_id": newcomer.external_id, "name": newcomer.name}
            zone = newcomer.zone if known_zone(newcomer.zone) else ""
            await session.execute(insert(Account).values(person_id=person_id, timezone=zone, created_at=now, **account))
    except IntegrityError:
        return  # the same account spoke twice at once, and the other one was first
