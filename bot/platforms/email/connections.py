"""Connections to the mail server: a few, kept open while there is something to send."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from bot.mail_server import MailServer

PATIENCE: Final = 30.0
"""Seconds that the server may take for one reply."""

IDLE: Final = 20.0
"""Seconds after which a connection that nothing is sent over is closed."""

MOST: Final = 100
"""Messages over one connection: servers end one that brings more."""

_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


@dataclass(slots=True)
class Connection:
    """One connection. `is_new`: nothing was sent over it yet, so that it cannot have grown old unnoticed."""

    client: SMTP
    sent: int = 0
    closing: asyncio.TimerHandle | None = None

    @property
    def is_new(self) -> bool:
        return self.sent == 0


@dataclass(frozen=True, slots=True)
class _Local:
    """What takes a while to find out: what this machine is called, and which certificates it trusts."""

    name: str
    context: ssl.SSLContext


class Connections:
    """Takes an idle connection or opens one. How many there are at once is for the caller to limit."""

    def __init__(self, server: MailServer, patience: float = PATIENCE, idle: float = IDLE) -> None:
        self._server = server
        self._patience = patience
        self._idle_seconds = idle
        self._local: _Local | None = None
        self._idle: list[Connection] = []

    @asynccontextmanager
    async def one(self, *, new: bool = False) -> AsyncIterator[Connection]:
        """A connection that is the caller's for a while; kept open after it, unless the caller failed.

        Raises `SMTPException` and `OSError` when there is none.
        """
        connection = (None if new else self._kept()) or Connection(await self.opened())
        try:
            yield connection
        except SMTPResponseException:
            await self._keep_after_refusal(connection)
            raise
        except BaseException:
            # Whatever came half-way over it would be taken for the reply to the next message.
            connection.client.close()
            raise
        await self._keep(connection)

    async def opened(self) -> SMTP:
        """A new connection, with TLS and logged in as the settings say."""
        if self._local is None:
            self._local = await asyncio.to_thread(_local, self._server)
        client = SMTP(
            hostname=self._server.host,
            port=self._server.port,
            username=self._server.user or None,
            password=self._server.password or None,
            timeout=self._patience,
            use_tls=self._server.is_implicit,
            start_tls=self._server.start_tls,
            tls_context=self._local.context,
            local_hostname=self._local.name,
        )
        await client.connect()
        return client

    async def close(self) -> None:
        """Close those that are idle."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*map(_quit, idle))

    def _kept(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            _stay(connection)
            if connection.client.is_connected:
                return connection
        return None

    async def _keep_after_refusal(self, connection: Connection) -> None:
        try:
            await connection.client.rset()
        except (SMTPException, OSError):
            connection.client.close()
        else:
            await self._keep(connection)

    async def _keep(self, connection: Connection) -> None:
        connection.sent += 1
        if not connection.client.is_connected:
            return
        if connection.sent >= MOST:
            await _quit(connection)
            return
        self._idle.append(connection)
        connection.closing = asyncio.get_running_loop().call_later(self._idle_seconds, self._drop, connection)

    def _drop(self, connection: Connection) -> None:
        if connection in self._idle:
            self._idle.remove(connection)
        connection.client.close()


def _local(server: MailServer) -> _Local:
    name = socket.getfqdn()
    return _Local(name if _HOST.fullmatch(name) else "localhost", ssl.create_default_context(cafile=server.ca))


def _stay(connection: Connection) -> None:
    if connection.closing:
        connection.closing.cancel()
        connection.closing = None


async def _quit(connection: Connection) -> None:
    _stay(connection)
    with contextlib.suppress(SMTPException, OSError):
        await connection.client.quit(timeout=0.3)
    connection.client.close()
