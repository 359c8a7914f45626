"""What Slack says of people: what cannot be learnt holds up nobody."""

from __future__ import annotations

from typing import cast

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack import people
from bot.platforms.slack.people import People, Profile


class Broken:
    """A client that fails as no client should; as aiohttp does once its session is closed."""

    async def users_info(self, *, user: str) -> dict[str, object]:
        raise RuntimeError("Session is closed")


async def test_what_breaks_while_a_name_is_asked_for_costs_the_name_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "_PATIENCE", 60.0)
    assert await People(cast(AsyncWebClient, Broken())).profile("U1") == Profile()
