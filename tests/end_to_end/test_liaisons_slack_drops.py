"""A statement that is dropped on Slack without a word to the bot: offered once where the secretariat works."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Literal

import pytest

from tests.conftest import MakeDatabase
from tests.end_to_end.house import PATIENCE
from tests.end_to_end.statements import LS23, WORD, at_work, kept, sample, slack_opens, values
from tests.end_to_end.timed_house import TimedHouse
from tests.fakes.slack import Message

ROOM = "secretariat"

Order = Literal["with", "before", "after"]
ORDERS: tuple[Order, ...] = ("with", "before", "after")


class Room:
    """A house where files are dropped, mostly in the room of the secretariat."""

    def __init__(self, at: TimedHouse, said: asyncio.Event) -> None:
        self.at = at
        self._said = said

    async def drops(self, where: str = "", text: str = "", who: str = "anna", order: Order = "with") -> list[str]:
        """What the bot says to it, after all that is to be said."""
        slack, place = self.at.slack, where or who
        before = len(slack.answers(place))
        file = slack.file(LS23, sample(), WORD)
        self._said.clear()
        await slack.says(who, text, where or None, files=[file], raw=True, file_shared=order)
        self._said.set()
        await self.at.settled()
        return [slack.seen(one) for one in slack.answers(place)[before:]]


@pytest.fixture
async def room(make_database: MakeDatabase, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """Requests to the secretariat go there; what is said with a file has the time to come that it takes."""
    said = asyncio.Event()
    monkeypatch.setattr("bot.overhearing.grace", said.wait)
    async with at_work(make_database) as house:
        await house.slack.says("anna", f"{house.slack.mention} secretariat here", ROOM, raw=True)
        await house.slack_sees(ROOM, "requests and reports come here")
        yield Room(house, said)


async def test_a_bare_drop_in_the_secretariats_room_is_offered_once_and_logged(room: Room) -> None:
    at = room.at
    (seen,) = await room.drops(ROOM)
    assert f"{LS23}, " in seen
    assert len(at.slack.called("download")) == 1
    offered = newest(at, ROOM)
    assert offered.thread_ts is not None
    view = await slack_opens(at, "anna", offered, "Log it", "Liaison log")
    assert values(view)["Number"] == "SG17-LS23"
    await at.slack.submits("anna", view)
    await at.slack.wait_for(lambda: "Logged as SG17-LS23" in at.slack.seen(newest(at, ROOM)), PATIENCE)
    assert (await kept(at, "SG17-LS23")).status == "received"


async def test_elsewhere_and_of_others_nothing_is_said_asked_or_fetched(room: Room) -> None:
    at = room.at
    at.slack.workspace.channel(ROOM).members.add(at.slack.workspace.person("boris").id)
    assert await room.drops("general") == []
    assert await room.drops(ROOM, who="boris") == []
    assert (at.slack.called("files.info"), at.slack.called("download")) == ([], [])


async def test_with_words_or_in_private_or_told_twice_it_is_offered_once(room: Room) -> None:
    at = room.at
    counts = {order: len(await room.drops(ROOM, at.slack.mention, order=order)) for order in ORDERS}
    assert counts == dict.fromkeys(ORDERS, 1)
    counts = {order: len(await room.drops(order=order)) for order in ORDERS}
    assert counts == dict.fromkeys(ORDERS, 1)
    assert len(await room.drops("general", at.slack.mention, order="before")) == 1
    at.slack.misbehave("duplicate", "events_api", times=None)
    assert len(await room.drops(ROOM)) == 1


def newest(at: TimedHouse, where: str) -> Message:
    return at.slack.answers(where)[-1]
