"""The mail itself: headers, an HTML and a plain part, files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from bot.arrival import Message
from bot.platforms import Envelope
from bot.platforms.email.address import MailAddress
from bot.render.document import Document
from bot.render.escape import one_line
from bot.render.mail import Footer, mail
from bot.render.plain import plain
from handlers.command import Attachment

LONGEST_SUBJECT = 120
"""Characters: what a list of mails shows, and more."""

LONGEST_LINE = 78
"""Characters of a message's own first line that make a subject, where it has no other."""

_CORRECTED = "Corrected: "
# Not after what may be short for something, such as `Doc.`
_SENTENCE = re.compile(r"(?<=\w{4})[.!?](?= [^\W\da-z])")
_LABEL = re.compile(r"[^A-Za-z0-9.-]+")
_MEDIA_TYPE = re.compile(r"([a-z]+)/([a-z0-9][a-z0-9.+-]*)", re.ASCII | re.IGNORECASE)
# These parts are made of headers and parts themselves, not of bytes.
_COMPOSED = ("multipart", "message")


class _MailPolicy(EmailPolicy):
    """Leaves headers whole that the library would break by encoding them when they are long."""

    _WHOLE = frozenset({"message-id", "in-reply-to", "references", "list-id", "list-unsubscribe", "to"})

    def fold(self, name: str, value: str) -> str:
        return self._whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        whole = self._whole(name, value)
        return whole.encode("utf-8" if self.utf8 else "ascii") if whole else super().fold_binary(name, value)

    def _whole(self, name: str, value: str) -> str:
        return f"{name}: {one_line(value)}{self.linesep}" if name.lower() in self._WHOLE else ""


# Only ASCII goes over the wire, so that no server on the way need know anything newer.
_POLICY = _MailPolicy(linesep=SMTP.linesep, cte_type="7bit", raise_on_defect=False)
_INTERNATIONAL = _POLICY.clone(utf8=True)


@dataclass(frozen=True, slots=True)
class Thread:
    """The mails of before that this one belongs to: the ids, the last one last."""

    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: a name to show, and the address."""

    name: str
    address: MailAddress


def composed(
    head: Letterhead,
    to: MailAddress,
    document: Document,
    message: Message,
    envelope: Envelope,
    now: datetime,
    corrects: Thread | None = None,
) -> EmailMessage:
    """The mail, ready to be sent. With `corrects` it says that it corrects what was sent before."""
    subject = subject_of(document, envelope, is_correction=corrects is not None)
    made = EmailMessage(_INTERNATIONAL if to.is_international else _POLICY)
    made["From"] = Mailbox(one_line(head.name)[:LONGEST_SUBJECT], addr_spec=head.address.text)
    made["To"] = to.text
    made["Subject"] = subject
    made["Date"] = format_datetime(now)
    made["Message-ID"] = message_id(envelope.key, head.address, message.markdown if corrects is not None else "")
    for name, value in (*_thread(corrects), *_list(envelope, head.address)):
        made[name] = value
    # No holiday notice is to come back.
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    page, text = mail(document, subject, footer=Footer(message.buttons, one_line(envelope.unsubscribe)))
    made.set_content(text)
    made.add_alternative(page, subtype="html")
    for attachment in message.attachments:
        _attach(made, attachment)
    return made


def subject_of(document: Document, envelope: Envelope, *, is_correction: bool = False) -> str:
    """The envelope's subject, else the message's first sentence: one line, not too long."""
    subject = one_line(envelope.subject) or _first_sentence(document)
    subject = (_CORRECTED if is_correction else "") + subject
    return subject if len(subject) <= LONGEST_SUBJECT else f"{subject[: LONGEST_SUBJECT - 1].rstrip()}…"


def _first_sentence(document: Document) -> str:
    """The first line; of a long one its first sentence, else as many whole words as fit."""
    lines = (one_line(line) for line in plain(document, links=False).splitlines())
    line = next(filter(None, lines), "").removesuffix(":")
    if len(line) <= LONGEST_LINE:
        return line
    if end := _SENTENCE.search(line, 0, LONGEST_LINE):
        return line[: end.end()].removesuffix(".")
    words = line[:LONGEST_LINE]
    return f"{(words.rpartition(' ')[0] or words[:-1]).rstrip(' ,;:')}…"


def message_id(key: str, sender: MailAddress, correction: str = "") -> str:
    """The same for every try of one delivery, so that a mail program shows a repeat once; tells nothing of the key."""
    digest = hashlib.sha256(f"{key}\n{correction}".encode(errors="replace")).hexdigest()
    return f"<{digest[:40]}@{sender.domain.strip('[]')}>"


def _thread(corrects: Thread | None) -> Iterator[tuple[str, str]]:
    if corrects and corrects.ids:
        yield "In-Reply-To", corrects.ids[-1]
        yield "References", " ".join(corrects.ids)


def _list(envelope: Envelope, sender: MailAddress) -> Iterator[tuple[str, str]]:
    """What mail programs sort by, and their button that ends such mails (RFC 2919, RFC 8058)."""
    label = _LABEL.sub("-", envelope.list_id).strip("-.")
    if label:
        yield "List-Id", f"<{label}.{sender.domain.strip('[]')}>"
    address = one_line(envelope.unsubscribe)
    if address and address.isascii() and not set("<> ") & set(address):
        yield "List-Unsubscribe", f"<{address}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _attach(mail_: EmailMessage, attachment: Attachment) -> None:
    name = one_line(attachment.name.replace("\\", "/")).rpartition("/")[2][-LONGEST_SUBJECT:] or "file"
    found = _MEDIA_TYPE.fullmatch(attachment.media_type)
    kind, subtype = found.groups() if found and found[1].lower() not in _COMPOSED else ("application", "octet-stream")
    mail_.add_attachment(attachment.content, maintype=kind, subtype=subtype, filename=name)
