"""Socket Mode: the open websockets, and envelopes that wait for their acknowledgement."""

import asyncio
import json
from dataclasses import dataclass

from aiohttp import WSCloseCode, WSMsgType, web

from tests.fakes.slack.state import State
from tests.fakes.slack.wire import Json

ACCEPTS_RESPONSE = frozenset({"slash_commands", "interactive"})
NOBODY_THERE = 15.0
"""Seconds after which an envelope is given up that no websocket was open for."""


@dataclass(eq=False)
class Connection:
    """`retiring`: Slack has asked the app to leave it, and sends nothing more through it."""

    websocket: web.WebSocketResponse
    request: web.Request
    retiring: bool = False

    def abort(self) -> None:
        if self.request.transport is not None:
            self.request.transport.abort()


class Sockets:
    def __init__(self, state: State) -> None:
        self._state = state
        self._waiting: dict[str, tuple[Connection, asyncio.Future[Json]]] = {}
        self._turn = 0
        self.connections: list[Connection] = []

    @property
    def usable(self) -> list[Connection]:
        return [one for one in self.connections if not one.retiring]

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        websocket = web.WebSocketResponse(max_msg_size=0)
        await websocket.prepare(request)
        connection = Connection(websocket, request)
        self.connections.append(connection)
        try:
            await websocket.send_json(self._hello())
            await self._state.notice.changed()
            async for message in websocket:
                if message.type == WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            self._gone(connection)
            await self._state.notice.changed()
        return websocket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "loopback", "approximate_connection_time": 3600},
            "connection_info": {"app_id": self._state.workspace.app_id},
        }

    def _acknowledged(self, text: str) -> None:
        answer = json.loads(text)
        _, future = self._waiting.get(answer.get("envelope_id", ""), (None, None))
        if future is not None and not future.done():
            future.set_result(answer.get("payload") or {})

    def _gone(self, connection: Connection) -> None:
        self.connections.remove(connection)
        for owner, future in list(self._waiting.values()):
            if owner is connection and not future.done():
                future.set_exception(ConnectionError("the websocket closed before the acknowledgement"))

    async def send(self, envelope: Json, patience: float) -> Json:
        """The payload of the acknowledgement; `TimeoutError` or `ConnectionError` when there is none."""
        async with asyncio.timeout(min(patience, NOBODY_THERE)):
            await self._state.notice.wait_for(lambda: self.usable, patience + 1, lambda: "no websocket is open")
        async with asyncio.timeout(patience):
            connection = self._next()
            future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
            self._waiting[envelope["envelope_id"]] = connection, future
            try:
                await connection.websocket.send_json(envelope)
                return await future
            finally:
                del self._waiting[envelope["envelope_id"]]

    def _next(self) -> Connection:
        self._turn += 1
        usable = self.usable
        return usable[self._turn % len(usable)]

    async def disconnect(self, reason: str, count: int | None = None) -> None:
        """The oldest `count` (None: all). `abrupt` drops them, `close` is polite; any other reason is told the app."""
        for connection in self.connections[:count]:
            if reason == "abrupt":
                connection.abort()
            elif reason == "close":
                await connection.websocket.close(code=WSCloseCode.GOING_AWAY)
            else:
                connection.retiring = True
                await connection.websocket.send_json(
                    {"type": "disconnect", "reason": reason, "debug_info": {"host": "loopback"}}
                )

    def close(self) -> None:
        for connection in list(self.connections):
            connection.abort()
