"""Parts: messages that go out as several, what is noted of them, and what it means when the rest does not follow."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from bot.arrival import Message
from bot.platforms import PlatformError, Unavailable
from handlers.command import Attachment

REMOVED = "*This part was removed by a correction.*"
"""What stands where a longer message was: the old words would mislead."""

_CORRECTED = "**Corrected:**\n\n"
_FILES = "files"
_FINGERPRINT = 16


def noted(name: str, ids: Sequence[object]) -> dict[str, str]:
    """The ids of a receipt: `name`, then `name2`, `name3` ..."""
    return {name if number == 1 else f"{name}{number}": str(one) for number, one in enumerate(ids, 1)}


def listed(receipt: Mapping[str, str], name: str) -> list[str]:
    """The ids that `noted` wrote, in their order."""
    found: list[str] = []
    while (key := f"{name}{len(found) + 1}" if found else name) in receipt:
        found.append(receipt[key])
    return found


def noted_files(attachments: Sequence[Attachment], before: Mapping[str, str] | None = None) -> dict[str, str]:
    """What was sent of files, so that an edit does not send them again."""
    sent = [one for one in (before or {}).get(_FILES, "").split() if one]
    sent += [one for one in map(_fingerprint, attachments) if one not in sent]
    return {_FILES: " ".join(sent)} if sent else {}


def unsent_files(receipt: Mapping[str, str], attachments: Sequence[Attachment]) -> list[Attachment]:
    """The files that the receipt does not know."""
    sent = receipt.get(_FILES, "").split()
    return [one for one in attachments if _fingerprint(one) not in sent]


def corrected(message: Message, receipt: Mapping[str, str] | None = None) -> Message:
    """The message as it is sent anew where the old one cannot be changed any more: without the files that are there."""
    new = tuple(unsent_files(receipt or {}, message.attachments))
    return replace(message, markdown=_CORRECTED + message.markdown, attachments=new)


def half(error: PlatformError) -> Unavailable:
    """What an error means when something has arrived already: a new try would repeat that."""
    return Unavailable(f"only a part was sent: {error}", uncertain=True)


@contextmanager
def partly_sent() -> Iterator[None]:
    """Something has arrived already: what fails inside makes the whole uncertain."""
    try:
        yield
    except PlatformError as error:
        raise half(error) from error


def _fingerprint(attachment: Attachment) -> str:
    return hashlib.sha256(attachment.name.encode() + b"\0" + attachment.content).hexdigest()[:_FINGERPRINT]
