"""The web server of the loopback Slack: Web API, response URLs, uploads, websockets."""

import asyncio
import json
from collections.abc import Callable
from typing import TypeAlias

from aiohttp import web

from tests.fakes.slack import posting
from tests.fakes.slack.arguments import arguments
from tests.fakes.slack.misbehaviour import Misbehaviour
from tests.fakes.slack.records import Call
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.state import RESPONSE_URL_SECONDS, RESPONSE_URL_USES, ResponseUrl, State
from tests.fakes.slack.web_api import call
from tests.fakes.slack.wire import Json, SlackRefusal

Effect: TypeAlias = Callable[[], Json]
LARGEST_BODY = 64 * 1024 * 1024


class Server:
    """Listens on a free port of 127.0.0.1."""

    def __init__(self, state: State, sockets: Sockets) -> None:
        self._state = state
        self._sockets = sockets
        self._released = asyncio.Event()
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/response/{name}", self._response_url)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_get("/files-pri/{file}", self._download)
        app.router.add_get("/files-pri/{file}/download", self._download)
        app.router.add_get("/link/", sockets.serve)
        # Cancelling the handler tells a slow answer that its client has given up.
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=1)

    async def start(self) -> None:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._state.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        self.release()
        self._sockets.close()
        await self._runner.cleanup()

    def release(self) -> None:
        """Lets the slow answers go."""
        self._released.set()
        self._released = asyncio.Event()

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        record = self._recorded(method)
        try:
            record.args = args = await arguments(request, method)
            token = _token(request, args)
            return await self._answered(request, record, lambda: call(self._state, method, token, args))
        except SlackRefusal as refusal:
            record.outcome = refusal.error
            return _json(refusal.body())
        finally:
            await self._state.notice.changed()

    async def _response_url(self, request: web.Request) -> web.Response:
        record = self._recorded("response_url")
        try:
            body = await request.json()
            if not isinstance(body, dict):
                raise SlackRefusal("invalid_payload")
            record.args = body
            place = self._place(request.match_info["name"])
            return await self._answered(request, record, lambda: _used(self._state, place, body))
        except ValueError:
            record.outcome = "invalid_payload"
            return _json({"ok": False, "error": "invalid_payload"}, status=400)
        except SlackRefusal as refusal:
            record.outcome = refusal.error
            return _json(refusal.body(), status=404 if refusal.error in ("used_url", "expired_url") else 400)
        finally:
            await self._state.notice.changed()

    def _place(self, name: str) -> ResponseUrl:
        place = self._state.response_urls.get(name)
        if place is None or self._state.clock.now() - place.issued_at > RESPONSE_URL_SECONDS:
            raise SlackRefusal("expired_url")
        if place.uses >= RESPONSE_URL_USES:
            raise SlackRefusal("used_url")
        return place

    async def _upload(self, request: web.Request) -> web.Response:
        record = self._recorded("upload")
        file = self._state.book.files.get(request.match_info["file"])
        body = await request.read()
        record.args = {"file": request.match_info["file"], "length": len(body)}
        try:
            if file is None or len(body) != file.length:
                record.outcome = "refused"
                return web.Response(status=400, text="the length is not the one that was announced")
            file.content = body
            return await self._answered(request, record, lambda: {"ok": True}, text=f"OK - {len(body)}")
        finally:
            await self._state.notice.changed()

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Without the scope `files:read` a page to log in. 'download' counts as a method: 'slow' hangs half-way."""
        record = self._recorded("download")
        state, file = self._state, self._state.book.files.get(request.match_info["file"])
        is_known = request.headers.get("Authorization") == f"Bearer {state.bot_token}" and not state.auth_error
        if not is_known or (state.scopes is not None and "files:read" not in state.scopes):
            record.outcome = "login"
            return web.Response(text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html")
        if file is None or file.content is None:
            record.outcome = "file_not_found"
            return web.Response(status=404)
        rule = state.misbehaviours.meets_call("download", {"file": file.id})
        record.outcome = rule.kind if rule else "ok"
        if rule is not None and rule.kind not in ("slow", "lost_reply"):
            return web.Response(status={"rate_limited": 429, "error": 403}.get(rule.kind, 500))
        headers = {"Content-Type": file.mimetype, "Content-Disposition": "attachment"}
        response = web.StreamResponse(headers=headers)
        response.enable_chunked_encoding()
        await response.prepare(request)
        half = len(file.content) // 2
        await response.write(file.content[:half])
        if rule is not None and rule.kind == "slow":
            await self._released.wait()
        elif rule is not None and request.transport is not None:
            request.transport.abort()
        else:
            await response.write(file.content[half:])
        return response

    def _recorded(self, method: str) -> Call:
        record = Call(method, {}, self._state.clock.now())
        self._state.book.calls.append(record)
        return record

    async def _answered(
        self, request: web.Request, record: Call, effect: Effect, *, text: str | None = None
    ) -> web.Response:
        state = self._state
        state.limits.called(record.method, str(record.args.get("channel", "")), record.at)
        rule = state.misbehaviours.meets_call(record.method, record.args)
        if rule is not None:
            record.outcome = rule.kind
            if rule.kind == "rate_limited":
                state.limits.refused(record.method, record.at, rule.retry_after)
            return await self._misbehaved(request, rule, effect)
        body = effect()
        record.outcome = "ok"
        return web.Response(text=text) if text is not None else _json(body)

    async def _misbehaved(self, request: web.Request, rule: Misbehaviour, effect: Effect) -> web.Response:
        match rule.kind:
            case "rate_limited":
                headers = {"Retry-After": str(rule.retry_after)}
                return _json({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            case "server_error":
                return web.Response(status=500, text="<html>Server Error</html>", content_type="text/html")
            case "message_limit_exceeded" | "revoked" | "error":
                named = {"revoked": "token_revoked", "error": rule.error}
                raise SlackRefusal(named.get(rule.kind, rule.kind))
            case "slow":
                body = effect() if rule.effect else {"ok": False, "error": "request_timeout"}
                await self._state.notice.changed()
                await self._released.wait()
                return _json(body)
            case "lost_reply":
                effect()
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def _used(state: State, place: ResponseUrl, body: Json) -> Json:
    posting.answer(state, place, body)
    place.uses += 1
    return {"ok": True}


def _token(request: web.Request, args: Json) -> str | None:
    given = request.headers.get("Authorization", "")
    named = args.pop("token", None)
    return given.removeprefix("Bearer ").strip() or (str(named) if named else None)


def _json(body: Json, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(), status=status, headers=headers, content_type="application/json", charset="utf-8"
    )
