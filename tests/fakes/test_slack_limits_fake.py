"""The loopback Slack watches the documented limits."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import SlackFake
from tests.fakes.slack.limits import Limits


@pytest.fixture
async def slack() -> AsyncIterator[SlackFake]:
    async with SlackFake() as slack:
        yield slack


@pytest.fixture
async def client(slack: SlackFake) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[])


def test_two_posts_to_one_channel_within_a_second_are_an_excess() -> None:
    limits = Limits()
    for moment, channel in ((0.0, "C1"), (0.5, "C2"), (1.0, "C1"), (1.9, "C1")):
        limits.posted(channel, moment)
    assert [(one.kind, one.channel, one.at) for one in limits.excesses] == [("channel", "C1", 1.9)]


def test_more_than_several_hundred_posts_a_minute_are_an_excess() -> None:
    limits = Limits(per_minute=3)
    for moment in (0.0, 20.0, 40.0, 59.0, 100.5):
        limits.posted(f"C{moment}", moment)
    assert [(one.kind, one.at) for one in limits.excesses] == [("workspace", 59.0)]


def test_what_was_on_its_way_when_a_limit_was_told_is_no_violation() -> None:
    limits = Limits(grace=0.25)
    limits.refused("chat.postMessage", 0.0, 3)
    for moment in (0.2, 1.0, 3.0):
        limits.called("chat.postMessage", "C1", moment)
    limits.called("chat.update", "C1", 1.0)
    assert [(one.method, one.early_by) for one in limits.violations] == [("chat.postMessage", 2.0)]


async def test_a_call_during_a_wait_is_a_violation(slack: SlackFake, client: AsyncWebClient) -> None:
    slack.misbehave("rate_limited", "chat.postMessage", retry_after=30)
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="#general", text="x")
    slack.clock.advance(10)
    await client.chat_postMessage(channel="#secretariat", text="x")
    slack.clock.advance(21)
    await client.chat_postMessage(channel="#general", text="x")
    assert [round(one.early_by) for one in slack.limits.violations] == [20]


async def test_copies_are_counted_by_person_and_channel(slack: SlackFake, client: AsyncWebClient) -> None:
    anna, general = slack.workspace.person("anna"), slack.workspace.channel("general")
    for channel in (anna.id, anna.id, general.id):
        await client.chat_postMessage(channel=channel, text="the news")
    await client.chat_postMessage(channel=anna.id, text="something else")
    assert slack.copies("news") == {anna.id: 2, general.id: 1}


async def test_a_frozen_message_cannot_be_changed(slack: SlackFake, client: AsyncWebClient) -> None:
    answer = await client.chat_postMessage(channel="#general", text="x")
    slack.answers("general")[0].frozen = True
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel=answer["channel"], ts=answer["ts"], text="y")
