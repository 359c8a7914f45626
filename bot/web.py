"""The web endpoint: one port for what platforms post, for health and for metrics."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Route = tuple[str, Handler]
"""A path, and who answers what is posted there."""

LARGEST_BODY = 1024 * 1024
"""Bytes that a post may have."""

_LAST_PART = "{token:[A-Za-z0-9_-]{1,64}}"

FILES = f"/files/{_LAST_PART}/{{name}}"
"""Where a kept file lies: under a token that nobody guesses, with its name behind it."""

_CLOSING_SECONDS = 0.5
_PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


_FILE_HEADERS = {
    "Cache-Control": "private, max-age=86400",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

FileT = TypeVar("FileT", bound="File")


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


class MailLink(Protocol):
    """What answers a link of mails by its token: the status and the page."""

    async def show(self, token: str) -> tuple[int, str]:
        """Ask whether it shall be done; nothing is done by looking, which programs do too."""

    async def do(self, token: str) -> tuple[int, str]:
        """Do it."""


class File(Protocol):
    """A file that may be fetched. `digest` is of its content."""

    @property
    def digest(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    @property
    def size(self) -> int: ...


class Files(Protocol[FileT]):
    """What lies at addresses that nobody guesses."""

    async def find(self, token: str, name: str) -> FileT | None:
        """None: there is no such file. Raises `OSError` when nobody can say."""

    def pieces(self, file: FileT) -> AsyncIterator[bytes]:
        """Its content. Whatever it raises ends the connection."""


class WebEndpoint:
    """Serves between `start` and `stop`."""

    def __init__(
        self,
        address: tuple[str, int],
        routes: Sequence[Route],
        condition: Condition,
        links: Mapping[str, MailLink] | None = None,
        files: Files[Any] | None = None,
    ) -> None:
        """`links` are those of mails, each by the word that its path begins with."""
        self._host, self._port = address
        self._condition = condition
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/metrics", self._metrics)
        for path, handler in routes:
            app.router.add_post(path, handler)
        if files:
            app.router.add_get(FILES, _file(files))
        for word, link in (links or {}).items():
            app.router.add_get(f"/{word}/{_LAST_PART}", _page(link.show))
            app.router.add_post(f"/{word}/{_LAST_PART}", _page(link.do))
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


def _file(files: Files[FileT]) -> Handler:
    """The file, whole; never shown in a browser, whatever it is."""

    async def handler(request: web.Request) -> web.StreamResponse:
        try:
            found = await files.find(request.match_info["token"], request.match_info["name"])
        except OSError:
            return web.Response(status=503, text="Please try again in a moment.", headers={"Retry-After": "10"})
        if found is None:
            return web.Response(status=404, text="There is no such file here.")
        headers = _file_headers(found)
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        response = web.StreamResponse(headers=headers)
        response.content_length = found.size
        await response.prepare(request)
        if request.method != "HEAD":
            async for piece in files.pieces(found):
                await response.write(piece)
            await response.write_eof()
        return response

    return handler


def _file_headers(file: File) -> Mapping[str, str]:
    return {
        **_FILE_HEADERS,
        "Content-Type": file.media_type,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "ETag": f'"{file.digest}"',
    }
