"""Which statement a reply means, and what becomes of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from storage import liaisons
from storage.database import Database
from storage.liaison import replies
from storage.liaison.log import Addressee, Entry, log
from storage.liaison.originals import Known, Originals
from storage.liaison.replies import Linked
from storage.representing.trail import BOT
from storage.words import Direction, LiaisonStatus, Purpose

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KNOWN = Originals(
    [
        Known(1, "JCA-QKDN-LS5", "JCA-QKDN-LS5", "JCA-QKDN"),
        Known(2, "SG13-LS136", "JCA-QKDN-IN5", "ITU-T SG13"),
        Known(3, "SG13-LS5", "", "ITU-T SG13"),
        Known(4, "JCA-QKDN-IN7", "JCA-QKDN-IN7", "Q11/17"),
        Known(5, "JCA-QKDN-LS13", "", "JCA-QKDN"),
    ]
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("JCA-QKDN-LS5", 1),
        ("jca qkdn ls 5", 1),
        ("your LS on keys (JCA-QKDN-LS5), of May", 1),
        ("JCA-QKDN-IN5", 2),
        ("SG13 LS136", 2),
        ("LS136", 2),
        ("Q11/17", 4),
        ("LS13", 5),
        ("LS5", None),
        ("ITU-T SG13", None),
        ("LS99", None),
        ("", None),
    ],
)
def test_a_statement_is_meant_by_its_number_or_by_who_sent_the_only_one(written: str, meant: int | None) -> None:
    assert KNOWN.meant(written) == meant


async def logged(database: Database, number: str, source: str, direction: Direction, *action: str) -> int:
    entry = Entry(direction, source, f"LS {number}", number=number)
    entry = replace(entry, addressees=[Addressee(Purpose.ACTION, name) for name in action])
    async with database.writing() as session:
        return (await log(session, entry, "{host}-IN{n}", "JCA", BOT, NOW)).id


async def links(database: Database, reply: int, original: int, until: str = "") -> Linked:
    async with database.writing() as session:
        one = await liaisons.locked(session, reply)
        if until:
            return await replies.hold(session, one, original, until, BOT, NOW)
        return await replies.link(session, one, original, BOT, NOW)


async def test_a_reply_marks_what_we_sent_as_answered(database: Database) -> None:
    ours = await logged(database, "JCA-LS1", "JCA", Direction.OUTGOING, "SG17", "SG13")
    reply = await logged(database, "SG17-LS2", "SG17", Direction.INCOMING)
    assert (await links(database, reply, ours)).answered
    async with database.reading() as session:
        assert (await liaisons.known(session, ours)).liaison.status is LiaisonStatus.ANSWERED
        assert [one.id for one in await replies.thread(session, reply)] == [ours, reply]


async def test_what_others_were_asked_too_still_waits_for_them(database: Database) -> None:
    theirs = await logged(database, "SG13-LS1", "SG13", Direction.INCOMING, "SG17", "JCA")
    reply = await logged(database, "SG17-LS2", "SG17", Direction.INCOMING)
    assert (await links(database, reply, theirs)).waits_for == ["JCA"]
    async with database.reading() as session:
        assert (await liaisons.known(session, theirs)).liaison.status is LiaisonStatus.RECEIVED


async def test_a_holding_reply_moves_the_deadline_and_answers_nothing(database: Database) -> None:
    ours = await logged(database, "JCA-LS1", "JCA", Direction.OUTGOING, "SG17")
    reply = await logged(database, "SG17-LS2", "SG17", Direction.INCOMING)
    assert (await links(database, reply, ours, "2026-09-01")).held_until == "2026-09-01"
    async with database.reading() as session:
        one = (await liaisons.known(session, ours)).liaison
    assert (one.status, one.deadline) == (LiaisonStatus.SENT, "2026-09-01")


async def test_of_two_replies_at_once_one_answers_and_both_are_linked(database: Database) -> None:
    ours = await logged(database, "JCA-LS1", "JCA", Direction.OUTGOING, "SG17")
    first = await logged(database, "SG17-LS2", "SG17", Direction.INCOMING)
    second = await logged(database, "SG17-LS3", "SG17", Direction.INCOMING)
    linked = await asyncio.gather(links(database, first, ours), links(database, second, ours))
    assert sorted(one.answered for one in linked) == [False, True]
    async with database.reading() as session:
        assert {one.id for one in await replies.to(session, ours)} == {first, second}


async def test_what_stands_before_it_in_a_thread_cannot_answer(database: Database) -> None:
    ours = await logged(database, "JCA-LS1", "JCA", Direction.OUTGOING, "SG17")
    reply = await logged(database, "SG17-LS2", "SG17", Direction.INCOMING)
    await links(database, reply, ours)
    async with database.reading() as session:
        assert await replies.precedes(session, ours, reply)
        assert not await replies.precedes(session, reply, ours)
