"""Records: a mail as the server was given it, and as a mail program reads it."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP


@dataclass(frozen=True)
class Mail:
    """One mail. `raw` are the bytes of it, `options` what was said of it before it came."""

    sender: str
    recipients: tuple[str, ...]
    options: tuple[str, ...]
    raw: bytes
    over_tls: bool
    user: str

    @property
    def parsed(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=SMTP)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def subject(self) -> str:
        return str(self.parsed["Subject"])

    @property
    def text(self) -> str:
        """The plain part."""
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def files(self) -> dict[str, bytes]:
        """The attachments, by name."""
        return {str(one.get_filename()): _content(one) for one in self.parsed.iter_attachments()}

    def _body(self, kind: str) -> str:
        part = self.parsed.get_body((kind,))
        assert part is not None, f"no {kind} part"
        return str(part.get_content())


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content
