"""The web endpoint: one port for what platforms post, for health and for metrics."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Route = tuple[str, Handler]
"""A path, and who answers what is posted there."""

LARGEST_BODY = 1024 * 1024
"""Bytes that a post may have."""

UNSUBSCRIBE = "/unsubscribe/{token:[A-Za-z0-9_-]{1,64}}"
"""Where the link of a mail leads that ends a subscription."""

_CLOSING_SECONDS = 0.5
_PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Health:
    """How the process is: what the database says, and each platform's state."""

    is_well: bool
    database: str
    platforms: Mapping[str, str]


class Condition(Protocol):
    """What the endpoint asks about the process."""

    async def health(self) -> Health: ...

    async def metrics(self) -> tuple[bytes, str]:
        """The page and its content type."""


class Unsubscribing(Protocol):
    """What answers the link of a mail: the status and the page."""

    async def show(self, token: str) -> tuple[int, str]:
        """Ask whether it shall end; nothing ends by looking, which programs do too."""

    async def end(self, token: str) -> tuple[int, str]:
        """End it."""


class WebEndpoint:
    """Serves between `start` and `stop`."""

    def __init__(
        self,
        address: tuple[str, int],
        routes: Sequence[Route],
        condition: Condition,
        unsubscribing: Unsubscribing | None = None,
    ) -> None:
        self._host, self._port = address
        self._condition = condition
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/metrics", self._metrics)
        for path, handler in routes:
            app.router.add_post(path, handler)
        if unsubscribing:
            app.router.add_get(UNSUBSCRIBE, _page(unsubscribing.show))
            app.router.add_post(UNSUBSCRIBE, _page(unsubscribing.end))
        # A stop cancels nothing that is being kept: platforms would send it again.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_CLOSING_SECONDS)

    async def start(self) -> int:
        """Listen; gives the port, which is a free one for port 0. Raises `OSError` when it cannot."""
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _healthz(self, request: web.Request) -> web.Response:
        health = await self._condition.health()
        body = {
            "status": "ok" if health.is_well else "failing",
            "database": health.database,
            "platforms": dict(health.platforms),
        }
        return web.json_response(body, status=200 if health.is_well else 503)

    async def _metrics(self, request: web.Request) -> web.Response:
        page, content_type = await self._condition.metrics()
        return web.Response(body=page, headers={"Content-Type": content_type})


def _page(answer: Callable[[str], Awaitable[tuple[int, str]]]) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        status, page = await answer(request.match_info["token"])
        return web.Response(status=status, text=page, content_type="text/html", headers=_PAGE_HEADERS)

    return handler
