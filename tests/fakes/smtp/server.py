"""The server: a real SMTP server (aiosmtpd) in the test's own loop, with TLS and login where they are wanted."""

from __future__ import annotations

import asyncio
import logging
import ssl
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Literal, Self, TypeVar
from urllib.parse import quote

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from .misbehaviour import Kind, Misbehaviour
from .records import Mail

T = TypeVar("T")
Tls = Literal["none", "starttls", "implicit"]

_GONE = "421 it hangs up"


class SmtpFake:
    """A mail server at a free port of 127.0.0.1.

    `tls`: none, offered (STARTTLS), or from the first byte on. `login`: user and password that it wants. `ca` is the
    file of the certificate that its own was made with. `utf8`: whether it takes addresses in any script.
    """

    def __init__(self, tls: Tls = "none", login: tuple[str, str] | None = None, *, utf8: bool = False) -> None:
        self.mails: list[Mail] = []
        self.connections = 0
        self.logins = 0
        self._tls = tls
        self._login = login
        self._utf8 = utf8
        self._planned: list[Misbehaviour] = []
        self._changes = asyncio.Condition()
        self._open: set[_Protocol] = set()
        self._telling: set[asyncio.Task[None]] = set()
        self._folder = TemporaryDirectory()
        self._server: asyncio.Server | None = None
        self._secure: ssl.SSLContext | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        # The library tells of every line, and of each time when it is left in the middle of one.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        context = self._secure = self._secure or (self._context() if self._tls != "none" else None)
        implicit = context if self._tls == "implicit" else None
        offered = context if self._tls == "starttls" else None
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Protocol(self, offered), "127.0.0.1", self._port, ssl=implicit)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()
        self._folder.cleanup()

    async def stop(self) -> None:
        """Listen no more, and hang up on everybody; `start` goes on at the same port."""
        if self._server:
            self._server.close()
            self.hang_up()
            await self._server.wait_closed()
        self._server = None

    async def start(self) -> None:
        await self.__aenter__()

    @property
    def port(self) -> int:
        return self._port

    @property
    def ca(self) -> Path:
        return Path(self._folder.name) / "ca.pem"

    @property
    def url(self) -> str:
        """What goes into LIAISON_BOT_SMTP_URL."""
        login = f"{quote(self._login[0], safe='')}:{quote(self._login[1], safe='')}@" if self._login else ""
        scheme = "smtps" if self._tls == "implicit" else "smtp"
        return f"{scheme}://{login}127.0.0.1:{self.port}" + (f"?ca={self.ca}" if self._tls != "none" else "")

    def messages_to(self, address: str) -> list[Mail]:
        return [mail for mail in self.mails if address in mail.recipients]

    async def wait_for(self, condition: Callable[[], T], timeout: float = 30) -> T:
        """Wait until the condition is true and give its value; it is asked again after each change."""
        try:
            async with asyncio.timeout(timeout), self._changes:
                while not (value := condition()):
                    await self._changes.wait()
                return value
        except TimeoutError:
            raise TimeoutError(f"it did not come true in {timeout} s; there are {len(self.mails)} mails") from None

    def misbehave(
        self,
        kind: str,
        step: str,
        reply: str = "",
        *,
        address: str = "",
        times: float = 1,
        delay: float = 3600,
    ) -> Misbehaviour:
        """Plan something to go wrong: `misbehave("refused", "RCPT", "550 5.1.1 No such user", address=...)`."""
        planned = Misbehaviour(Kind(kind), step, reply, address, times, delay)
        self._planned.append(planned)
        return planned

    def hang_up(self) -> None:
        """Close all connections, as a server does with those that were idle for long."""
        for protocol in list(self._open):
            protocol.hang_up()

    async def _take_sender(
        self, server: _Protocol, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if wrong := await self._goes_wrong("MAIL", address, server):
            return wrong
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def _take_recipient(
        self, server: _Protocol, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if wrong := await self._goes_wrong("RCPT", address, server):
            return wrong
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def _take_content(self, server: _Protocol, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        planned = self._next("DATA", address)
        if planned and planned.kind is not Kind.LOST_REPLY and (wrong := await self._does(planned, server)):
            return wrong
        content = envelope.original_content or b""
        is_secure = session.ssl is not None or self._tls == "implicit"
        user = session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else ""
        options = tuple(envelope.mail_options)
        self.mails.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), options, content, is_secure, user))
        await self._tell()
        if planned and planned.kind is Kind.LOST_REPLY:
            server.hang_up()
            return _GONE
        return "250 OK"

    # aiosmtpd finds what to call by these names.
    handle_MAIL = _take_sender  # noqa: N815
    handle_RCPT = _take_recipient  # noqa: N815
    handle_DATA = _take_content  # noqa: N815

    def connected(self, protocol: _Protocol) -> None:
        self.connections += 1
        self._open.add(protocol)
        self._tell_soon()

    def disconnected(self, protocol: _Protocol) -> None:
        self._open.discard(protocol)
        self._tell_soon()

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        if planned := self._next("AUTH", ""):
            return AuthResult(success=False, handled=False, message=planned.reply)
        assert isinstance(data, LoginPassword)
        given = (data.login.decode(), data.password.decode())
        if given != self._login:
            return AuthResult(success=False, handled=False, message="535 5.7.8 Authentication credentials invalid")
        self.logins += 1
        return AuthResult(success=True, auth_data=data)

    @property
    def wants_login(self) -> bool:
        return self._login is not None

    @property
    def wants_tls_for_login(self) -> bool:
        """Over TLS from the first byte on, the library does not see the TLS."""
        return self._tls == "starttls"

    @property
    def takes_utf8(self) -> bool:
        return self._utf8

    def _next(self, step: str, address: str) -> Misbehaviour | None:
        return next((one for one in self._planned if one.strikes(step, address)), None)

    async def _goes_wrong(self, step: str, address: str, server: _Protocol) -> str:
        planned = self._next(step, address)
        return await self._does(planned, server) if planned else ""

    async def _does(self, planned: Misbehaviour, server: _Protocol) -> str:
        """The reply with which it goes wrong; empty when it goes on after a while."""
        await self._tell()
        match planned.kind:
            case Kind.REFUSED:
                return planned.reply
            case Kind.SLOW:
                await asyncio.sleep(planned.delay)
                return ""
            case _:
                server.hang_up()
                return _GONE

    def _tell_soon(self) -> None:
        task = asyncio.ensure_future(self._tell())
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self) -> None:
        async with self._changes:
            self._changes.notify_all()

    def _context(self) -> ssl.SSLContext:
        authority = trustme.CA()
        certificate = authority.issue_cert("127.0.0.1", "localhost", "mail.example.org")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        authority.cert_pem.write_to_path(str(self.ca))
        return context


class _Protocol(SMTP):
    """One connection."""

    def __init__(self, fake: SmtpFake, offered: ssl.SSLContext | None) -> None:
        self._fake = fake
        self._is_counted = False
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a login in the open is what some tests want
            super().__init__(
                fake,
                hostname="mail.example.org",
                tls_context=offered,
                enable_SMTPUTF8=fake.takes_utf8,
                auth_required=fake.wants_login,
                auth_require_tls=fake.wants_tls_for_login,
                authenticator=fake.authenticate,
                loop=asyncio.get_running_loop(),
            )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if not self._is_counted:  # STARTTLS makes the same connection again
            self._is_counted = True
            self._fake.connected(self)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._fake.disconnected(self)

    def hang_up(self) -> None:
        if self.transport and not self.transport.is_closing():
            self.transport.close()
