"""`liaison-bot outbox`: what waits is shown with its reason; what an operator does is done whole or not at all."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from bot.cli import outbox_command
from bot.command_line import Usage
from bot.settings import Settings
from storage import outbox, targets
from storage.database import Database
from storage.outbox import Post, Words
from storage.tables import Delivery, Target
from storage.targets import Destination
from storage.words import DeliveryState

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
STATES = (DeliveryState.WAITING, DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SENDING)


@pytest.fixture
async def deliveries(database: Database) -> list[int]:
    """One that waits, one that was sent, one that failed since its target is closed, one on its way."""
    async with database.writing() as session:
        places = [await targets.kept(session, Destination("stage", name)) for name in ("ann", "bob", "carl", "dora")]
        notice = await outbox.write(session, Words("dialogue/refused"), NOW)
        posts = [Post(place, f"matter:1:{place}") for place in places]
        await outbox.put(session, notice, posts, cause="matter:1", now=NOW)
        ids = list(await session.scalars(select(Delivery.id).order_by(Delivery.id)))
        for id_, state in zip(ids, STATES, strict=True):
            await session.execute(
                update(Delivery).where(Delivery.id == id_).values(state=state, problem="blocked\nhere")
            )
        await targets.close(session, places[2], "blocked", NOW)
    return ids


async def run(database: Database, *words: object) -> int:
    parser = ArgumentParser()
    outbox_command.arguments(parser)
    url = SecretStr(database.url.render_as_string(hide_password=False))
    return await outbox_command.run(parser.parse_args([str(word) for word in words]), Settings(database_url=url))


async def states(database: Database) -> list[str]:
    async with database.reading() as session:
        return [state.value for state in await session.scalars(select(Delivery.state).order_by(Delivery.id))]


async def test_what_did_not_arrive_is_listed_with_its_reason(
    database: Database, deliveries: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(database, "list") == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["id", "platform", "target", "cause", "state", "tries", "due", "problem"]
    assert [line.split()[:5] for line in lines] == [
        [str(deliveries[0]), "stage", "ann", "matter:1", "waiting"],
        [str(deliveries[2]), "stage", "carl", "matter:1", "failed"],
        [str(deliveries[3]), "stage", "dora", "matter:1", "sending"],
    ]
    assert all(line.endswith("blocked here") for line in lines)


async def test_the_list_is_narrowed_and_is_an_object_a_line(
    database: Database, deliveries: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(database, "list", "--state", "sent", "--platform", "stage", "--json") == 0
    [line] = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["id"], told["target"], told["state"], told["due_at"]) == (
        deliveries[1],
        "bob",
        "sent",
        "2026-07-01T12:00:00+00:00",
    )
    assert await run(database, "list", "--platform", "other") == 0
    assert capsys.readouterr().out == "nothing\n"


async def test_what_failed_is_sent_again_and_its_target_is_open_again(
    database: Database, deliveries: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(database, "retry", "--failed") == 0
    assert capsys.readouterr().out == "1 to be sent again\n"
    assert await states(database) == ["waiting", "sent", "waiting", "sending"]
    async with database.reading() as session:
        assert list(await session.scalars(select(Target.id).where(Target.closed_at.is_not(None)))) == []


async def test_what_is_dropped_is_never_sent(
    database: Database, deliveries: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(database, "drop", deliveries[0], deliveries[2]) == 0
    assert capsys.readouterr().out == "2 dropped\n"
    assert await states(database) == ["dropped", "sent", "dropped", "sending"]


@pytest.mark.parametrize("deed", ["retry", "drop"])
@pytest.mark.parametrize(("place", "reason"), [(1, "is sent and cannot be"), (3, "is sending and cannot be")])
async def test_one_that_cannot_be_changed_leaves_all_as_they_are(
    database: Database, deliveries: list[int], deed: str, place: int, reason: str
) -> None:
    with pytest.raises(Usage, match=reason):
        await run(database, deed, deliveries[0], deliveries[place])
    assert await states(database) == [state.value for state in STATES]


@pytest.mark.parametrize("deed", ["retry", "drop"])
async def test_one_that_is_not_there_is_a_wrong_use(database: Database, deliveries: list[int], deed: str) -> None:
    with pytest.raises(Usage, match="there is no delivery 99999"):
        await run(database, deed, 99999)


@pytest.mark.parametrize("deed", ["retry", "drop"])
async def test_a_deed_without_a_delivery_is_a_wrong_use(database: Database, deed: str) -> None:
    with pytest.raises(Usage, match="name the deliveries"):
        await run(database, deed)
