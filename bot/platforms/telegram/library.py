"""The library's connection to Telegram: its calls over one shared aiohttp session, as those to Slack go.

The library's own, over httpx, takes four times as long for a call: its pool looks at every connection twice a call.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from aiohttp.hdrs import CONTENT_TYPE, USER_AGENT
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_CONNECT_SECONDS = 10.0
_FILE_TIMES = 4
"""Times as long as an answer may take a file may take on its way."""

_POOL_SECONDS = 60.0
"""So long a call waits for one of the connections: it waits, and does not fail."""

_ENCODED = {CONTENT_TYPE: "application/x-www-form-urlencoded"}
_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


class Requests(BaseRequest):
    """Calls over up to so many connections. `timeout` is seconds until the answer.

    What the environment says of proxies holds, as it does for the library's own.
    """

    def __init__(self, connections: int, timeout: float) -> None:
        self._connections = connections
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}

    @property
    def read_timeout(self) -> float:
        return self._timeout

    async def initialize(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            headers = {USER_AGENT: self.USER_AGENT}
            self._session = aiohttp.ClientSession(
                connector=connector, headers=headers, cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("the connection to Telegram is closed")
        files: Mapping[str, Any] = request_data.multipart_data if request_data else {}
        fields = request_data.json_parameters if request_data else {}
        wait = _given(read_timeout, self._timeout)
        way = _given(write_timeout, self._timeout * _FILE_TIMES) if files else 0.0
        connect = _given(connect_timeout, min(self._timeout, _CONNECT_SECONDS))
        pool = _given(pool_timeout, _POOL_SECONDS)
        times = aiohttp.ClientTimeout(
            total=pool + connect + way + wait, connect=pool + connect, sock_connect=connect, sock_read=way + wait
        )
        body, headers = (_form(fields, files), None) if files else (urlencode(fields).encode(), _ENCODED)
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=times,
                allow_redirects=False,
                proxy=self._proxy(url),
            ) as response:
                return response.status, await response.read()
        # Neither the words of a time-out nor those of an address that cannot be read may be told: they hold the token.
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(_words(error)) from error

    def _proxy(self, url: str) -> str | None:
        """By which proxy to go there, as the environment said when it was gone to first: reading that takes a while."""
        address = urlsplit(url)
        if address.netloc not in self._proxies:
            proxies = {} if proxy_bypass(address.hostname or "") else getproxies()
            self._proxies[address.netloc] = proxies.get(address.scheme) or proxies.get("all")
        return self._proxies[address.netloc]


def may_have_arrived(cause: BaseException | None) -> bool | None:
    """Whether what was asked may have got there, though the call failed because of this; None if that tells nothing."""
    if isinstance(cause, (aiohttp.ClientError, TimeoutError, OSError)):
        return not isinstance(cause, _NEVER_SENT)
    return None


def _given(seconds: object, usual: float) -> float:
    return float(seconds) if isinstance(seconds, int | float) else usual


def _words(error: Exception) -> str:
    name = type(error).__name__
    return f"{name}: {error.strerror}" if isinstance(error, OSError) and error.strerror else name


def _form(fields: Mapping[str, str], files: Mapping[str, Any]) -> aiohttp.FormData:
    # Quoted, a file's name would be shown as its percent signs.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, value)
    for name, (file_name, content, media_type) in files.items():
        shown = "".join(sign if sign.isprintable() else "_" for sign in file_name)
        body = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, body, filename=shown, content_type=media_type)
    return form
