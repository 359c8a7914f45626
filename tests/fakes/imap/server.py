"""The server: as much of IMAP4rev1 (RFC 3501) as reading a folder takes, in the test's own loop."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Literal, Self, TypeVar
from urllib.parse import quote

import trustme

from .mailbox import Mailbox
from .session import Session

T = TypeVar("T")
Tls = Literal["none", "starttls", "implicit"]
Wrong = Literal["refused", "dropped", "hangs"]
"""`refused` answers NO, `dropped` closes the connection before an answer, `hangs` never answers."""


class ImapFake:
    """A mail server at a free port of 127.0.0.1 with one user.

    `tls`, `ca`: as of `SmtpFake`. `is_plain`: AUTHENTICATE PLAIN is offered, else only LOGIN.
    """

    def __init__(self, tls: Tls = "none", *, is_plain: bool = True) -> None:
        self.user, self.password = "ls@example.org", 'pass"w\\ord é' if is_plain else 'pass"w\\ord'
        self.folders: dict[str, Mailbox] = {"INBOX": Mailbox()}
        self.logins = 0
        self.commands: list[str] = []
        self.is_plain = is_plain
        self._tls = tls
        self._wrong: dict[str, tuple[Wrong, str, float]] = {}
        self._changes = asyncio.Condition()
        self._open: set[asyncio.Task[None]] = set()
        self._folder = TemporaryDirectory()
        self._server: asyncio.Server | None = None
        self._port = 0
        self.secure: ssl.SSLContext | None = None

    async def __aenter__(self) -> Self:
        if self._tls != "none" and self.secure is None:
            self.secure = self._context()
        implicit = self.secure if self._tls == "implicit" else None
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port, ssl=implicit, limit=2**20)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()
        self._folder.cleanup()

    async def start(self) -> None:
        """Listen again at the same port."""
        await self.__aenter__()

    async def stop(self) -> None:
        """Listen no more, and hang up on everybody."""
        if self._server:
            self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        self._server = None

    @property
    def inbox(self) -> Mailbox:
        return self.folders["INBOX"]

    @property
    def ca(self) -> Path:
        return Path(self._folder.name) / "ca.pem"

    @property
    def offers_tls(self) -> bool:
        return self._tls == "starttls"

    @property
    def port(self) -> int:
        return self._port

    def url(self, *, user: str = "", password: str = "", folder: str = "") -> str:
        """What goes into LIAISON_BOT_IMAP_URL."""
        login = f"{quote(user or self.user, safe='')}:{quote(password or self.password, safe='')}"
        scheme = "imaps" if self._tls == "implicit" else "imap"
        path = f"/{quote(folder)}" if folder else ""
        return f"{scheme}://{login}@127.0.0.1:{self._port}{path}" + (f"?ca={self.ca}" if self._tls != "none" else "")

    def misbehaves(self, wrong: Wrong, step: str, said: str = "", times: float = 1) -> None:
        """From now on, so often: `misbehaves("refused", "LOGIN", "[UNAVAILABLE] Later")`.

        A step is a command (`SELECT`), what is fetched (`HEADER`, `BODY`), or `BODY CUT`: in the middle of it.
        """
        self._wrong[step] = (wrong, said, times)

    def wrong(self, step: str) -> tuple[Wrong, str] | None:
        """What goes wrong at this step now; counts it."""
        planned = self._wrong.get(step)
        if planned is None or planned[2] <= 0:
            return None
        kind, said, times = planned
        self._wrong[step] = (kind, said, times - 1)
        return kind, said

    def is_let_in(self, user: str, password: str) -> bool:
        is_right = (user, password) == (self.user, self.password)
        self.logins += is_right
        return is_right

    def is_let_in_by(self, encoded: bytes) -> bool:
        """By what AUTHENTICATE PLAIN says (RFC 4616)."""
        _nobody, user, password = base64.b64decode(encoded).decode().split("\0")
        return self.is_let_in(user, password)

    async def heard(self, command: str) -> None:
        async with self._changes:
            self.commands.append(command)
            self._changes.notify_all()

    async def wait_for(self, condition: Callable[[], T], timeout: float = 30) -> T:
        """Wait until the condition is true and give its value; it is asked again after each command."""
        try:
            async with asyncio.timeout(timeout), self._changes:
                while not (value := condition()):
                    await self._changes.wait()
                return value
        except TimeoutError:
            raise TimeoutError(f"it did not come true in {timeout} s, after {self.commands[-10:]}") from None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await Session(self, reader, writer).run()
        writer.close()

    def _context(self) -> ssl.SSLContext:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost", "mail.example.org").configure_cert(context)
        authority.cert_pem.write_to_path(str(self.ca))
        return context
