"""Forgetting: a person's own data go, the public record stays without the name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Delete,
    String,
    Update,
    and_,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from storage import audit
from storage.liaison.leaving import leave
from storage.merging import everyone
from storage.people import Household
from storage.representing import deeds
from storage.representing.trail import Actor
from storage.roles import Role
from storage.tables import (
    Account,
    AuditEntry,
    Code,
    Conversation,
    Delivery,
    Dialogue,
    Grant,
    Group,
    Notice,
    Person,
    Recipient,
    Reminder,
    Representative,
    Subscription,
    Target,
)
from storage.targets import EMAIL
from storage.words import OPEN, CodePurpose, DeliveryState, RepresentativeStatus

MOST = 100
"""Persons who are forgotten in one go."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What is left: all entries of the person in the list of representatives, and those of them that ended by it.

    `beside` are the entries of others about which something was said that names the person, `statements` the liaison
    statements of which that is true.
    """

    entries: Sequence[int]
    ended: Sequence[int]
    beside: Sequence[int]
    statements: Sequence[int]


async def forget(session: AsyncSession, person_id: int, reason: str, actor: Actor, now: datetime) -> Forgotten:
    """Remove what is held about the person; `reason` stands in the public record of what ended by it.

    Names, accounts, addresses, affiliations, codes, forms half-way, last queries, subscriptions, reminders and roles
    go, and of what they were told it stays only how often. Representatives' entries stay without a name, and so does
    the audit trail, which has no names in it and no longer says in which conversation the person spoke. An event that
    is just being handled is emptied when it is answered, as all events are.
    """
    persons = await everyone(session, person_id)
    them = select(Person.id).where(Person.id.in_(persons)).order_by(Person.id)
    await session.execute(them.with_for_update(key_share=True))
    query = select(Representative.id).where(Representative.person_id.in_(persons)).order_by(Representative.id)
    entries = list(await session.scalars(query))
    beside = await _beside(session, persons, entries)
    ended = [one for one in entries if await deeds.end(session, one, reason, actor, now)]
    statements = await leave(session, persons)
    await _silence(session, persons, entries, now)
    of_them = select(Account.id).where(Account.person_id.in_(persons))
    nobody = {"name": "", "timezone": "", "reached_on": "", "forgotten_at": now}
    impersonal = {"email": "", "email_proved_at": None, "affiliation": ""}
    await _change(
        session,
        delete(Dialogue).where(Dialogue.account_id.in_(of_them)),
        delete(Conversation).where(Conversation.account_id.in_(of_them)),
        delete(Account).where(Account.person_id.in_(persons)),
        delete(Code).where(Code.person_id.in_(persons)),
        delete(Grant).where(Grant.person_id.in_(persons)),
        delete(Reminder).where(Reminder.person_id.in_(persons)),
        update(Representative).where(Representative.person_id.in_(persons)).values(impersonal),
        update(Person).where(Person.id.in_(persons)).values(nobody),
    )
    await audit.blur(session, persons)
    return Forgotten(entries, ended, beside, statements)


async def _beside(session: AsyncSession, persons: Collection[int], entries: Sequence[int]) -> Sequence[int]:
    """Entries of others that followed the person's, that the person decided on, or that compete with theirs."""
    groups = select(Representative.group_id).where(Representative.id.in_(entries))
    competes = and_(Representative.status == RepresentativeStatus.PENDING, Representative.group_id.in_(groups))
    names_them = or_(Representative.follows.in_(entries), Representative.decided_by.in_(persons), competes)
    query = select(Representative.id).where(names_them, Representative.id.not_in(entries))
    return list(await session.scalars(query.order_by(Representative.id)))


async def long_gone(session: AsyncSession, household: Household, before: datetime) -> Sequence[int]:
    """Persons of whom nothing was heard since then, who represent no group and have no rights, the oldest first."""
    mine = Account.person_id == Person.id
    spoke = (
        exists().where(mine, Account.created_at >= before),
        exists().where(mine, Conversation.account_id == Account.id, Conversation.updated_at >= before),
        exists().where(mine, Dialogue.account_id == Account.id, Dialogue.updated_at >= before),
        exists().where(AuditEntry.person_id == Person.id, AuditEntry.at >= before),
        exists().where(Code.person_id == Person.id, Code.made_at >= before),
    )
    serves = (
        exists().where(
            Representative.person_id == Person.id,
            or_(Representative.status.in_(OPEN), Representative.ended_at >= before),
        ),
        exists().where(Grant.person_id == Person.id, Grant.role >= int(Role.SECRETARIAT)),
        exists().where(mine, (Account.platform + ":" + Account.external_id).in_(list(household.administrators))),
    )
    query = (
        select(Person.id)
        .where(
            Person.created_at < before,
            Person.forgotten_at.is_(None),
            Person.merged_into.is_(None),
            *(~one for one in (*spoke, *serves)),
        )
        .order_by(Person.id)
        .limit(MOST)
    )
    return list(await session.scalars(query))


async def _silence(session: AsyncSession, persons: Collection[int], entries: Collection[int], now: datetime) -> None:
    """Nothing is said to or about the persons any more, and what was said is not kept."""
    theirs = list(await session.scalars(select(Target.id).where(_their_targets(persons))))
    about = _about(persons, entries)
    to_them = Delivery.target_id.in_(theirs)
    concerned = set(await session.scalars(select(Delivery.notice_id).where(or_(to_them, about)).distinct()))
    others = select(Delivery.notice_id).where(Delivery.notice_id.in_(concerned), ~to_them, ~about)
    private = concerned - set(await session.scalars(others))
    waiting = Delivery.state == DeliveryState.WAITING
    await _change(
        session,
        delete(Subscription).where(Subscription.target_id.in_(theirs)),
        update(Delivery).where(or_(to_them, about), waiting).values(state=DeliveryState.DROPPED),
        update(Delivery).where(to_them).values(receipt={}, problem=""),
        update(Notice).where(Notice.id.in_(private)).values(data={}, buttons=[], subject=""),
        update(Target)
        .where(Target.id.in_(theirs))
        .values(
            address=literal("forgotten:") + cast(Target.id, String),
            title="",
            is_secretariat=False,
            closed_at=now,
            closed_because="forgotten",
        ),
    )


def _their_targets(persons: Collection[int]) -> ColumnElement[bool]:
    """Where the persons were told things: their accounts, and addresses that they or others entered for them.

    An address that they did not prove is theirs only where nobody else has it: anybody may type one.
    """
    is_account = and_(Account.platform == Target.platform, Account.external_id == Target.address)
    entered = select(Representative.email).where(Representative.person_id.in_(persons), Representative.email != "")
    asked = select(Code.proves).where(Code.person_id.in_(persons), Code.purpose == CodePurpose.ADDRESS)
    others = (
        exists().where(is_account, Account.person_id.not_in(persons)),
        exists().where(Representative.email == Target.address, Representative.person_id.not_in(persons)),
        exists().where(Recipient.target_id == Target.id, func.coalesce(Recipient.person_id, 0).not_in(persons)),
        exists().where(Subscription.target_id == Target.id, Subscription.ended_at.is_(None)),
        exists().where(Group.email == Target.address),
        Target.is_secretariat,
    )
    typed = and_(Target.platform == EMAIL, Target.address.in_(entered.union(asked)), ~or_(*others))
    return or_(exists().where(is_account, Account.person_id.in_(persons)), typed)


def _about(persons: Collection[int], entries: Collection[int]) -> ColumnElement[bool]:
    """Deliveries whose matter is one of the persons or of their entries."""
    causes = [Delivery.cause.startswith(f"representative:{one}:", autoescape=True) for one in entries]
    for one in persons:
        causes += [
            Delivery.cause.startswith(f"merge:{one}+", autoescape=True),
            Delivery.cause.like(f"merge:%+{one}:%"),
            Delivery.cause.startswith(f"role:{one}:", autoescape=True),
        ]
    return or_(*causes)


async def _change(session: AsyncSession, *statements: Update | Delete) -> None:
    for statement in statements:
        await session.execute(statement.execution_options(synchronize_session=False))
