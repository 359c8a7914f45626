"""Files that came with what was said, handed to the command that takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue import Call
from handlers.command import AnyCommand, Form, Request
from handlers.dropping import FILE, files_of, numbers_in_line
from storage import drops
from storage.drops import Dropped

_MB = 1024 * 1024
_MOST_SENT = {"email": 10 * _MB, "telegram": 50 * _MB, "slack": 1024 * _MB}
"""Telegram: a bot sends files up to 50 MB; Slack: up to 1 GB; mail servers commonly refuse more than 10 to 25 MB."""


def most_sent(platform: str) -> int | None:
    """Bytes of the largest file that can be sent on a platform; None: there is no limit."""
    return _MOST_SENT.get(platform)


def with_files(call: Call, files: Sequence[Dropped]) -> Call:
    """The call with the files that came, if it takes files and names none."""
    if not call.command.takes_file or call.values.get(FILE):
        return call
    return replace(call, values={**call.values, FILE: numbers_in_line(files)})


async def handed(request: Request, command: AnyCommand, form: Form) -> Request:
    """The request with the files that the form names, which are used now. Raises `Refused`."""
    if not command.takes_file:
        return request
    files = await files_of(request, getattr(form, FILE, None))
    if files:
        await drops.use(request.session, [one.id for one in files], request.now)
    return replace(request, files=files)


async def unused(session: AsyncSession, files: Sequence[Dropped]) -> bool:
    """Whether any of the files is used for nothing yet."""
    return bool(files) and await drops.has_unused(session, [one.id for one in files])
