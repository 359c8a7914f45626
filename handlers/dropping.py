"""Dropped files in forms: the field `file` of a command that takes files, and whose files may stand in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator

from handlers.command import Refused, Request
from handlers.form import Choice, Line, field
from handlers.situation import Situation
from storage import drops
from storage.drops import Dropped, User
from storage.roles import Role

FILE = "file"
"""The name of the field that a command which takes files has."""

MOST = 20
"""Files that can be used at once."""

_NUMBERS = re.compile(r"\d{1,9}(?:[\s,;]+\d{1,9})*")
_OFFERED = 8
_KB, _MB = 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Brought:
    """A file as it came in: its content is kept under `digest`, or it is not, because of `problem`."""

    name: str
    media_type: str = ""
    size: int = 0
    digest: str = ""
    problem: str = ""
    hint: str = ""


def _checked(text: str) -> str:
    if not _NUMBERS.fullmatch(text.strip()):
        raise ValueError("type the number of a file that you sent me, or send the file")
    numbers = list(dict.fromkeys(numbers_of(text)))
    if len(numbers) > MOST:
        raise ValueError(f"these are more than {MOST} files")
    return ",".join(map(str, numbers))


FileNumbers = Annotated[Line, AfterValidator(_checked)]
"""The numbers of dropped files: `12` or `12,13`."""


def file_field(**others: Any) -> Any:
    """The field `file` of a form; `default=None` where a file is not needed."""
    return field("File", help="send it here, or type the number of one that you sent", searched=True, **others)


def numbers_of(text: str | None) -> Sequence[int]:
    """The numbers in what `FileNumbers` takes."""
    return [int(number) for number in re.findall(r"\d{1,9}", text or "")]


def numbers_in_line(files: Sequence[Dropped]) -> str:
    """The files as the field `file` takes them."""
    return ",".join(str(one.id) for one in files[:MOST])


def user(situation: Situation) -> User:
    """Whoever speaks, as a user of files. In a channel the secretariat may use everybody's."""
    is_secretariat = situation.role >= Role.SECRETARIAT
    sees_all = is_secretariat and not situation.place.private
    return User(situation.caller.person_id, conversation(situation), sees_all, is_secretariat)


def conversation(situation: Situation) -> str:
    """The place, whatever the thread."""
    return f"{situation.place.platform}:{situation.place.conversation}"


async def offers(situation: Situation, typed: str) -> Sequence[Choice]:
    """Files that may be meant by what was typed: their numbers, or parts of their names."""
    wanted = typed.strip()
    if _NUMBERS.fullmatch(wanted):
        numbers = list(dict.fromkeys(numbers_of(wanted)))[:MOST]
        found = await drops.find(situation.session, numbers, user(situation))
        if len(found) == len(numbers):
            return [Choice(",".join(map(str, numbers)), ", ".join(one.name for one in found))]
    newest = await drops.newest(situation.session, situation.caller.person_id, _OFFERED * 4)
    named = [one for one in newest if wanted.casefold() in one.name.casefold()]
    return [Choice(str(one.id), f"{one.name}, {in_words(one.size)}") for one in named[:_OFFERED]]


async def files_of(request: Request, text: str | None) -> Sequence[Dropped]:
    """The files with these numbers. Raises `Refused` for one that the caller may not use."""
    numbers = numbers_of(text)
    found = await drops.find(request.session, numbers, user(request))
    known = {one.id for one in found}
    missing = [number for number in numbers if number not in known]
    if missing:
        raise Refused(f"I have no file {missing[0]} of yours.", "Send it again, or type files.", field=FILE)
    return found


def in_words(size: int) -> str:
    """'48 KB', '1.5 MB', '12 bytes'."""
    if size < _KB:
        return f"{size} bytes"
    if size < _MB:
        return f"{round(size / _KB)} KB"
    return f"{size / _MB:.1f} MB".replace(".0 MB", " MB")
