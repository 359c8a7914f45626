"""The outbox: what is put is there once, and only with its cause; what it says can change, and secrets go."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import notices, outbox, rewording, targets
from storage.database import Database
from storage.outbox import Enclosure, Post, Words
from storage.tables import Delivery, File, Notice
from storage.targets import Destination
from storage.words import DeliveryState

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
WORDS = Words("dialogue/refused", {"message": "Hello", "hint": ""})


async def target(session: AsyncSession, address: str = "ann") -> int:
    return await targets.kept(session, Destination("stage", address))


async def put(database: Database, *keys: str, words: Words = WORDS) -> int:
    async with database.writing() as session:
        notice, place = await outbox.write(session, words, NOW), await target(session)
        return await outbox.put(session, notice, [Post(place, key) for key in keys], cause="matter:1", now=NOW)


async def rows(database: Database) -> Sequence[Delivery]:
    async with database.reading() as session:
        return list(await session.scalars(select(Delivery).order_by(Delivery.id)))


async def set_states(database: Database, *states: DeliveryState) -> None:
    async with database.writing() as session:
        for one, state in zip(await rows(database), states, strict=True):
            await session.execute(update(Delivery).where(Delivery.id == one.id).values(state=state))


async def test_what_is_put_waits_for_its_platform_in_the_order_in_which_it_was_put(database: Database) -> None:
    assert await put(database, "b", "a") == 2
    found = await rows(database)
    assert [(one.dedupe_key, one.platform, one.state, one.due_at) for one in found] == [
        ("b", "stage", "waiting", NOW),
        ("a", "stage", "waiting", NOW),
    ]


async def test_a_key_that_is_known_is_not_put_again(database: Database) -> None:
    await put(database, "a", "b")
    assert await put(database, "b", "c") == 1
    assert [one.dedupe_key for one in await rows(database)] == ["a", "b", "c"]


async def test_of_many_who_put_the_same_at_once_one_does(database: Database) -> None:
    async with database.writing() as session:
        await target(session)
    counts = await asyncio.gather(*(put(database, "a", "b", "c") for _ in range(6)))
    assert (sum(counts), len(await rows(database))) == (3, 3)


async def test_more_than_a_page_is_put(database: Database) -> None:
    keys = [f"key {number}" for number in range(2 * outbox.PAGE + 1)]
    assert await put(database, *keys) == len(keys)
    assert [one.dedupe_key for one in await rows(database)] == keys


async def test_what_was_put_goes_with_its_cause(database: Database) -> None:
    async with database.writing() as session:
        notice, place = await outbox.write(session, WORDS, NOW), await target(session)
        await outbox.put(session, notice, [Post(place, "a")], cause="matter:1", now=NOW)
        await session.rollback()
    assert await rows(database) == []


async def test_a_session_knows_whether_something_was_put(database: Database) -> None:
    async with database.writing() as session:
        notice, place = await outbox.write(session, WORDS, NOW), await target(session)
        assert not outbox.is_fuller(session)
        await outbox.put(session, notice, [Post(place, "a")], cause="matter:1", now=NOW)
        assert outbox.is_fuller(session)


async def test_what_waits_is_withdrawn_and_what_is_on_its_way_is_not(database: Database) -> None:
    await put(database, "a", "b", "c")
    await set_states(database, DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.SENT)
    async with database.writing() as session:
        assert await outbox.withdraw(session, "matter:1") == 1
    assert [one.state for one in await rows(database)] == ["dropped", "sending", "sent"]


async def test_new_words_replace_those_that_wait_and_edit_those_that_went(database: Database) -> None:
    await put(database, "a", "b", "c", "d")
    states = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.FAILED)
    await set_states(database, *states)
    async with database.writing() as session:
        await rewording.reword(session, "matter:1", WORDS, NOW)
    first, *others = await rows(database)
    assert first.notice_id != others[0].notice_id
    edits = [one for one in others if one.edits is not None]
    assert [(one.edits, one.state, one.notice_id) for one in edits] == [
        (others[0].id, "waiting", first.notice_id),
        (others[1].id, "waiting", first.notice_id),
    ]


async def test_new_words_on_new_words_make_one_edit(database: Database) -> None:
    await put(database, "a")
    await set_states(database, DeliveryState.SENT)
    for _ in range(3):
        async with database.writing() as session:
            await rewording.reword(session, "matter:1", WORDS, NOW)
    found = await rows(database)
    assert [one.edits for one in found] == [None, found[0].id]
    assert found[1].notice_id == max(one.notice_id for one in found)


async def test_a_file_is_kept_once_however_often_it_is_sent(database: Database) -> None:
    words = Words("dialogue/refused", enclosures=[Enclosure("a.pdf", "application/pdf", b"content")])
    await put(database, "a", words=words)
    await put(database, "b", words=words)
    async with database.reading() as session:
        numbers = list(await session.scalars(select(Notice.id)))
        read = await notices.read(session, numbers)
        assert await session.scalar(select(func.count()).select_from(File)) == 1
    assert [one.enclosures[0].content for one in read.values()] == [b"content", b"content"]


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DROPPED])
async def test_a_secret_is_gone_when_nobody_has_to_be_told_it_any_more(
    database: Database, state: DeliveryState
) -> None:
    secret = Words(
        "dialogue/refused", {"message": "123456"}, (("Use", "verify 123456", None, "plain"),), is_secret=True
    )
    await put(database, "a", "b", words=secret)
    await set_states(database, state, DeliveryState.SENDING)
    for expected in ({"message": "123456"}, {}):
        async with database.writing() as session:
            await outbox.wipe_secrets(session)
        async with database.reading() as session:
            [kept] = list(await session.scalars(select(Notice)))
        assert kept.data == expected
        await set_states(database, state, state)
    assert kept.buttons == []


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates()
moments = st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1))  # noqa: DTZ001 - hypothesis adds the zone
data = st.recursive(
    scalars | moments,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
)


@given(data)
def test_data_come_back_as_they_were_written(value: object) -> None:
    assert outbox.from_json(outbox.to_json(value)) == value


@pytest.mark.parametrize("value", [object(), {1, 2}, timedelta(1), b"bytes", {"inner": [object()]}])
def test_what_cannot_be_kept_is_refused_when_it_is_written(value: object) -> None:
    with pytest.raises(TypeError):
        outbox.to_json(value)


def test_a_day_is_no_moment() -> None:
    assert outbox.to_json(date(2026, 7, 1)) == {"$day": "2026-07-01"}
