"""A connection to the mailbox: one login, one folder. All of it blocks, and belongs into a thread."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from imaplib import IMAP4, IMAP4_SSL
from typing import Any, Final

from bot.imap_server import ImapServer
from bot.mailbox import trouble
from bot.mailbox.folder_name import as_modified_utf7, quoted
from bot.mailbox.trouble import MailboxTrouble, broken, reason

PATIENCE: Final = 30.0
"""Seconds that the server may take for one reply."""

SEEN, FLAGGED = r"\Seen", r"\Flagged"

_HEAD = 64 * 1024
"""Bytes of a mail's header that are looked at."""

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)", re.IGNORECASE)
# RFC 5530: what goes by itself.
_PASSING = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a mail, and how many bytes the whole has."""

    header: bytes
    size: int


class Connection:
    """`open`, then the rest; `close` from any thread ends whatever hangs. Everything raises `MailboxTrouble`."""

    def __init__(self, server: ImapServer, patience: float = PATIENCE) -> None:
        self._server = server
        self._patience = patience
        self._client: IMAP4 | None = None
        self._is_closed = False

    def open(self) -> None:
        """Connect, protect, log in, and open the folder."""
        with self._told():
            self._client = self._connected()
            if self._is_closed:
                self._shut(self._client)
                raise MailboxTrouble("it was closed")
            self._protect(self._client)
            self._log_in(self._client)
            self._select(self._client)

    def unseen(self) -> Sequence[int]:
        """The mails that nobody read, by UID, oldest first."""
        lines = self._asked("SEARCH", "UNSEEN", "UNDELETED")
        return sorted({int(one) for line in lines if isinstance(line, bytes) for one in line.split()})

    def head(self, uid: int) -> Head | None:
        """Header and size of a mail; None when it is gone. It stays unread."""
        lines = self._asked("FETCH", str(uid), f"(RFC822.SIZE BODY.PEEK[HEADER]<0.{_HEAD}>)")
        header = _literal(lines)
        around = b" ".join(one[0] if isinstance(one, tuple) else one or b"" for one in lines)
        found = _SIZE.search(around)
        return Head(header, int(found[1])) if header is not None and found else None

    def content(self, uid: int, most: int) -> bytes | None:
        """A whole mail, or `most` bytes of it; None when it is gone. It stays unread."""
        return _literal(self._asked("FETCH", str(uid), f"(BODY.PEEK[]<0.{most}>)"))

    def mark(self, uid: int, *flags: str) -> None:
        """Add flags to a mail."""
        self._asked("STORE", str(uid), "+FLAGS.SILENT", f"({' '.join(flags)})")

    def leave(self) -> None:
        """Say goodbye, if it still listens."""
        client = self._client
        if client is not None and not self._is_closed:
            with contextlib.suppress(IMAP4.error, OSError):
                client.logout()
        self.close()

    def close(self) -> None:
        """End it without a word."""
        self._is_closed = True
        if self._client is not None:
            self._shut(self._client)

    def _connected(self) -> IMAP4:
        server = self._server
        if server.is_implicit:
            return IMAP4_SSL(server.host, server.port, ssl_context=self._context(), timeout=self._patience)
        return IMAP4(server.host, server.port, timeout=self._patience)

    def _protect(self, client: IMAP4) -> None:
        if not self._server.start_tls:
            return
        if "STARTTLS" not in client.capabilities:
            raise MailboxTrouble(f"{self._server.name} offers no TLS", trouble.SECURE, is_lasting=True)
        client.starttls(self._context())

    def _log_in(self, client: IMAP4) -> None:
        user, password = self._server.user, self._server.password
        try:
            if "AUTH=PLAIN" in client.capabilities:
                # It takes any letters in a name and a password; LOGIN takes only some.
                client.authenticate("PLAIN", lambda _challenge: f"\0{user}\0{password}".encode())
            else:
                client.login(quoted(user), password)
        except IMAP4.abort:
            raise
        except (IMAP4.error, UnicodeEncodeError) as error:
            raise self._refused(error) from None

    def _refused(self, error: Exception) -> MailboxTrouble:
        # An encoding error quotes what it could not encode.
        why = reason(error) if isinstance(error, IMAP4.error) else "it takes only plain letters in a login"
        return MailboxTrouble(
            f"{self._server.name} refuses the login: {why}", trouble.LOGIN, is_lasting=not _PASSING.search(why)
        )

    def _select(self, client: IMAP4) -> None:
        folder = self._server.folder
        try:
            kind, said = client.select(quoted(as_modified_utf7(folder)))
        except IMAP4.readonly:
            raise MailboxTrouble(
                f"{self._server.name}: the folder {folder} can only be read, not marked", trouble.WRITE, is_lasting=True
            ) from None
        if kind != "OK":
            why = reason(said[-1] or b"")
            raise MailboxTrouble(
                f"{self._server.name} does not open the folder {folder}: {why}", trouble.FOLDER, is_lasting=True
            )

    def _asked(self, command: str, *arguments: str) -> Sequence[Any]:
        client = self._client
        if client is None or self._is_closed:
            raise MailboxTrouble("the connection is closed")
        with self._told():
            kind, lines = client.uid(command, *arguments)
            if kind != "OK":
                raise MailboxTrouble(f"{self._server.name} refuses {command}: {reason(lines[-1] or b'')}")
            return lines

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever the library raises is a trouble, and the end of the connection."""
        try:
            yield
        except MailboxTrouble:
            self.close()
            raise
        except (IMAP4.error, OSError, ValueError) as error:
            self.close()
            raise broken(self._server.name, error) from None

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._server.ca)

    @staticmethod
    def _shut(client: IMAP4) -> None:
        # First the socket: who waits for a reply holds the file that the library closes first.
        with contextlib.suppress(OSError):
            client.sock.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            client.shutdown()


def _literal(lines: Sequence[Any]) -> bytes | None:
    """What was fetched. A server may tell of other mails' flags between the lines."""
    return next((one[1] for one in lines if isinstance(one, tuple) and b"BODY[" in one[0].upper()), None)
