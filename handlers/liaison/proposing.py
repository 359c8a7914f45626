"""Proposing: how a proposed change of the roadmap is shown, who may decide on it, and who is told that it waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from handlers.command import Button, Reply, Request, Role
from handlers.line import quote
from handlers.outgoing import Occasion, reword, tell
from storage import representatives, targets
from storage.liaison import proposals
from storage.liaison.proposals import Proposal
from storage.people import Household
from storage.words import ProposalState

MOST = 8
"""Proposals of one message."""

Shown = dict[str, object]


class Host(Occasion, Protocol):
    """An occasion that knows who the secretariat is."""

    @property
    def household(self) -> Household: ...


def shown(one: Proposal) -> Shown:
    """What templates show of a proposal, fit for the outbox too."""
    return {
        "id": one.id,
        "statement": one.statement,
        "reference": one.reference,
        "known_as": one.item_reference,
        "is_addition": one.is_addition,
        "changes": {name: list(pair) for name, pair in one.changes.items()},
        "quote": one.quote,
        "state": one.state.value,
        "reason": one.reason,
        "group": one.group,
        "decided_by": one.decided_by,
        "decided_at": one.decided_at,
    }


def buttons_of(one: Proposal) -> list[Button]:
    """What somebody may do who decides on it."""
    return [
        Button("Accept", f"proposal accept {one.id}", style="primary"),
        Button("Change", f"proposal change {one.id}"),
        Button("Reject", f"proposal reject {one.id}"),
    ]


def list_button(statement: str) -> Button:
    return Button("Proposals", f"proposal list {quote(statement)}")


async def decidable(request: Request, found: Sequence[Proposal]) -> Sequence[Proposal]:
    """Those that the caller may decide on: all of them for the secretariat, else those of groups they represent."""
    if request.role >= Role.SECRETARIAT:
        return found
    own = await representatives.of_person(request.session, request.caller.person_id, representatives.CONFIRMED)
    groups = {one.group_id for one in own} - {None}
    return [one for one in found if one.group_id in groups]


async def note_new(occasion: Host, liaison_id: int, proposal_ids: Sequence[int], knows: int | None = None) -> None:
    """Tell the secretariat, and of their own items the representatives, that proposals of a statement wait.

    Nobody is told twice of one statement, and the person who `knows` it from an answer not at all.
    """
    every = await proposals.of_statement(occasion.session, liaison_id)
    new = [one for one in every if one.id in proposal_ids and one.is_open]
    if not new:
        return
    known = set(await targets.of_secretariat(occasion.session, occasion.household))
    own_place = await targets.of_person(occasion.session, knows) if knows is not None else None
    known -= {own_place}
    await tell(occasion, sorted(known), _waiting(new), cause=_cause(liaison_id))
    known |= {own_place} if own_place is not None else set()
    for group_id in sorted({one.group_id for one in new if one.group_id is not None}):
        reached = await _representatives(occasion.session, group_id)
        own = [one for one in new if one.group_id == group_id]
        rest = [target for target in reached if target not in known]
        known.update(rest)
        await tell(occasion, rest, _waiting(own), cause=_cause(liaison_id, group_id))


async def say_settled(occasion: Occasion, liaison_id: int) -> None:
    """What people were told reads otherwise once all is decided: of the statement, or of their group's items."""
    every = await proposals.of_statement(occasion.session, liaison_id)
    groups = {one.group_id for one in every if one.group_id is not None}
    of_group = {group: [one for one in every if one.group_id == group] for group in sorted(groups)}
    settled = {_cause(liaison_id): every} | {_cause(liaison_id, group): of_group[group] for group in of_group}
    for cause, found in settled.items():
        if found and not any(one.is_open for one in found):
            await reword(occasion, cause, _settled(found))


async def _representatives(session: AsyncSession, group_id: int) -> Sequence[int]:
    persons = await representatives.confirmed_persons(session, [group_id])
    return await targets.of_persons(session, persons)


def _cause(liaison_id: int, group_id: int | None = None) -> str:
    return f"liaison:{liaison_id}:proposals" + (f":{group_id}" if group_id is not None else "")


def _waiting(found: Sequence[Proposal]) -> Reply:
    first = found[0]
    return Reply(
        "proposals/waiting",
        statement=first.statement,
        title=first.statement_title,
        total=len(found),
        proposals=[shown(one) for one in found[:MOST]],
        buttons=[Button(f"Decide ({len(found)})", f"proposal list {quote(first.statement)}")],
    )


def _settled(found: Sequence[Proposal]) -> Reply:
    accepted = sum(one.state is ProposalState.ACCEPTED for one in found)
    return Reply(
        "proposals/settled",
        statement=found[0].statement,
        title=found[0].statement_title,
        accepted=accepted,
        rejected=len(found) - accepted,
        buttons=[list_button(found[0].statement)],
    )
