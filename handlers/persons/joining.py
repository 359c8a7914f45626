"""Joining: what happens when somebody shows that another person in the database is they."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.command import Button, Reply, Request
from handlers.outgoing import tell
from handlers.representing import petition
from storage import accounts, audit, grants, merging, people, targets
from storage.merging import State
from storage.targets import EMAIL


@dataclass(frozen=True, slots=True)
class Joined:
    """Who the caller is from now on, and what became of the question whether the two are one."""

    person_id: int
    state: State = State.MERGED

    @property
    def is_settled(self) -> bool:
        """Whether what belongs to the other one is now the caller's."""
        return self.state is State.MERGED

    @property
    def is_kept(self) -> bool:
        return self.state is State.KEPT


async def join(request: Request, mine: int, other: int) -> Joined:
    """Make one person of two: at once where one of them has no history or was never in chat, else ask.

    `mine` is the caller, who showed that `other` is they. Administrators are asked, each once.
    """
    if mine == other:
        return Joined(mine)
    state = await merging.locked(request.session, mine, other)
    if state in (State.KEPT, State.GONE):
        return Joined(mine, state)
    stays = await _who_stays(request, mine, other)
    if stays is None:
        await _ask(request, mine, other)
        return Joined(mine, State.ASKED)
    is_in_chat = await merging.is_in_chat(request.session, other)
    there = await targets.of_person(request.session, other) if is_in_chat else None
    await merge(request, stays, mine if stays == other else other)
    await _tell(request, there)
    return Joined(stays)


async def _who_stays(request: Request, mine: int, other: int) -> int | None:
    """Which of the two the other one becomes; None where that is not for the bot to say."""
    if not await merging.is_in_chat(request.session, other):
        return mine
    if not await merging.has_history(request.session, mine, request.household):
        return other
    return None if await merging.has_history(request.session, other, request.household) else mine


async def _tell(request: Request, target: int | None) -> None:
    """Say it where the other account listens: somebody else may have got hold of the code."""
    if target is None:
        return
    buttons = [Button("My accounts", "account list")]
    reply = Reply("accounts/told", platform=request.caller.platform, name=request.caller.name, buttons=buttons)
    await tell(request, [target], reply, cause=f"link:{request.caller.account_id}:{request.now.isoformat()}")


async def merge(request: Request, stays: int, goes: int) -> None:
    """Merge, note it, and set right what the secretariat was asked about entries that ended by it."""
    ended = await merging.merge(request.session, stays, goes, request.now)
    await note(request, merging.MERGE, stays, goes, ended)
    for number in ended:
        await petition.refresh(request, number)


async def note(request: Request, action: str, one: int, other: int, ended: Sequence[int] = ()) -> None:
    after = {"stays": one, "goes": other, "ended": list(ended)} if action == merging.MERGE else {}
    subject_id = merging.pair(one, other)
    before = {"persons": sorted((one, other))}
    await audit.note(
        request.session,
        request.caller,
        request.place.key,
        action,
        merging.SUBJECT,
        subject_id,
        before,
        after,
        request.now,
    )


def cause_of(one: int, other: int) -> str:
    return f"merge:{merging.pair(one, other)}:ask"


async def described(request: Request, person: int) -> dict[str, object]:
    """A person as administrators are shown one: number, name and chat accounts, no addresses."""
    mine = await accounts.of(request.session, person)
    name = await people.name_of(request.session, person)
    return {"id": person, "name": name, "accounts": [one.key for one in mine if one.platform != EMAIL]}


async def _ask(request: Request, mine: int, other: int) -> None:
    where = await grants.administrators(request.session, request.household)
    persons = [await described(request, mine), await described(request, other)]
    buttons = [
        Button("Merge", f"account merge {mine} {other}", style="primary"),
        Button("Keep apart", f"account apart {mine} {other}"),
    ]
    reply = Reply("accounts/asked", persons=persons, buttons=buttons)
    await note(request, merging.ASK, mine, other)
    await tell(request, where, reply, cause=cause_of(mine, other))
