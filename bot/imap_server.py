"""The IMAP server: where the mailbox is, as its address in the settings says. Imports no library for mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from bot.mail_server import NoMailServer, ca_of, is_this_machine, shown

_PORTS = {"imap": 143, "imaps": 993}
_INBOX = "INBOX"
_EXAMPLE = "one is imaps://USER:PASSWORD@mail.example.org:993/INBOX"


@dataclass(frozen=True, slots=True)
class ImapServer:
    """Where mail is taken from, and the folder in which it lies. `ca` and `is_implicit`: as of `MailServer`."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = _INBOX
    is_implicit: bool = True
    ca: Path | None = None

    @classmethod
    def of(cls, url: str) -> Self:
        """Read `imaps://user:pass@host:port/FOLDER?ca=file`. Raises `NoMailServer`, which never quotes it."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise NoMailServer(f"this is no address of a mailbox; {_EXAMPLE}") from None
        if parts.scheme not in _PORTS or not parts.hostname or parts.fragment:
            raise NoMailServer(f"this is no address of a mailbox; {_EXAMPLE}")
        login, _, _ = parts.netloc.rpartition("@")
        if "@" in login:
            raise NoMailServer("write each @ in the user's name and the password as %40")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not user or not password:
            raise NoMailServer(f"a mailbox needs a user's name and a password; {_EXAMPLE}")
        folder = unquote(parts.path).strip("/") or _INBOX
        if not (user + password + folder).isprintable():
            raise NoMailServer("the user's name, the password and the folder are each one line of text")
        ca = ca_of(parts.query)
        return cls(parts.hostname, port or _PORTS[parts.scheme], user, password, folder, parts.scheme == "imaps", ca)

    @property
    def name(self) -> str:
        """Host and port, without the login."""
        return shown(self.host, self.port)

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine, so that what is said to it does not leave it."""
        return is_this_machine(self.host)

    @property
    def start_tls(self) -> bool:
        """Whether STARTTLS is demanded: a login is never sent in the open, but on this machine."""
        return not self.is_implicit and not (self.is_here and self.ca is None)
