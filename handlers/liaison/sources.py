"""Sources of a statement to be logged: dropped files or a pasted text, and what was read in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.dropping import numbers_of, user
from handlers.liaison import readings
from handlers.liaison.reading.reader import read_text
from handlers.liaison.reading.statement import ReadStatement
from handlers.liaison.reading.unreadable import Unreadable
from handlers.situation import Situation
from storage import drops
from storage.drops import Dropped

_MOST_TRIED = 3
"""Files among which the statement is looked for; what else was dropped with it is attached."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody brought to be logged. `statement` is the file that is the statement itself, others are attached.

    Where nothing could be read `read` is None and `unreadable` says why.
    """

    read: ReadStatement | None
    statement: Dropped | None
    attached: Sequence[Dropped]
    unreadable: str = ""


async def brought(situation: Situation, file: str | None, text: str | None) -> Brought:
    """What stands in the dropped files of these numbers, else in the text. Raises `Unread`."""
    files = await drops.find(situation.session, numbers_of(file), user(situation)) if file else ()
    if files:
        return await _of_files(situation, files)
    try:
        return Brought(read_text(text) if text else None, None, ())
    except Unreadable as unreadable:
        return Brought(None, None, (), _why(unreadable))


async def _of_files(situation: Situation, files: Sequence[Dropped]) -> Brought:
    reasons = []
    for one in files[:_MOST_TRIED]:
        try:
            read = await readings.statement(situation, one)
        except Unreadable as unreadable:
            reasons.append(_why(unreadable))
            continue
        return Brought(read, one, [other for other in files if other.id != one.id])
    return Brought(None, files[0], files[1:], reasons[0])


def _why(unreadable: Unreadable) -> str:
    return " ".join(filter(None, [unreadable.message, unreadable.hint]))
