"""Leaving: what a forgotten person saw to is open again, and what was said of them is not kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Executable, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.liaison.events import Deed
from storage.reaching import in_pages
from storage.tables import Account, Delivery, Group, Liaison, LiaisonAssignment, LiaisonEvent, Notice
from storage.targets import EMAIL
from storage.words import AssignmentState, DeliveryState

_BY_NAME = (Deed.ACCEPTED, Deed.PASSED, Deed.ASSIGNED, Deed.PROPOSED)
"""Steps of which others are told by whom they were taken."""

_ASKED = frozenset({"ask", "due", "raised", "proposed"})
"""What the causes are called of messages that are said anew without the name."""

_REVIEWED = frozenset({"review", "reviewed"})
"""What those are called that say who approved or returned a draft, or changed it."""

_A = LiaisonAssignment


async def leave(session: AsyncSession, persons: Collection[int]) -> Sequence[int]:
    """Nobody sees any more to what these persons, who are one, saw to, and their addresses are no group's; gives the
    statements of which others were told their name. What was sent is not kept; what still waits says the name until it
    is said anew.
    """
    did = select(LiaisonEvent.liaison_id, LiaisonEvent.deed).where(LiaisonEvent.person_id.in_(persons)).distinct()
    done = (await session.execute(did)).all()
    sees = set(await session.scalars(select(_A.liaison_id).where(_A.person_id.in_(persons))))
    statements = sorted(sees | {row.liaison_id for row in done if row.deed in _BY_NAME})
    unowned = {"person_id": None, "state": AssignmentState.OFFERED, "accepted_at": None}
    open_ones = (_A.person_id.in_(persons), _A.state != AssignmentState.SETTLED)
    await _change(session, update(_A).where(*open_ones).values(unowned))
    await _change(session, update(_A).where(_A.person_id.in_(persons)).values(person_id=None))
    proved = select(Account.external_id).where(Account.person_id.in_(persons), Account.platform == EMAIL)
    nobody = {"contact": "", "contact_email": ""}
    await _change(session, update(Liaison).where(func.lower(Liaison.contact_email).in_(proved)).values(nobody))
    await _change(session, update(Group).where(func.lower(Group.email).in_(proved)).values(email=""))
    if done or sees:
        await _unsay(session, set(statements), {row.liaison_id for row in done})
    return statements


async def _unsay(session: AsyncSession, asked: Collection[int], reviewed: Collection[int]) -> None:
    """What was sent of these statements is not kept."""
    query = select(Delivery.cause, Delivery.notice_id).where(Delivery.cause.startswith("liaison:")).distinct()
    said = [notice for cause, notice in await session.execute(query) if _names(cause, asked, reviewed)]
    unsaid = select(Delivery.notice_id).where(Delivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING)))
    for page in in_pages(said):
        gone = update(Notice).where(Notice.id.in_(page), Notice.id.not_in(unsaid))
        await _change(session, gone.values(data={}, buttons=[], subject=""))


def _names(cause: str, asked: Collection[int], reviewed: Collection[int]) -> bool:
    """Whether what has this cause (`liaison:12:review:1`) may name somebody who had to do with those statements."""
    _, number, kind, *_rest = cause.split(":")
    return (kind in _ASKED and int(number) in asked) or (kind in _REVIEWED and int(number) in reviewed)


async def _change(session: AsyncSession, statement: Executable) -> None:
    await session.execute(statement, execution_options={"synchronize_session": False})
