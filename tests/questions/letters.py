"""Liaison statements to ask about: a small correspondence beside that of the sample."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.search import stems
from storage.tables import (
    Group,
    Liaison,
    LiaisonAddressee,
    LiaisonAssignment,
    LiaisonMention,
    LiaisonText,
    Person,
    RoadmapItem,
)
from storage.words import AssignmentState, DeadlineKind, Direction, LiaisonStatus, Purpose

_A, _C, _I = Purpose.ACTION, Purpose.COMMENT, Purpose.INFORMATION
_HOST = "JCA-QKDN"


async def written(database: Database) -> None:
    """Write the correspondence into a database with the sample."""
    async with database.writing() as session:
        five = await _letter(
            session,
            "JCA-QKDN-LS5",
            _HOST,
            "2026-09-10",
            "Request for the status of QKDN work items",
            LiaisonStatus.SENT,
            [("SG13", _A, "2026-12-20"), ("SG17", _A, ""), ("ISG QKD", _I, "")],
            deadline="2026-11-30",
        )
        await _letter(
            session,
            "JCA-QKDN-LS6",
            _HOST,
            "2026-08-01",
            "Comments on the QKD security framework",
            LiaisonStatus.SENT,
            [("JTC 1/SC 27", _C, "")],
            deadline="2026-10-15",
        )
        await _letter(
            session,
            "JCA-QKDN-LS7",
            _HOST,
            "",
            "Draft invitation to a workshop",
            LiaisonStatus.DRAFT,
            [("SG11", _A, "")],
        )
        await _letter(
            session,
            "ETSI-LS21",
            "ISG QKD",
            "2026-11-11",
            "Interfaces for key delivery in GS QKD 014",
            LiaisonStatus.RECEIVED,
            [(_HOST, _A, "")],
            deadline="2026-12-15",
            logged_at=datetime(2026, 11, 12, 9, tzinfo=UTC),
        )
        await _letter(
            session,
            "SG17-LS88",
            "SG17",
            "2026-10-20",
            "Reply on the status of QKDN work items",
            LiaisonStatus.NOTED,
            [(_HOST, _I, "")],
            response_to_id=five,
            in_response_to="JCA-QKDN-LS5",
        )
        asks = await _letter(
            session,
            "SG13-LS150",
            "SG13",
            "2026-11-02",
            "Request to review Y.3815 on resilience of QKDN",
            LiaisonStatus.ASSIGNED,
            [(_HOST, _A, ""), ("SG17", _A, "")],
            deadline="2026-11-20",
        )
        await _letter(
            session,
            "SG13-LS151",
            "SG13",
            "2026-11-10",
            "More time for the reply on work items",
            LiaisonStatus.NOTED,
            [(_HOST, _I, "")],
            response_to_id=five,
            in_response_to="JCA-QKDN-LS5",
            is_holding=True,
        )
        await _letter(
            session,
            "SC27-LS31",
            "ISO/IEC JTC 1/SC 27",
            "2026-06-05",
            "Evaluation criteria of QKD modules",
            LiaisonStatus.OPEN,
            [(_HOST, _C, "")],
            deadline="mid-December",
            deadline_kind=DeadlineKind.VAGUE,
        )
        await _letter(
            session,
            "IEEE-LS3",
            "IEEE SA",
            "2026-03-15",
            "Interoperability of SDN controllers",
            LiaisonStatus.ANSWERED,
            [(_HOST, _A, "")],
            deadline="2026-05-01",
        )
        await _letter(
            session,
            "CYBER-LS2",
            "ETSI TC CYBER",
            "2024-05-05",
            "Quantum-safe migration and its interfaces",
            LiaisonStatus.CLOSED,
            [(_HOST, _I, "")],
        )
        await _owned(session, asks)
        item = await session.scalar(select(RoadmapItem.id).where(RoadmapItem.reference == "Y.3815"))
        await session.execute(
            insert(LiaisonMention).values(liaison_id=asks, reference="Y.3815", item_id=item, said="mentioned")
        )


async def _letter(
    session: AsyncSession,
    number: str,
    source: str,
    date: str,
    title: str,
    status: LiaisonStatus,
    addressees: Sequence[tuple[str, Purpose, str]],
    *,
    deadline: str = "",
    deadline_kind: DeadlineKind | None = None,
    **more: object,
) -> int:
    groups = {code: id for id, code in (await session.execute(select(Group.id, Group.code))).all()}
    kind = deadline_kind or (DeadlineKind.DATE if deadline else DeadlineKind.UNSTATED)
    values = {
        "number": number,
        "source": source,
        "source_id": groups.get(source),
        "date": date,
        "title": title,
        "direction": Direction.OUTGOING if source == _HOST else Direction.INCOMING,
        "status": status,
        "deadline": deadline,
        "deadline_kind": kind,
        **more,
    }
    made: int | None = await session.scalar(insert(Liaison).values(values).returning(Liaison.id))
    assert made is not None
    for position, (name, purpose, due) in enumerate(addressees):
        row = {"liaison_id": made, "purpose": purpose, "name": name, "position": position, "due": due}
        await session.execute(insert(LiaisonAddressee).values(**row, group_id=groups.get(name)))
    await session.execute(insert(LiaisonText).values(liaison_id=made, stems=" ".join(stems(title))))
    return made


async def _owned(session: AsyncSession, liaison_id: int) -> None:
    now = datetime(2026, 11, 3, tzinfo=UTC)
    for group, name in (("SG17", "Kim Lee"), (_HOST, "Ana Souza")):
        person = await session.scalar(insert(Person).values(name=name, created_at=now).returning(Person.id))
        await session.execute(
            insert(LiaisonAssignment).values(
                liaison_id=liaison_id,
                name=group,
                person_id=person,
                state=AssignmentState.ACCEPTED,
                asked_at=now,
                accepted_at=now,
            )
        )
