"""Disclosure: everything that is held about a person, for their own eyes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.merging import everyone
from storage.roles import Role
from storage.tables import (
    Account,
    Acknowledgement,
    Attendance,
    AuditEntry,
    Body,
    Code,
    Conversation,
    Delivery,
    Dialogue,
    Drop,
    Grant,
    Group,
    Liaison,
    LiaisonAssignment,
    MeetingDocument,
    Person,
    Reminder,
    Representative,
    SubscribedKind,
    Subscription,
    Target,
)
from storage.targets import EMAIL

Held = Mapping[str, list[dict[str, object]]]


async def held(session: AsyncSession, person_id: int) -> Held:
    """Rows by subject, ready for JSON. Of codes it has neither the hash nor the salt."""
    persons = await everyone(session, person_id)
    mine = Account.person_id.in_(persons)
    names = {
        "person": _of(Person, "id", "name", "timezone", "reached_on", "merged_into", "created_at").where(
            Person.id.in_(persons)
        ),
        "accounts": _of(Account, "platform", "external_id", "name", "timezone", "created_at").where(mine),
        "representatives": _representatives().where(Representative.person_id.in_(persons)),
        "roles": _of(Grant, "role", "granted_at").where(Grant.person_id.in_(persons)),
        "changes": _of(AuditEntry, "at", "role", "place", "action", "subject", "subject_id", "before", "after").where(
            AuditEntry.person_id.in_(persons)
        ),
        "changed about you": _of(AuditEntry, "at", "role", "action", "before", "after").where(
            AuditEntry.subject == "person", AuditEntry.subject_id.in_([str(one) for one in persons])
        ),
        "messages to you": select(Delivery.cause, Delivery.platform, Delivery.put_at, Delivery.sent_at, Delivery.state)
        .join(Target, Target.id == Delivery.target_id)
        .where(Target.id.in_(_targets().where(mine)))
        .order_by(Delivery.id),
        "subscriptions": select(SubscribedKind.kind, SubscribedKind.pace, SubscribedKind.topics, SubscribedKind.groups)
        .join(Subscription, Subscription.id == SubscribedKind.subscription_id)
        .where(Subscription.target_id.in_(_targets().where(mine)))
        .order_by(Subscription.id),
        "reminders": _of(Reminder, "id", "text", "lead", "due_at", "state", "made_at").where(
            Reminder.person_id.in_(persons)
        ),
        "meetings": _of(Attendance, "meeting_id", "answer", "answered_at", "attended").where(
            Attendance.person_id.in_(persons)
        ),
        "documents": _of(MeetingDocument, "number", "title").where(MeetingDocument.submitted_by.in_(persons)),
        "liaison statements": _of(LiaisonAssignment, "liaison_id", "name", "state", "asked_at", "accepted_at").where(
            LiaisonAssignment.person_id.in_(persons)
        ),
        "contact of": _of(Liaison, "number", "contact", "contact_email").where(
            func.lower(Liaison.contact_email).in_(select(Account.external_id).where(mine, Account.platform == EMAIL))
        ),
        "files": _of(Drop, "id", "name", "media_type", "size", "place", "dropped_at", "used_at")
        .join(Account, Account.id == Drop.account_id)
        .where(mine),
        "acknowledged": _of(Acknowledgement, "announcement_id", "at").where(Acknowledgement.person_id.in_(persons)),
        "forms half-way": _of(Dialogue, "place", "command", "values", "updated_at")
        .join(Account, Account.id == Dialogue.account_id)
        .where(mine),
        "last queries": _of(Conversation, "place", "query", "updated_at")
        .join(Account, Account.id == Conversation.account_id)
        .where(mine),
        "codes": _of(Code, "purpose", "tries", "made_at", "expires_at", "over_at").where(Code.person_id.in_(persons)),
    }
    found = {}
    for name, query in names.items():
        rows = (await session.execute(query)).mappings()
        found[name] = [{column: _plain(column, value) for column, value in row.items()} for row in rows]
    return found


def _of(table: Any, *names: str) -> Select[*tuple[Any, ...]]:
    return select(*(getattr(table, name) for name in names)).order_by(*table.__table__.primary_key)


def _representatives() -> Select[*tuple[Any, ...]]:
    row = Representative
    return (
        select(
            row.id,
            Body.code.label("body"),
            Group.code.label("group"),
            row.proposed,
            row.kind,
            row.status,
            row.email,
            row.email_proved_at,
            row.affiliation,
            row.since,
            row.until,
            row.liaison,
            row.requested_at,
            row.decided_at,
            row.reason,
            row.ended_at,
            row.asked_at,
            row.answered_at,
        )
        .join(Group, Group.id == row.group_id, isouter=True)
        .join(Body, Body.id == Group.body_id, isouter=True)
        .order_by(row.id)
    )


def _targets() -> Select[*tuple[Any, ...]]:
    """Targets that are a person's accounts."""
    same = and_(Account.platform == Target.platform, Account.external_id == Target.address)
    return select(Target.id).join(Account, same)


def _plain(name: str, value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return Role(value).word if name == "role" and isinstance(value, int) else value
