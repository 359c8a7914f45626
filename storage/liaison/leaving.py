"""Leaving: what a forgotten person saw to is open again, and what was said of them is not kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Executable, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.liaison.events import Deed
from storage.tables import Delivery, LiaisonAssignment, LiaisonEvent, Notice
from storage.words import AssignmentState, DeliveryState

_BY_NAME = (Deed.ACCEPTED, Deed.PASSED, Deed.ASSIGNED, Deed.PROPOSED)
"""Steps of which others are told by whom they were taken."""

_A = LiaisonAssignment


async def leave(session: AsyncSession, persons: Collection[int]) -> Sequence[int]:
    """Nobody sees any more to what these persons, who are one, saw to; gives the statements of which others were told
    their name. What was sent is not kept; what still waits says the name until it is said anew.
    """
    did = select(LiaisonEvent.liaison_id).where(LiaisonEvent.person_id.in_(persons), LiaisonEvent.deed.in_(_BY_NAME))
    sees = select(_A.liaison_id).where(_A.person_id.in_(persons))
    statements = sorted(set(await session.scalars(did.union(sees))))
    unowned = {"person_id": None, "state": AssignmentState.OFFERED, "accepted_at": None}
    open_ones = (_A.person_id.in_(persons), _A.state != AssignmentState.SETTLED)
    await _change(session, update(_A).where(*open_ones).values(unowned))
    await _change(session, update(_A).where(_A.person_id.in_(persons)).values(person_id=None))
    for one in statements:
        said = select(Delivery.notice_id).where(_is_about(one))
        unsaid = select(Delivery.notice_id).where(Delivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING)))
        gone = update(Notice).where(Notice.id.in_(said), Notice.id.not_in(unsaid))
        await _change(session, gone.values(data={}, buttons=[], subject=""))
    return statements


def _is_about(liaison_id: int) -> ColumnElement[bool]:
    return or_(
        *(Delivery.cause.startswith(f"liaison:{liaison_id}:{kind}:") for kind in ("ask", "due", "raised", "proposed"))
    )


async def _change(session: AsyncSession, statement: Executable) -> None:
    await session.execute(statement, execution_options={"synchronize_session": False})
