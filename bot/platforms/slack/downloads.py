"""Downloads: files that people sent on Slack, fetched with the bot's token."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.arrival import Enclosed
from bot.platforms import Unavailable, Unreachable
from bot.platforms.fetching import Gone, TooLarge, Withheld, content_of, times
from bot.platforms.slack.errors import refusal, translated

_MOST_REDIRECTS = 3
_DOMAINS = ("slack.com", "slack-gov.com", "slack-files.com")
LOST = frozenset({"file_not_found", "file_deleted"})
_NO_SCOPE = "Slack does not let me read files"
_REINSTALL = "The secretariat must reinstall the app with the scope files:read (liaison-bot doctor says how)."
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class Downloads:
    """`api_url` is Slack's own address: besides Slack's domains nobody else is shown the token."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession, api_url: str, timeout: float) -> None:
        self._client = client
        self._session = session
        self._own = URL(api_url).origin()
        self._timeout = timeout

    async def fetch(self, file: Enclosed, most: int) -> bytes:
        """Raises what `bot.platforms.fetching.Fetcher` says."""
        url = URL(file.reference if "://" in file.reference else await self._url(file.reference))
        with translated():
            for _ in range(_MOST_REDIRECTS):
                self._check(url)
                headers = {"Authorization": f"Bearer {self._client.token}"}
                times_ = times(self._timeout)
                async with self._session.get(url, headers=headers, allow_redirects=False, timeout=times_) as response:
                    if not 300 <= response.status < 400:
                        _refuse(response, file)
                        return await content_of(response, most)
                    url = url.join(URL(response.headers.get("Location", "")))
        raise Withheld(_NO_SCOPE, _REINSTALL)

    async def _url(self, number: str) -> str:
        """Of a file from another workspace an event says the number alone."""
        try:
            with translated():
                answer = await self._client.files_info(file=number)
        except Unreachable as error:
            raise Withheld(_NO_SCOPE, _REINSTALL) from error
        except Unavailable as error:
            if str(error) in LOST:
                raise Gone(str(error)) from error
            raise
        found = answer.get("file") or {}
        url = found.get("url_private_download") or found.get("url_private") if isinstance(found, Mapping) else ""
        if not url:
            raise Gone("Slack has no address of the file")
        return str(url)

    def _check(self, url: URL) -> None:
        host = url.host or ""
        is_slack = url.scheme == "https" and any(host == one or host.endswith(f".{one}") for one in _DOMAINS)
        if not (is_slack or (url.is_absolute() and url.origin() == self._own)):
            raise Withheld("it is not on Slack", "Send the file itself, or the link as text.")


def _refuse(response: aiohttp.ClientResponse, file: Enclosed) -> None:
    """Raise what stands for an answer that is not the file."""
    if response.status in _GONE:
        raise Gone("Slack has the file no more")
    if response.status in _REFUSED:
        raise Withheld(_NO_SCOPE, _REINSTALL)
    if response.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        raise TooLarge
    if response.status != HTTPStatus.OK:
        error = refusal("", response.status, response.headers.get("Retry-After"))
        # Fetching twice does no harm.
        raise Unavailable(str(error)) if isinstance(error, Unavailable) else error
    # Without the scope Slack gives a page to log in, as if all were well.
    is_page = response.content_type == "text/html"
    if is_page and (file.media_type != "text/html" or "Content-Disposition" not in response.headers):
        raise Withheld(_NO_SCOPE, _REINSTALL)
