"""Files that are shared on Slack without a word to the bot: which of them are looked at, and as what they arrive."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.arrival import Enclosed
from bot.platforms.slack import arrivals
from bot.platforms.slack.library import new_client, new_session
from bot.platforms.slack.payloads import EventDelivery, SharedFile, read
from bot.platforms.slack.shared import Shared, is_document, is_dropped_in_channel
from handlers.command import Place
from tests.fakes.slack import SlackFake

Json = dict[str, Any]
FILE: Json = {
    "id": "F1",
    "name": "ls23.docx",
    "mimetype": "application/msword",
    "size": 9,
    "mode": "hosted",
    "url_private_download": "https://files.slack.com/F1",
}


def shared(**inner: Any) -> EventDelivery:
    """As Slack documents `file_shared`."""
    told = {
        "type": "file_shared",
        "channel_id": "C1",
        "file_id": "F1",
        "user_id": "U1",
        "file": {"id": "F1"},
        "event_ts": "1617804931.000300",
        **inner,
    }
    payload = read({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": told})
    assert isinstance(payload, EventDelivery)
    return payload


def file(**more: Any) -> SharedFile:
    return SharedFile.model_validate({**FILE, **more})


def test_a_shared_file_arrives_like_one_in_a_message_but_unaddressed() -> None:
    arrival = arrivals.of_shared(shared(), file(), 5.0)
    assert (arrival.account, arrival.kind, arrival.text, arrival.unaddressed) == ("T1/U1", "message", "", True)
    assert arrival.place == Place("slack", "T1/C1", "", False)
    assert arrival.files == (Enclosed(reference=FILE["url_private_download"], **_said("ls23.docx")),)


def _said(name: str) -> Json:
    return {"name": name, "media_type": FILE["mimetype"], "size": FILE["size"]}


@pytest.mark.parametrize(
    ("shares", "thread"),
    [
        ({"public": {"C1": [{"ts": "2.0"}]}}, "2.0"),
        ({"private": {"C1": [{"ts": "2.0"}, {"ts": "3.0", "thread_ts": "1.0"}]}}, "1.0"),
        ({"public": {"C2": [{"ts": "2.0"}]}}, ""),
        ({}, ""),
    ],
)
def test_it_belongs_to_the_thread_of_the_newest_message_with_it(shares: Json, thread: str) -> None:
    arrival = arrivals.of_shared(shared(), file(shares=shares), 5.0)
    assert (arrival.place.thread, arrival.address.get("thread_ts", "")) == (thread, thread)


def test_a_mention_with_the_file_covers_it() -> None:
    inner = {"type": "app_mention", "user": "U1", "channel": "C1", "text": "<@UBOT>", "ts": "1.1", "files": [FILE]}
    payload = read({"type": "event_callback", "team_id": "T1", "event_id": "Ev2", "event": inner})
    assert isinstance(payload, EventDelivery)
    mention = arrivals.of_event(payload, "UBOT", 5.0)
    assert mention is not None
    assert mention.covers == (arrivals.of_shared(shared(), file(), 5.0).event_id,)


@pytest.mark.parametrize("inner", [{"channel_id": "D1"}, {"user_id": "UBOT"}, {"channel_id": None}, {"file_id": ""}])
def test_direct_messages_and_what_the_bot_sends_are_passed_over(inner: Json) -> None:
    assert not is_dropped_in_channel(shared(**inner), "UBOT")


@pytest.mark.parametrize(
    "more",
    [{"mode": "external"}, {"is_external": True}, {"mode": "tombstone"}, {"mode": "quip"}, {"mimetype": "image/png"}],
)
def test_links_canvases_and_pictures_are_passed_over(more: Json) -> None:
    assert is_document(file())
    assert not is_document(file(**more))


@pytest.fixture
async def slack() -> AsyncIterator[SlackFake]:
    """Nobody takes what it tells: the events are read from its record."""
    async with SlackFake() as fake:
        fake.patience, fake.retries = 0.05, 0
        yield fake


async def looked_at(slack: SlackFake, *, heard: bool = True, name: str = "a.docx") -> tuple[Enclosed, ...] | None:
    """What arrives of a file that is dropped in #general."""
    sent = slack.file(name, b"text")
    delivery = await slack.says("anna", "look", "general", files=[sent])
    (told,) = (one.payload for one in delivery.also if one.payload["event"]["type"] == "file_shared")
    payload = read(told)
    assert isinstance(payload, EventDelivery)

    async def hears(account: str, place: Place) -> bool:
        return heard

    if name == "gone.docx":
        sent.content = None
    async with new_session() as session:
        client = new_client(slack.bot_token, slack.api_url, session)
        arrival = await Shared(client, hears, slack.workspace.bot.id).arrival(payload, 5.0)
    return arrival.files if arrival else None


async def test_slack_is_asked_what_the_file_is(slack: SlackFake) -> None:
    found = await looked_at(slack)
    assert found is not None
    assert (found[0].name, found[0].size) == ("a.docx", 4)


async def test_where_the_bot_does_not_listen_nothing_is_asked(slack: SlackFake) -> None:
    assert await looked_at(slack, heard=False) is None
    assert slack.called("files.info") == []


async def test_a_file_that_is_gone_already_is_passed_over(slack: SlackFake) -> None:
    assert await looked_at(slack, name="gone.docx") is None


async def test_when_slack_does_not_answer_in_time_the_file_is_known_by_its_number(
    slack: SlackFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.slack.shared._PATIENCE", 0.05)
    slack.misbehave("slow", "files.info")
    found = await looked_at(slack)
    assert found is not None
    assert found[0].reference.startswith("F0")
