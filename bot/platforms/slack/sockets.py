"""Socket Mode: two connections, of which one is alive while the other is renewed."""

from __future__ import annotations

import asyncio
from time import time

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms import Unavailable
from bot.platforms.slack.errors import translated
from bot.platforms.slack.library import discreet_logger

CONNECTIONS = 2
_STALE_AFTER = 30.0
_PING_SECONDS = 5.0


class Sockets:
    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        self._app = app
        turn = asyncio.Lock()
        self._connections = [_Connection(app_token, client, turn) for _ in range(CONNECTIONS)]
        for connection in self._connections:
            connection.socket_mode_request_listeners.append(self._deliver)

    async def connect(self) -> None:
        """Raises a `PlatformError` when the token is refused or Slack cannot be reached."""
        try:
            async with asyncio.timeout(_STALE_AFTER):
                for connection in self._connections:
                    with translated():
                        connection.wss_uri = await connection.issue_new_wss_url()
                    await connection.connect()
        except TimeoutError as error:
            raise Unavailable("no Socket Mode connection") from error

    async def close(self) -> None:
        for connection in self._connections:
            await connection.close()  # type: ignore[no-untyped-call]  # slack_sdk does not type it

    async def _deliver(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        started = time()
        response = await run_async_bolt_app(self._app, request)
        await send_async_response(client, request, response, started)


class _Connection(SocketModeClient):
    """One connection. `turn` is shared: one is renewed after the other, never both at once."""

    def __init__(self, app_token: str, client: AsyncWebClient, turn: asyncio.Lock) -> None:
        super().__init__(app_token, discreet_logger(), client, ping_interval=_PING_SECONDS)
        self._turn = turn

    async def connect(self) -> None:
        """The library would try one address for ever, but Slack's addresses serve once and for a short time."""
        async with self._turn:
            while not self.closed:
                try:
                    async with asyncio.timeout(_STALE_AFTER):
                        await super().connect()  # type: ignore[no-untyped-call]  # slack_sdk does not type it
                    return
                except TimeoutError:
                    self.wss_uri = None

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """The library would give up when Slack cannot name an address at once; `connect` asks until it can."""
        async with self.connect_operation_lock:
            if force or not await self.is_connected():
                self.wss_uri = None
                await self.connect()
