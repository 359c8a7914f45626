"""Parts of a mail: the files that are attached to it."""

from __future__ import annotations

from collections.abc import Sequence
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import PurePosixPath

from handlers.sniffing import is_program

_MOST = 20
"""Files of a mail that are kept."""

_LONGEST_NAME = 120


def files_of(mail: bytes) -> Sequence[tuple[str, bytes]]:
    """Name and content of what is attached, but empty files and programs."""
    message = message_from_bytes(mail, policy=policy.default)
    found = []
    for part in message.walk() if isinstance(message, EmailMessage) else ():
        try:
            name = PurePosixPath((part.get_filename() or "").replace("\\", "/")).name.strip()[-_LONGEST_NAME:]
            content = part.get_payload(decode=True) if name and not part.is_multipart() else None
        except (MessageError, ValueError, LookupError, AttributeError, TypeError, AssertionError):
            continue
        if isinstance(content, bytes) and content and not is_program(content, name):
            found.append((name, content))
    return found[:_MOST]
