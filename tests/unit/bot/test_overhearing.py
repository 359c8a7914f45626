"""Files dropped where the bot listens, without a word to it: heard from the secretariat alone, and offered once."""

from __future__ import annotations

import asyncio

import pytest

from bot.arrival import Arrival, Enclosed
from bot.platforms import Unavailable
from handlers.command import Place
from storage.database import Database
from tests.talk import Talk, Voice

ROOM = Place("slack", "general", private=False)
PDF = b"%PDF-1.7 a statement"


@pytest.fixture
def talk(sample: Database, monkeypatch: pytest.MonkeyPatch) -> Talk:
    monkeypatch.setattr("bot.overhearing.GRACE", 0.0)
    return Talk(sample)


def dropped(voice: Voice, event: str = "drop") -> Arrival:
    """A file that somebody drops in the room, saying nothing."""
    voice.talk.platform("slack").files["F1"] = PDF
    files = (Enclosed(reference="F1", name="ls.pdf"),)
    update = {"event_id": event, "files": files, "unaddressed": True}
    return voice.arrival("", channel=True).model_copy(update=update)


def said(voice: Voice, text: str = "") -> Arrival:
    """The same file as it comes with the words."""
    file = dropped(voice).files
    return voice.arrival(text, channel=True).model_copy(update={"files": file, "covers": ("drop",)})


async def test_it_is_heard_from_the_secretariat_where_requests_go(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here", channel=True)
    assert await talk.desk.hears("secretariat", ROOM)
    assert await talk.desk.hears("administrator", ROOM)


async def test_it_is_heard_in_the_whole_channel_when_it_was_chosen_in_a_thread_of_it(talk: Talk) -> None:
    chosen = talk.secretariat.arrival("secretariat here", channel=True)
    await talk.secretariat.sends(chosen.model_copy(update={"place": Place("slack", "general", "1.1", False)}))
    assert await talk.desk.hears("secretariat", ROOM)


async def test_others_are_not_heard_there(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here", channel=True)
    assert not await talk.desk.hears("member", ROOM)
    assert not await talk.desk.hears("guest", ROOM)


async def test_nobody_is_heard_elsewhere(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here", channel=True)
    assert not await talk.desk.hears("secretariat", Place("slack", "lobby", private=False))
    await talk.secretariat.says("secretariat nowhere", channel=True)
    assert not await talk.desk.hears("secretariat", ROOM)


async def test_what_is_dropped_is_offered(talk: Talk) -> None:
    await talk.secretariat.sends(dropped(talk.secretariat))
    talk.secretariat.sees("ls.pdf, 20 bytes: kept as file 1")
    talk.secretariat.sees_buttons("Log it")


async def test_what_was_said_to_the_bot_is_not_heard_once_more(talk: Talk) -> None:
    await talk.secretariat.sends(said(talk.secretariat))
    talk.secretariat.sees("kept as file 1")
    assert not await talk.secretariat.sends(dropped(talk.secretariat))
    talk.secretariat.sees_nothing()


async def test_what_is_said_to_the_bot_just_after_is_answered_alone(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = asyncio.Event()
    monkeypatch.setattr("bot.overhearing.grace", came.wait)
    assert await talk.desk.receive(dropped(talk.secretariat))
    assert await talk.desk.receive(said(talk.secretariat, "whoami"))
    came.set()
    await talk.settles()
    talk.secretariat.sees("Secretariat", "kept as file 1")
    assert len(talk.secretariat.everything) == 1


async def test_what_comes_while_the_file_is_fetched_is_answered_alone(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetching, goes_on = asyncio.Event(), asyncio.Event()
    fetch = talk.platform("slack").fetch

    async def slowly(file: Enclosed, most: int) -> bytes:
        if not fetching.is_set():
            fetching.set()
            await goes_on.wait()
        return await fetch(file, most)

    monkeypatch.setattr(talk.platform("slack"), "fetch", slowly)
    await talk.desk.receive(dropped(talk.secretariat))
    await fetching.wait()
    await talk.desk.receive(said(talk.secretariat))
    goes_on.set()
    await talk.settles()
    talk.secretariat.sees("kept as file 1")
    assert len(talk.secretariat.everything) == 1


async def test_words_that_come_late_are_obeyed_all_the_same(talk: Talk) -> None:
    await talk.secretariat.sends(dropped(talk.secretariat))
    await talk.secretariat.sends(said(talk.secretariat, "whoami"))
    talk.secretariat.sees("Secretariat")


async def test_it_is_offered_after_a_restart(talk: Talk) -> None:
    talk.desk.close()
    await talk.desk.receive(dropped(talk.secretariat))
    talk.restart()
    assert await talk.desk.recover(unclaimed=True) == 1
    await talk.settles()
    talk.secretariat.sees("kept as file 1")


async def test_a_file_that_cannot_be_fetched_is_said_to_be_missing(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.porter._PAUSES", (0.0, 0.0))
    arrival = dropped(talk.secretariat)
    talk.platform("slack").files["F1"] = Unavailable("away")
    await talk.secretariat.sends(arrival)
    talk.secretariat.sees("I could not get ls.pdf just now")
