"""Mails: the statement in the text of a mail or in a file attached to it, with the mail as its envelope."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import PurePosixPath

from handlers.liaison.reading.page import LONGEST, Envelope, Page, lines_of, one_line
from handlers.liaison.reading.statement import ReadStatement
from handlers.liaison.reading.unreadable import Unreadable

_MAIL = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]{0,60}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}", re.IGNORECASE)
_MAIL_ONLY = re.compile(
    rb"^(?:Message-ID|MIME-Version|Received|Content-Type|Return-Path|Delivered-To):", re.IGNORECASE | re.MULTILINE
)
_READABLE = frozenset({".docx", ".pdf", ".txt", ".eml"})
_MOST_PARTS = 100
_QUOTED = re.compile(
    r"^(?:-{2,} ?(?:forwarded|original) message ?-{2,}|begin forwarded message:)\s*$", re.IGNORECASE | re.MULTILINE
)
_MARKED = re.compile(r"^(?:> ?)+", re.MULTILINE)
_FEW_MARKED = 3
_FORWARDED = re.compile(
    r"^[*_ ]*From:[^\n]*\n(?:[*_ ]*(?:Sent|Date|To|Cc|Subject|Importance|Reply-To):[^\n]*\n(?:[ \t]+\S[^\n]*\n)*){2,8}",
    re.IGNORECASE | re.MULTILINE,
)
_BY_MAIL = re.compile(r"^[*_ ]*Sent:|^[*_ ]*From:[^\n]*@", re.IGNORECASE | re.MULTILINE)
"""What only the headers of a mail have; `From` and `To` are also in those of a liaison statement."""


def looks_like_mail(content: bytes) -> bool:
    """Whether a text begins with a mail's headers, those that only a machine writes among them."""
    head = content[:4000].replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n"
    return bool(_MAIL.match(head) and _MAIL_ONLY.search(head))


def pages_of_mail(content: bytes, page_of: Callable[[str, bytes], Page]) -> Iterator[tuple[str, Page | Unreadable]]:
    """What in a mail may be the statement: each file attached to it, then the mail's own text."""
    message = _parsed(content)
    envelope = _envelope(message)
    files, text = _parts(message)
    names = tuple(name for name, _content in files)
    for name, inner in files:
        if PurePosixPath(name.lower()).suffix not in _READABLE:
            continue
        try:
            page = page_of(name, inner)
        except Unreadable as unreadable:
            yield name, unreadable
            continue
        yield (
            name,
            replace(
                page, envelope=page.envelope or envelope, attachments=tuple(other for other in names if other != name)
            ),
        )
    yield "", Page(lines_of(_unwrapped(text)), envelope=envelope, attachments=names)


def read_mail(
    content: bytes, page_of: Callable[[str, bytes], Page], composed: Callable[[Page], ReadStatement]
) -> ReadStatement:
    """The first statement in a mail. Raises `Unreadable` with the reason of the file that comes nearest."""
    reasons: list[Unreadable] = []
    for name, page in pages_of_mail(content, page_of):
        if isinstance(page, Unreadable):
            reasons.append(Unreadable(f"{name}: {page.message}", page.hint))
            continue
        try:
            return composed(page)
        except Unreadable as unreadable:
            reasons.append(unreadable)
    raise reasons[0]


def _parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    if not isinstance(message, EmailMessage):
        raise Unreadable("The mail cannot be read.", "Send the statement itself.")
    return message


def _envelope(message: EmailMessage) -> Envelope:
    name, address = parseaddr(_header(message, "From"))
    try:
        date = parsedate_to_datetime(_header(message, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        date = ""
    subject = re.sub(r"^(?:(?:fwd?|fw|wg|tr)\s*:\s*)+", "", one_line(_header(message, "Subject")), flags=re.IGNORECASE)
    return Envelope(
        sender=one_line(name) or address,
        address=address,
        to=_header(message, "To"),
        cc=_header(message, "Cc"),
        subject=subject,
        date=date,
    )


def _header(message: EmailMessage, name: str) -> str:
    # Broken headers make the library raise many things; a header that cannot be read says nothing.
    try:
        return one_line(str(message[name] or ""))[:2000]
    except (MessageError, ValueError, IndexError, AttributeError, TypeError, KeyError, LookupError, AssertionError):
        return ""


def _unwrapped(text: str) -> str:
    """What was forwarded, without the marks of quoting and without the headers of the mail that it came in."""
    if len(_MARKED.findall(text)) > _FEW_MARKED:
        text = _MARKED.sub("", text)
    without = _QUOTED.sub("\n", text)
    return _FORWARDED.sub(lambda found: "\n" if _BY_MAIL.search(found[0]) else found[0], without)


def _parts(message: EmailMessage) -> tuple[list[tuple[str, bytes]], str]:
    """Attached files, and the text."""
    files: list[tuple[str, bytes]] = []
    plain: list[str] = []
    html: list[str] = []
    for index, part in enumerate(message.walk()):
        if index > _MOST_PARTS:
            break
        if part.is_multipart():
            continue
        name = _file_name(part)
        content = _payload(part)
        if name:
            files.append((name, content))
        elif part.get_content_type() == "text/plain":
            plain.append(_text(part, content))
        elif part.get_content_type() == "text/html":
            html.append(_words_of(_text(part, content)))
    return files, "\n".join(plain if any(map(str.strip, plain)) else html)


def _file_name(part: EmailMessage) -> str:
    try:
        return PurePosixPath((part.get_filename() or "").replace("\\", "/")).name
    except (MessageError, ValueError, IndexError, AttributeError, TypeError, KeyError, LookupError, AssertionError):
        return ""


def _payload(part: EmailMessage) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (MessageError, ValueError, LookupError, AssertionError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _text(part: EmailMessage, content: bytes) -> str:
    try:
        return content[: 4 * LONGEST].decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError, AttributeError, TypeError):
        return content[: 4 * LONGEST].decode("utf-8", "replace")


class _Words(HTMLParser):
    """The words of an HTML text: cells apart by tabs, blocks on lines of their own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "script", "head")
        if tag in ("br", "p", "div", "tr", "li", "h1", "h2", "h3"):
            self.words.append("\n")
        elif tag in ("td", "th"):
            self.words.append("\t")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script", "head") and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(" ".join(data.split()) + " " if data.strip() else " ")


def _words_of(html: str) -> str:
    words = _Words()
    try:
        words.feed(html)
        words.close()
    except (AssertionError, ValueError):
        return ""
    return "\n".join(line.strip("\t ").replace(": \t", ":\t") for line in "".join(words.words).split("\n"))
