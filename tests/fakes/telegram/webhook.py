"""The webhook: posts updates in the order of their chats, and again until they are taken."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientSession, ClientTimeout

from .params import Object

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_RETRY, LAST_RETRY = 0.05, 1.0


@dataclass
class Webhook:
    """Where updates are posted, as setWebhook said."""

    url: str
    secret: str = ""
    max_connections: int = 40
    last_error: str | None = None
    last_error_at: int | None = None


@dataclass(frozen=True)
class Post:
    """One attempt to deliver an update, with the status that came back (None: no answer)."""

    update_id: object
    status: int | None


@dataclass
class Poster:
    """Delivers to the webhook that is set; chats wait for their own earlier updates only."""

    clock: Callable[[], float]
    changed: Callable[[], None]
    webhook: Webhook | None = None
    posts: list[Post] = field(default_factory=list)
    timeout: float = 10.0
    _session: ClientSession | None = None
    _tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _alive: set[asyncio.Task[None]] = field(default_factory=set)
    _places: asyncio.Semaphore | None = None

    def start(self, webhook: Webhook) -> None:
        self.stop()
        self.webhook = webhook
        self._places = asyncio.Semaphore(webhook.max_connections)

    def stop(self) -> None:
        self.webhook = None
        for task in self._alive:
            task.cancel()
        self._tasks.clear()

    async def close(self) -> None:
        self.stop()
        await asyncio.gather(*self._alive, return_exceptions=True)
        if self._session:
            await self._session.close()

    def post(self, update: Object, lane: int, taken: Callable[[], bool]) -> None:
        """Delivers an update until `taken` says that no copy is left."""
        task = asyncio.create_task(self._deliver(update, self._tasks.get(lane), taken))
        self._tasks[lane] = task
        self._alive.add(task)
        task.add_done_callback(self._alive.discard)

    async def _deliver(self, update: Object, before: asyncio.Task[None] | None, taken: Callable[[], bool]) -> None:
        if before and not before.done():
            await asyncio.wait([before])
        delay = FIRST_RETRY
        while self.webhook:
            if await self._post(self.webhook, update):
                if taken():
                    return
                continue
            await asyncio.sleep(delay)
            delay = min(delay * 2, LAST_RETRY)

    async def _post(self, webhook: Webhook, update: Object) -> bool:
        assert self._places
        async with self._places:
            status = await self._send(webhook, update)
        if status is not None and 200 <= status < 300:
            webhook.last_error = webhook.last_error_at = None
        else:
            reason = f"Wrong response from the webhook: {status}" if status else "Connection failed"
            webhook.last_error, webhook.last_error_at = reason, int(self.clock())
        self.posts.append(Post(update["update_id"], status))
        self.changed()
        return webhook.last_error is None

    async def _send(self, webhook: Webhook, update: Object) -> int | None:
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers[SECRET_HEADER] = webhook.secret
        self._session = self._session or ClientSession(timeout=ClientTimeout(total=self.timeout))
        try:
            async with self._session.post(webhook.url, data=json.dumps(update).encode(), headers=headers) as answer:
                await answer.read()
                return answer.status
        except (ClientError, TimeoutError, OSError):
            return None
