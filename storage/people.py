"""Persons and accounts: who is speaking, and what they may do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import bindparam, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from storage.roles import Role
from storage.tables import Account, Grant, Person, Representative
from storage.words import Approval, RepresentativeStatus


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
    Persons who have been gone for `forget_after` are forgotten; None: never. `reflector` is the address that mails to a
    whole list of people, where there is one. `public_url` is the address of the web endpoint, without a slash at its
    end, where it has one. `outgoing_numbers` and `incoming_numbers` are the patterns of our numbers
    of liaison statements. `approval` says who approves one before it is sent, `liaison_template`
    is the path of an own Word template of them.
    """

    zone: ZoneInfo
    administrators: Collection[str] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    newcomers: Role = Role.MEMBER
    guests_ask: bool = True
    has_mail: bool = False
    forget_after: timedelta | None = None
    reflector: str = ""
    public_url: str = ""
    outgoing_numbers: str = "{host}-LS{n}"
    incoming_numbers: str = "{host}-IN{n}"
    approval: Approval = Approval.CHAIR
    liaison_template: str = ""

    def role_of(
        self, account: str, granted: int | None, *, represents: bool = False, others: Collection[str] = ()
    ) -> Role:
        """The role of an account to whose person the database gives `granted`; None is no grant at all.

        `others` are the person's other accounts: an administrator is one wherever they speak.
        Who `represents` a group is a representative at least, unless they were made a guest: that is how somebody is
        shut out.
        """
        if account in self.roles:
            return self.roles[account]
        if account in self.administrators or any(one in self.administrators for one in others):
            return Role.ADMINISTRATOR
        role = self.newcomers if granted is None else Role(granted)
        return max(role, Role.REPRESENTATIVE) if represents and granted != Role.GUEST else role


@dataclass(frozen=True, slots=True)
class Known:
    """A person as others may be shown one."""

    id: int
    name: str


# One statement, since every question asks it.
_RANK = select(func.max(Grant.role)).where(Grant.person_id == Person.id).scalar_subquery()
_REPRESENTS = exists().where(
    Representative.person_id == Person.id, Representative.status == RepresentativeStatus.CONFIRMED
)
_OTHER = aliased(Account)
_ACCOUNTS = (
    select(func.aggregate_strings(_OTHER.platform + ":" + _OTHER.external_id, "\n"))
    .where(_OTHER.person_id == Person.id)
    .scalar_subquery()
)
_CALLER = (
    select(
        Account.id,
        Person.id,
        Person.name,
        Account.name,
        Person.timezone,
        Account.timezone,
        _RANK.label("role"),
        _REPRESENTS.label("represents"),
        _ACCOUNTS.label("accounts"),
    )
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
    account_id, person_id, name, account_name, own_zone, platform_zone, granted, represents, others = row
    return Caller(
        account_id=account_id,
        person_id=person_id,
        platform=newcomer.platform,
        external_id=newcomer.external_id,
        name=name or account_name,
        role=household.role_of(newcomer.key, granted, represents=represents, others=others.split("\n")),
        zone=known_zone(own_zone) or known_zone(platform_zone) or household.zone,
        zone_is_own=bool(own_zone),
    )


async def name_of(session: AsyncSession, person_id: int) -> str:
    """What the person is called: their own name, else one of their accounts'. Empty for one who was forgotten."""
    name = await session.scalar(select(Person.name).where(Person.id == person_id))
    if name:
        return name
    query = select(Account.name).where(Account.person_id == person_id, Account.name != "").order_by(Account.id)
    return await session.scalar(query.limit(1)) or ""


async def meant(session: AsyncSession, text: str, most: int = 8) -> Sequence[Known]:
    """The persons whom somebody means by a number, an account (`slack:T1/U1`), an address, or a part of a name."""
    query = select(Person.id, Person.name).where(Person.merged_into.is_(None), Person.forgotten_at.is_(None))
    typed = text.strip()
    platform, colon, external_id = typed.partition(":")
    if typed.isascii() and typed.isdecimal() and len(typed) < 10:
        query = query.where(Person.id == int(typed))
    elif colon and external_id:
        has_it = (Account.platform == platform.strip().lower(), Account.external_id == external_id.strip())
        query = query.where(exists().where(Account.person_id == Person.id, *has_it))
    elif "@" in typed:
        address = typed.lower()
        proved = exists().where(
            Account.person_id == Person.id, Account.platform == "email", Account.external_id == address
        )
        entered = exists().where(Representative.person_id == Person.id, Representative.email == address)
        query = query.where(proved | entered)
    else:
        of_account = exists().where(Account.person_id == Person.id, Account.name.icontains(typed, autoescape=True))
        query = query.where(Person.name.icontains(typed, autoescape=True) | of_account)
    rows = (await session.execute(query.order_by(Person.name, Person.id).limit(most))).all()
    return [Known(row.id, row.name or await name_of(session, row.id)) for row in rows]


async def set_zone(session: AsyncSession, person_id: int, zone: ZoneInfo) -> None:
    """From now on times are shown to the person in this zone."""
    await session.execute(update(Person).where(Person.id == person_id).values(timezone=zone.key))


def known_zone(name: str) -> ZoneInfo | None:
    """The zone of that IANA name, or None."""
    if not name or name not in available_zone_names():
        return None
    return ZoneInfo(name)


@cache
def available_zone_names() -> Collection[str]:
    """The names are looked up in the file system, and everybody who speaks has one."""
    return frozenset(available_timezones())


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
