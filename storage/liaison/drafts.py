"""Drafts: liaison statements that we write, by several editors, until they are sent.

A draft is called `DRAFT-3`. It gets a number of ours as it is sent and not before, so that one that never is leaves no
gap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import numbering
from storage.liaison import events, life, log, numbers, texts
from storage.liaison.events import Deed
from storage.liaison.log import Addressee
from storage.representing.trail import CHANGED, Actor
from storage.tables import Liaison, LiaisonAddressee, LiaisonEvent, Person
from storage.words import UNSENT, DeadlineKind, Direction, LiaisonStatus, Purpose

PERSONAL = ("contact", "contact_email")
"""Fields of which the history says only that they changed."""

_NAME = "DRAFT-{n}"
_NAMED = re.compile(r"draft[\s-]*(\d{1,9})", re.IGNORECASE | re.ASCII)
_OF_ROW = ("title", "deadline", "deadline_kind", "questions", "contact", "contact_email")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a draft says. Addressees are names of groups; see `Liaison` for the rest."""

    title: str
    action: tuple[str, ...] = ()
    comment: tuple[str, ...] = ()
    information: tuple[str, ...] = ()
    deadline_kind: DeadlineKind = DeadlineKind.UNSTATED
    deadline: str = ""
    questions: str = ""
    contact: str = ""
    contact_email: str = ""
    abstract: str = ""
    body: str = ""

    @property
    def addressees(self) -> tuple[str, ...]:
        return (*self.action, *self.comment, *self.information)


@dataclass(frozen=True, slots=True)
class Origin:
    """From whom a draft is, and the statement that it replies to, if it does."""

    source: str
    source_id: int | None = None
    original: Liaison | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a field since a revision: what it was at that revision, and who changed it last."""

    before: object
    by: str


async def begin(
    session: AsyncSession,
    wording: Wording,
    groups: Mapping[str, int],
    origin: Origin,
    actor: Actor,
    now: datetime,
) -> Liaison:
    """A new draft. `groups` are the ids of those addressees that are in the list, by name."""
    above = await numbers.highest(session, _NAME)  # an imported list may have some
    name = _NAME.format(n=await numbering.take(session, "liaison:draft", above))
    original = origin.original
    draft = Liaison(
        number=name,
        drafted_as=name,
        direction=Direction.OUTGOING,
        source=origin.source,
        source_id=origin.source_id,
        in_response_to=original.number if original else "",
        status=LiaisonStatus.DRAFT,
        revision=1,
        logged_by=actor.person_id,
        logged_at=now,
        **{field: getattr(wording, field) for field in _OF_ROW},
    )
    session.add(draft)
    await session.flush()
    await log.address(session, draft.id, _addressees(wording, groups))
    await texts.write(session, draft.id, wording.abstract, wording.body)
    after = {"draft": name, "revision": 1, **_noted(wording, [field.name for field in fields(Wording)])}
    if original:
        after["response_to_id"] = original.id
    await events.note(session, draft.id, Deed.DRAFTED, actor, now, after=after)
    return draft


def is_name(text: str) -> bool:
    """Whether a draft may be called so."""
    return bool(_NAMED.fullmatch(text.strip()))


async def named(session: AsyncSession, text: str) -> Liaison | None:
    """What is, or was before it was sent, called so: `DRAFT-3`, `draft 3`."""
    found = _NAMED.fullmatch(text.strip())
    if not found:
        return None
    return await session.scalar(select(Liaison).where(Liaison.drafted_as == _NAME.format(n=int(found[1]))))


async def locked(session: AsyncSession, id: int) -> Liaison:
    """The draft as it is now; nobody else changes it until the transaction ends."""
    return await session.get_one(Liaison, id, with_for_update=True, populate_existing=True)


async def waiting(session: AsyncSession) -> Sequence[Liaison]:
    """The drafts that were not sent, the newest first."""
    query = select(Liaison).where(Liaison.status.in_(UNSENT), Liaison.drafted_as.is_not(None))
    return list(await session.scalars(query.order_by(Liaison.id.desc())))


async def wording(session: AsyncSession, draft: Liaison) -> Wording:
    """What it says now."""
    query = select(LiaisonAddressee.purpose, LiaisonAddressee.name).where(LiaisonAddressee.liaison_id == draft.id)
    rows = (await session.execute(query.order_by(LiaisonAddressee.position))).all()
    names: dict[str, Any] = {
        purpose.value: tuple(row.name for row in rows if row.purpose is purpose) for purpose in Purpose
    }
    abstract, body = await texts.read(session, draft.id)
    of_row: dict[str, Any] = {field: getattr(draft, field) for field in _OF_ROW}
    return Wording(**of_row, **names, abstract=abstract, body=body)


async def group_ids(session: AsyncSession, draft: Liaison) -> Mapping[str, int]:
    """Which groups of the list its addressees are, by name."""
    query = select(LiaisonAddressee.name, LiaisonAddressee.group_id).where(LiaisonAddressee.liaison_id == draft.id)
    return {row.name: row.group_id for row in await session.execute(query) if row.group_id is not None}


async def original(session: AsyncSession, draft: Liaison) -> Liaison | None:
    """The statement that it replies to. The row itself says so only when it is sent."""
    query = select(LiaisonEvent.after).where(LiaisonEvent.liaison_id == draft.id, LiaisonEvent.deed == Deed.DRAFTED)
    begun = await session.scalar(query.order_by(LiaisonEvent.id).limit(1))
    id = (begun or {}).get("response_to_id")
    return await session.get(Liaison, id) if id else None


async def change(
    session: AsyncSession, draft: Liaison, wanted: Wording, groups: Mapping[str, int], actor: Actor, now: datetime
) -> Sequence[str]:
    """Give a draft that is `locked` another wording; gives the fields that differ. Its approval is taken back."""
    old = await wording(session, draft)
    changed = different(old, wanted)
    if not changed:
        return changed
    revision = draft.revision
    await revise(session, draft, actor, now)
    values = {field: getattr(wanted, field) for field in _OF_ROW if field in changed}
    if values:
        await session.execute(update(Liaison).where(Liaison.id == draft.id).values(values))
    if {"action", "comment", "information"} & set(changed):
        groups = {**await group_ids(session, draft), **groups}
        await session.execute(delete(LiaisonAddressee).where(LiaisonAddressee.liaison_id == draft.id))
        await log.address(session, draft.id, _addressees(wanted, groups))
    if {"abstract", "body", "title"} & set(changed):
        await texts.write(session, draft.id, wanted.abstract, wanted.body)
    before = {"revision": revision, **_noted(old, changed)}
    after = {"revision": revision + 1, **_noted(wanted, changed)}
    await events.note(session, draft.id, Deed.EDITED, actor, now, before=before, after=after)
    await session.refresh(draft)
    return changed


async def revise(session: AsyncSession, draft: Liaison, actor: Actor, now: datetime) -> None:
    """It is another revision, and a draft again whoever approved the one before."""
    if draft.status is not LiaisonStatus.DRAFT:
        await life.move(session, draft.id, LiaisonStatus.DRAFT, Deed.RETURNED, actor, now, reason="it was changed")
    values = {"revision": draft.revision + 1, "approval": "", "date": ""}
    await session.execute(update(Liaison).where(Liaison.id == draft.id).values(values))
    await session.refresh(draft)


async def changes_since(session: AsyncSession, draft: Liaison, revision: int) -> Mapping[str, Change]:
    """What others changed since that revision, by field."""
    query = (
        select(LiaisonEvent.before, func.coalesce(Person.name, ""))
        .join(Person, Person.id == LiaisonEvent.person_id, isouter=True)
        .where(LiaisonEvent.liaison_id == draft.id, LiaisonEvent.deed == Deed.EDITED)
        .order_by(LiaisonEvent.id)
    )
    found: dict[str, Change] = {}
    for before, name in await session.execute(query):
        if int(before.get("revision", 0)) < revision:
            continue
        for field, value in before.items():
            if field != "revision":
                found[field] = replace(found[field], by=name) if field in found else Change(_read(field, value), name)
    return found


async def approve(session: AsyncSession, draft: Liaison, approval: str, on: date | None) -> None:
    """What it says of its approval, and its date, which is that of the approval; neither where it has none."""
    values = {"approval": approval, "date": on.isoformat() if on else ""}
    await session.execute(update(Liaison).where(Liaison.id == draft.id).values(values))
    await session.refresh(draft)


async def number(session: AsyncSession, draft: Liaison, pattern: str, host: str, on: date, now: datetime) -> None:
    """It is being sent: it gets our next number."""
    own = await numbers.ours(session, Direction.OUTGOING, pattern, host)
    values = {"number": own, "ours": own, "date": draft.date or on.isoformat(), "sent_at": now}
    await session.execute(update(Liaison).where(Liaison.id == draft.id).values(values))
    await session.refresh(draft)


def different(one: Wording, other: Wording) -> Sequence[str]:
    """The fields in which they differ."""
    return [field.name for field in fields(Wording) if getattr(one, field.name) != getattr(other, field.name)]


def _addressees(wording: Wording, groups: Mapping[str, int]) -> Sequence[Addressee]:
    return [
        Addressee(purpose, name, groups.get(name)) for purpose in Purpose for name in getattr(wording, purpose.value)
    ]


def _noted(wording: Wording, names: Sequence[str]) -> dict[str, object]:
    """These fields as the history keeps them."""
    values = {name: getattr(wording, name) for name in names}
    return {
        name: CHANGED if name in PERSONAL else list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value or len(names) < len(fields(Wording))
    }


def _read(field: str, value: object) -> object:
    """A value of the history as a wording has it."""
    if isinstance(value, list):
        return tuple(map(str, value))
    return DeadlineKind(str(value)) if field == "deadline_kind" else value
