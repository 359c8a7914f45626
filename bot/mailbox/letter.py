"""Letters: mails as their headers tell of them, and which of them nobody need be told of."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import parseaddr
from enum import StrEnum

from bot.mailbox.connection import Head
from bot.render.escape import one_line

_LONGEST = 200
_ADDRESS = re.compile(r"\S+@\S+")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_NOBODY = re.compile(r"(?:mailer-daemon|postmaster)(?:@|$)", re.IGNORECASE)
_REPLIERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Mail-Autoreply")


class Origin(StrEnum):
    """Who wrote a mail: a person, a program (the IETF's Datatracker sends its statements so), a program that answers
    or returns a mail, or we ourselves."""

    PERSON = "person"
    PROGRAM = "program"
    ECHO = "echo"
    OURSELVES = "ourselves"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail. `event` is the same for every copy of it and says nothing of its sender; `domain` is the sender's.

    `subject` has no address in it: it is shown where many read.
    """

    event: str
    subject: str
    domain: str
    origin: Origin
    size: int


def letter_of(head: Head, own: str) -> Letter:
    """What the header says; `own` is the address that we send from."""
    message = message_from_bytes(head.header, policy=policy.default)
    _name, sender = parseaddr(_header(message, "From"))
    domain = sender.rpartition("@")[2].lower()
    return Letter(
        event=_event(message, head),
        subject=one_line(_ADDRESS.sub("…", _header(message, "Subject")))[:_LONGEST].rstrip(),
        domain=domain if _NAME.fullmatch(domain) else "",
        origin=_origin(message, sender, own),
        size=head.size,
    )


def _event(message: Message, head: Head) -> str:
    """Two copies of a mail came different ways, so that not all of their headers are the same."""
    if _header(message, "Message-ID"):
        fields = [_header(message, name) for name in ("Message-ID", "Date", "From", "Subject")]
        told = "\n".join(fields).encode(errors="replace")
    else:
        told = head.header + str(head.size).encode()
    return hashlib.sha256(told).hexdigest()


def _origin(message: Message, sender: str, own: str) -> Origin:
    if own and sender.casefold() == own.casefold():
        return Origin.OURSELVES
    # RFC 3834: "auto-replied", maybe with parameters.
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    returned = _header(message, "Return-Path").replace(" ", "") == "<>"
    report = _header(message, "Content-Type").lower().startswith("multipart/report")
    replies = any(name in message for name in _REPLIERS) or _header(message, "Precedence").lower() == "auto_reply"
    if returned or report or replies or submitted == "auto-replied" or _NOBODY.match(sender):
        return Origin.ECHO
    return Origin.PROGRAM if submitted not in ("", "no") else Origin.PERSON


def _header(message: Message | EmailMessage, name: str) -> str:
    # Broken headers make the library raise many things; a header that cannot be read says nothing.
    try:
        return one_line(str(message[name] or ""))[:2000]
    except (MessageError, ValueError, IndexError, AttributeError, TypeError, LookupError, AssertionError):
        return ""
