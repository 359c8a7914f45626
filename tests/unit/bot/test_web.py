"""The web endpoint: what it mounts, how much it takes, what it tells."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, web

from bot.metrics import CONTENT_TYPE, Metrics
from bot.web import LARGEST_BODY, Health, WebEndpoint


@dataclass
class Patient:
    """A process of which a test says how it is."""

    condition: Health = field(default_factory=lambda: Health(True, "ok", {"slack": "connected"}))

    async def health(self) -> Health:
        return self.condition

    async def metrics(self) -> tuple[bytes, str]:
        return b"liaison_bot_inbox_waiting 0.0\n", CONTENT_TYPE


async def echo(request: web.Request) -> web.StreamResponse:
    return web.Response(text=str(len(await request.read())))


NOT_THERE = [("GET", "/", 404), ("POST", "/x", 404), ("GET", "/telegram", 405)]


@pytest.fixture
def patient() -> Patient:
    return Patient()


@pytest.fixture
async def client(patient: Patient) -> AsyncIterator[ClientSession]:
    endpoint = WebEndpoint(("127.0.0.1", 0), [("/telegram", echo)], patient)
    port = await endpoint.start()
    async with ClientSession(f"http://127.0.0.1:{port}") as session:
        yield session
    await endpoint.stop()


async def test_a_well_process_says_so(client: ClientSession) -> None:
    async with client.get("/healthz") as answer:
        assert answer.status == 200
        assert await answer.json() == {"status": "ok", "database": "ok", "platforms": {"slack": "connected"}}


async def test_a_failing_process_says_what_fails(client: ClientSession, patient: Patient) -> None:
    patient.condition = Health(False, "does not answer", {"slack": "refused"})
    async with client.get("/healthz") as answer:
        assert answer.status == 503
        assert (await answer.json())["database"] == "does not answer"


async def test_metrics_are_in_prometheus_text_format(client: ClientSession) -> None:
    async with client.get("/metrics") as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert (await answer.text()).startswith("liaison_bot_inbox_waiting")


async def test_a_platform_gets_what_is_posted_to_its_path(client: ClientSession) -> None:
    async with client.post("/telegram", data=b"x" * LARGEST_BODY) as answer:
        assert (answer.status, await answer.text()) == (200, str(LARGEST_BODY))


async def test_a_body_over_the_limit_is_refused(client: ClientSession) -> None:
    async with client.post("/telegram", data=b"x" * (LARGEST_BODY + 1)) as answer:
        assert answer.status == 413


@pytest.mark.parametrize(("method", "path", "status"), NOT_THERE)
async def test_anything_else_is_not_there(client: ClientSession, method: str, path: str, status: int) -> None:
    async with client.request(method, path) as answer:
        assert answer.status == status


def test_metrics_count_by_platform_and_share_nothing() -> None:
    one, other = Metrics(), Metrics()
    for metrics in (one, other):
        metrics.expect("slack")
    one.received("slack")
    one.answered("slack", 0.03)
    one.failed("slack")
    page = one.page(2, {"slack": True, "telegram": False}).decode().splitlines()
    for line in (
        'liaison_bot_events_received_total{platform="slack"} 1.0',
        'liaison_bot_events_answered_total{platform="slack"} 1.0',
        'liaison_bot_events_failed_total{platform="slack"} 1.0',
        'liaison_bot_handling_seconds_bucket{le="0.025",platform="slack"} 0.0',
        'liaison_bot_handling_seconds_bucket{le="0.05",platform="slack"} 1.0',
        "liaison_bot_inbox_waiting 2.0",
        'liaison_bot_platform_up{platform="slack"} 1.0',
        'liaison_bot_platform_up{platform="telegram"} 0.0',
    ):
        assert line in page
    assert 'liaison_bot_events_received_total{platform="slack"} 0.0' in other.page(0, {}).decode()
