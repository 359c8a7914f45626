"""Events: each is handled once, also after a crash, with two replicas, and when something breaks."""

import asyncio
import logging
import sqlite3
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import OperationalError

from handlers.command import Form, Refused, Reply, Request, Role, command
from storage import people, sqlite
from storage.database import Database
from storage.inbox import CLAIM
from tests.talk import Talk


class Nothing(Form):
    pass


@command("room break", form=Nothing, role=Role.GUEST, help="Break")
async def break_down(request: Request, _nothing: Nothing) -> Reply:
    raise RuntimeError("a secret detail")


@command("room refuse", form=Nothing, role=Role.GUEST, help="Change something, and refuse")
async def refuse(request: Request, _nothing: Nothing) -> Reply:
    await people.set_zone(request.session, request.caller.person_id, ZoneInfo("Asia/Seoul"))
    raise Refused("Not like this.")


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample, break_down, refuse)


async def arrives_and_dies(talk: Talk, text: str) -> None:
    """The process keeps the event, and is killed before it does anything with it."""
    desk = talk.new_desk()
    desk._start = lambda event, work: work.close()  # type: ignore[method-assign]  # death, as seen from outside
    await desk.receive(talk.member.arrival(text))


async def test_an_event_that_comes_twice_is_answered_once(talk: Talk) -> None:
    arrival = talk.member.arrival("roadmap show Y.3800")
    assert await talk.member.sends(arrival)
    talk.member.sees("Y.3800")
    assert not await talk.member.sends(arrival)
    talk.member.sees_nothing()


async def test_an_event_that_comes_twice_at_once_is_answered_once(talk: Talk) -> None:
    arrival = talk.member.arrival("roadmap show Y.3800")
    kept = await asyncio.gather(*(talk.desk.receive(arrival) for _ in range(5)))
    await talk.settles()
    assert sorted(kept) == [False] * 4 + [True]
    assert len(talk.member.everything) == 1


async def test_the_same_event_id_of_two_platforms_is_two_events(talk: Talk) -> None:
    first, second = (
        voice.arrival("whoami").model_copy(update={"event_id": "1"}) for voice in (talk.member, talk.colleague)
    )
    assert await talk.member.sends(first)
    assert await talk.colleague.sends(second)
    talk.colleague.sees("Colleague")


async def test_two_replicas_handle_an_event_once(talk: Talk) -> None:
    arrival, replica = talk.member.arrival("roadmap show Y.3800"), talk.new_desk()
    kept = await asyncio.gather(talk.desk.receive(arrival), replica.receive(arrival))
    await talk.settles(talk.desk, replica)
    assert sorted(kept) == [False, True]
    assert len(talk.member.everything) == 1


async def test_a_killed_process_leaves_the_event_to_the_next_one(talk: Talk) -> None:
    await arrives_and_dies(talk, "roadmap show Y.3800")
    talk.clock.advance(CLAIM + timedelta(seconds=1))
    talk.restart()
    assert await talk.desk.recover() == 1
    await talk.settles()
    talk.member.sees("Y.3800")
    assert await talk.desk.recover() == 0


async def test_an_event_that_another_replica_works_on_is_left_alone(talk: Talk) -> None:
    await arrives_and_dies(talk, "roadmap show Y.3800")
    assert await talk.new_desk().recover() == 0


async def test_two_replicas_take_up_what_was_left_once(talk: Talk) -> None:
    await arrives_and_dies(talk, "roadmap show Y.3800")
    talk.clock.advance(CLAIM + timedelta(seconds=1))
    one, other = talk.new_desk(), talk.new_desk()
    assert sum(await asyncio.gather(one.recover(), other.recover())) == 1
    await talk.settles(one, other)
    assert len(talk.member.everything) == 1


async def test_an_event_older_than_an_hour_is_not_answered(talk: Talk) -> None:
    await arrives_and_dies(talk, "roadmap show Y.3800")
    talk.clock.advance(timedelta(hours=1, seconds=1))
    talk.restart()
    assert await talk.desk.recover() == 0
    await talk.settles()
    talk.member.sees_nothing()


async def test_what_was_handled_but_not_answered_is_not_done_again(talk: Talk) -> None:
    desk = talk.new_desk()
    told: list[object] = []

    async def dies(arrival: object, outcome: object) -> None:
        told.append(outcome)
        raise asyncio.CancelledError

    desk.platforms["slack"].answer = dies  # type: ignore[method-assign]  # the process dies while it answers
    await desk.receive(talk.member.arrival("settings zone Asia/Seoul"))
    await desk.settled()
    del desk.platforms["slack"].answer
    await talk.member.says("settings zone Europe/Paris", channel=True)
    talk.clock.advance(CLAIM + timedelta(seconds=1))
    talk.restart()
    assert await talk.desk.recover() == 1
    await talk.settles()
    talk.member.sees("Asia/Seoul")
    await talk.member.says("whoami")
    talk.member.sees("Europe/Paris")


async def test_what_breaks_is_told_with_the_reference_that_is_in_the_log(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        await talk.member.says("room break")
    talk.member.sees("Something went wrong here, and nothing was changed")
    talk.member.sees_not("secret detail")
    reference = talk.member.seen.rpartition(" ")[2]
    logged = [record for record in caplog.records if reference in record.getMessage()]
    assert logged
    assert "a secret detail" in (caplog.text)


async def test_what_is_refused_half_way_changes_nothing(talk: Talk) -> None:
    await talk.member.says("room refuse")
    talk.member.sees("Not like this.")
    await talk.member.says("whoami")
    talk.member.sees("Europe/Zurich")


async def test_what_breaks_leaves_the_bot_at_work(talk: Talk) -> None:
    await talk.member.says("room break")
    await talk.member.says("meeting show 4")
    talk.member.sees("Fourth meeting")


@pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
async def test_while_the_database_is_locked_nothing_is_taken_for_kept(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.database.engine.dispose()
    arrival = talk.member.arrival("whoami")
    with monkeypatch.context() as hurry, sqlite3.connect(talk.database.url.database or "") as other:
        hurry.setattr(sqlite, "BUSY_TIMEOUT", 0.05)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            await talk.desk.receive(arrival)
        other.rollback()
    await talk.database.engine.dispose()
    assert await talk.member.sends(arrival)
    talk.member.sees("Member (slack:member)")
