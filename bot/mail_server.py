"""The mail server: what its address in the settings says. Imports no library for mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465}
_EXAMPLE = "one is smtp://USER:PASSWORD@mail.example.org:587 or smtps://USER:PASSWORD@mail.example.org:465"


class NoMailServer(ValueError):
    """The text is no address of a mail server. What is said of it never quotes it: it may hold a password."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `ca`: a file of certificates that are trusted there instead of the system's.

    `is_implicit`: TLS from the first byte on (`smtps://`); else STARTTLS, if the server offers it.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    is_implicit: bool = False
    ca: Path | None = None

    @classmethod
    def of(cls, url: str) -> Self:
        """Read `smtp://user:pass@host:port?ca=file`. Raises `NoMailServer`."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise NoMailServer(f"this is no address of a mail server; {_EXAMPLE}") from None
        if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.fragment:
            raise NoMailServer(f"this is no address of a mail server; {_EXAMPLE}")
        login, _, _ = parts.netloc.rpartition("@")
        if "@" in login:
            raise NoMailServer("write each @ in the user's name and the password as %40")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if bool(user) != bool(password):
            raise NoMailServer("a login needs a user's name and a password; leave out both where there is none")
        ca = ca_of(parts.query)
        return cls(parts.hostname, port or _PORTS[parts.scheme], user, password, parts.scheme == "smtps", ca)

    @property
    def name(self) -> str:
        """Host and port, without the login."""
        return shown(self.host, self.port)

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine, so that what is said to it does not leave it."""
        return is_this_machine(self.host)

    @property
    def start_tls(self) -> bool | None:
        """Whether STARTTLS is demanded (True), taken if it is offered (None), or not wanted (False).

        A login is never sent in the open, however the server is talked out of TLS. On this machine TLS protects
        nothing, and its certificate is nobody's: it is wanted there only with a file that says whom to trust.
        """
        if self.is_implicit or (self.is_here and self.ca is None):
            return False
        return True if self.user and not self.is_here else None


def shown(host: str, port: int) -> str:
    """`mail.example.org:587`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_this_machine(host: str) -> bool:
    """Whether what is said to it does not leave this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def ca_of(query: str) -> Path | None:
    """The file of certificates that the end of an address names. Raises `NoMailServer`."""
    options = dict(parse_qsl(query, keep_blank_values=True))
    unknown = [name for name in options if name != "ca"]
    if unknown:
        raise NoMailServer("after the ? there is only ca=FILE, the certificates that are trusted")
    if "ca" not in options:
        return None
    path = Path(options["ca"])
    if not path.is_file():
        raise NoMailServer("the file after ca= is not there")
    return path
