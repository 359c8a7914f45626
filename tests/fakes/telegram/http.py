"""The HTTP side: reads calls as the Bot API does, misbehaves when told to, and answers."""

from __future__ import annotations

import asyncio
import json
import math
from http import HTTPStatus

from aiohttp import web

from .errors import ApiError, rate_limited, unauthorized, unknown_method
from .methods import METHODS
from .methods.receiving import remember_kinds
from .misbehaviour import AFTER_EFFECT, Kind, Misbehaviour
from .params import Object, Parameters, Upload
from .records import Call, Violation
from .world import World

LARGEST_REQUEST = 64 * 1024 * 1024
LONGEST_POLL = 50
WHOLE_BOT = "*"


def application(world: World) -> web.Application:
    endpoint = Endpoint(world)
    app = web.Application(client_max_size=LARGEST_REQUEST)
    app.router.add_route("*", "/bot{token}/{method}", endpoint.call)
    app.router.add_get("/file/bot{token}/{path:.+}", endpoint.download)
    return app


class Endpoint:
    """Answers the calls of the bot."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Misbehaviour of the method `download` strikes here: `slow` hangs half-way, `lost_reply` drops half-way."""
        if request.match_info["token"] != self.world.token or self.world.revoked:
            return _refused(unauthorized())
        found = [one for one in self.world.documents.values() if one.path == request.match_info["path"]]
        if not found:
            return _refused(ApiError(404, "Not Found"))
        struck = self.world.misbehaviours.next("download", None)
        if struck is None:
            return web.Response(body=found[0].content, content_type="application/octet-stream")
        if struck.kind not in AFTER_EFFECT:
            return _refused(ApiError(struck.status, HTTPStatus(struck.status).phrase))
        response = web.StreamResponse(headers={"Content-Length": str(len(found[0].content))})
        await response.prepare(request)
        await response.write(found[0].content[: len(found[0].content) // 2])
        if struck.kind is Kind.LOST_REPLY:
            return _hang_up(request)
        await asyncio.Event().wait()
        return response

    async def call(self, request: web.Request) -> web.Response:
        parameters = await read_parameters(request)
        chat_id = parameters.text("chat_id") or None
        call = Call(request.match_info["method"], parameters.values, self.world.clock(), chat_id)
        self.world.calls.append(call)
        try:
            return await self._answer(request, call, parameters)
        except ApiError as error:
            call.error = error.description
            return _refused(error)
        finally:
            await self.world.changed()

    async def _answer(self, request: web.Request, call: Call, parameters: Parameters) -> web.Response:
        self._authorize(request)
        self._keep_waiting(call)
        struck = self.world.misbehaviours.next(call.method, call.chat_id)
        if struck is None:
            return _done(await self._perform(call, parameters))
        call.misbehaviour = struck.kind.value
        if struck.kind in AFTER_EFFECT:
            return await self._answer_badly(request, call, parameters, struck)
        return self._refuse(request, call, struck)

    def _authorize(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if ":" not in token:
            raise ApiError(404, "Not Found")
        if token != self.world.token or self.world.revoked:
            raise unauthorized()

    def _keep_waiting(self, call: Call) -> None:
        """A chat stays closed until its `retry_after` is over; whoever comes earlier is noted."""
        if call.chat_id is None or not call.method.lower().startswith(("send", "edit")):
            return
        until = max(self.world.limited_until.get(place, -math.inf) for place in (call.chat_id, WHOLE_BOT))
        left = until - self.world.clock()
        if left > 0:
            self.world.violations.append(Violation(call.method, call.chat_id, left))
            raise rate_limited(max(1, math.ceil(left)) if left >= 1 else round(left, 3) or 0.001)

    async def _perform(self, call: Call, parameters: Parameters) -> object:
        name = call.method.lower()
        if name == "getupdates":
            return await self._poll(parameters)
        method = METHODS.get(name)
        if method is None or (name == "sendrichmessage" and not self.world.rich):
            raise unknown_method()
        result = method(self.world, parameters)
        call.took_effect = True
        return result

    async def _poll(self, parameters: Parameters) -> object:
        if not self.world.updates.webhook:
            remember_kinds(self.world, parameters)
        timeout = min(parameters.number("timeout") or 0, LONGEST_POLL)
        # Waiters learn that the bot polls at all before it waits, not after.
        await self.world.changed()
        return await self.world.updates.poll(
            parameters.number("offset") or 0, parameters.number("limit") or 100, timeout
        )

    async def _answer_badly(
        self, request: web.Request, call: Call, parameters: Parameters, struck: Misbehaviour
    ) -> web.Response:
        result = await self._perform(call, parameters)
        await self.world.changed()
        if struck.kind is Kind.LOST_REPLY:
            return _hang_up(request)
        if math.isinf(struck.delay):
            # The client gives up first: aiohttp then cancels this handler.
            await asyncio.Event().wait()
        await asyncio.sleep(struck.delay)
        return _done(result)

    def _refuse(self, request: web.Request, call: Call, struck: Misbehaviour) -> web.Response:
        if struck.kind is Kind.DROPPED:
            return _hang_up(request)
        if struck.kind is Kind.REVOKED:
            raise unauthorized()
        if struck.kind is Kind.SERVER_ERROR:
            phrase = HTTPStatus(struck.status).phrase
            raise ApiError(struck.status, phrase)
        place = WHOLE_BOT if struck.whole_bot else call.chat_id
        if place is not None:
            self.world.limited_until[place] = self.world.clock() + struck.retry_after
        raise rate_limited(struck.retry_after)


async def read_parameters(request: web.Request) -> Parameters:
    """The parameters from the address and from the body, in any of the three ways to send them."""
    values: Object = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = json.loads(await request.read() or b"{}")
        values |= body if isinstance(body, dict) else {}
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                mime_type = value.content_type or "application/octet-stream"
                files[name] = Upload(value.filename, value.file.read(), mime_type)
            else:
                values[name] = value.decode() if isinstance(value, bytes | bytearray) else value
    return Parameters(values, files)


def _done(result: object) -> web.Response:
    return web.Response(body=json.dumps({"ok": True, "result": result}).encode(), content_type="application/json")


def _refused(error: ApiError) -> web.Response:
    return web.Response(status=error.code, body=json.dumps(error.payload()).encode(), content_type="application/json")


def _hang_up(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)
