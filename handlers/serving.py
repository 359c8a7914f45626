"""Serving: the address on the web of a file that is kept, for where it cannot be sent itself."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncSession

from storage import serving
from storage.people import Household


class Occasion(Protocol):
    """What gives rise to an address: a situation, or the errand of a chore."""

    @property
    def session(self) -> AsyncSession: ...

    @property
    def household(self) -> Household: ...


async def address_of(occasion: Occasion, digest: str, name: str, media_type: str) -> str:
    """Where anybody who knows the address fetches the content of that digest, under this name: always the same address.

    Empty where the bot has none on the web. Give it only to whom the file may be given.
    """
    public_url = occasion.household.public_url
    if not public_url:
        return ""
    token = await serving.token_of(occasion.session, digest, name, media_type)
    return f"{public_url}/files/{token}/{quote(name, safe='')}"
