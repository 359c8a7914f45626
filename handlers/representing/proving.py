"""Proving: what it means for the list of representatives that an address is somebody's own."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.command import Request
from handlers.representing import petition
from handlers.representing.entries import actor_of
from storage.representing import owners


async def proved(request: Request, person_id: int, email: str) -> Sequence[int]:
    """The person proved the address: their entries stand verified, also those that others made for them.

    Gives the numbers of the entries that changed. The secretariat's messages about them say so from now on.
    """
    numbers = await owners.prove(request.session, person_id, email, actor_of(request), request.now)
    for number in numbers:
        await petition.refresh(request, number)
    return numbers
