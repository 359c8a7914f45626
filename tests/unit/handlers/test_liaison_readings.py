"""What stands in a dropped file is read once, outside of any transaction, and read anew by another version."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from handlers.liaison import readings
from handlers.liaison.reading.reader import read
from handlers.liaison.reading.statement import ReadStatement
from handlers.liaison.reading.unreadable import Unreadable
from storage import drops
from storage.database import Database
from storage.tables import Drop, File, Liaison, LiaisonFile, Reading
from tests.talk import Talk
from tests.unit.handlers.test_liaison_log import STATEMENT


class Reader:
    """Reads in this process, and counts; it waits while `may_go` is not set."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self.may_go = asyncio.Event()
        self.may_go.set()
        self.error: Unreadable | None = None
        self.names: list[str] = []

    async def read(self, name: str, content: bytes) -> ReadStatement:
        self.names.append(name)
        self.began.set()
        await self.may_go.wait()
        if self.error:
            raise self.error
        return read(name, content)


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    made = Reader()
    monkeypatch.setattr(readings, "read_apart", made.read)
    return made


async def count(talk: Talk, table: type[Reading | File | Drop | Liaison | LiaisonFile]) -> int:
    async with talk.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def drops_it(talk: Talk, text: str = STATEMENT) -> None:
    await talk.secretariat.drops({"ls.txt": text.encode()})


async def test_a_file_is_read_once_for_the_form_and_the_log(talk: Talk, reader: Reader) -> None:
    await drops_it(talk)
    await talk.secretariat.presses("Log it")
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("Logged as SG17-LS9")
    assert reader.names == ["ls.txt"]


async def test_while_a_file_is_read_others_are_answered_at_once(talk: Talk, reader: Reader) -> None:
    await drops_it(talk)
    reader.may_go.clear()
    await talk.desk.receive(talk.secretariat.arrival("liaison log file=1", kind="button"))
    await reader.began.wait()
    desk = talk.new_desk()
    async with asyncio.timeout(60):
        await desk.receive(talk.member.arrival("follow liaisons", kind="button"))
        await talk.settles(desk)
    assert talk.member.last is not None
    assert talk.secretariat.last is not None
    talk.secretariat.sees("ls.txt")
    reader.may_go.set()
    await talk.settles()
    talk.secretariat.sees("Number: SG17-LS9")


async def test_two_who_need_the_same_file_wait_for_one_reading(talk: Talk, reader: Reader) -> None:
    await talk.secretariat.drops({"ls.txt": STATEMENT.encode()}, channel=True)
    reader.may_go.clear()
    for who in (talk.secretariat, talk.administrator):
        await talk.desk.receive(who.arrival("liaison log file=1", channel=True, kind="button"))
    await reader.began.wait()
    reader.may_go.set()
    await talk.settles()
    assert reader.names == ["ls.txt"]


async def test_another_version_reads_it_anew(talk: Talk, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    await drops_it(talk)
    await talk.secretariat.presses("Log it")
    monkeypatch.setattr(readings, "version", lambda: "another")
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("Logged as SG17-LS9")
    assert len(reader.names) == 2
    assert await count(talk, Reading) == 1


async def test_the_version_is_that_of_what_reads() -> None:
    assert readings.version() == readings.version()
    assert len(readings.version()) == 16


async def test_what_could_not_be_read_is_tried_again_after_a_while(talk: Talk, reader: Reader) -> None:
    reader.error = Unreadable("The file takes too long to read.")
    await drops_it(talk)
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("takes too long")
    reader.error = None
    talk.clock.advance(timedelta(minutes=1))
    await talk.secretariat.says("cancel")
    await talk.secretariat.says("liaison log file=1")
    talk.secretariat.sees("takes too long")
    talk.clock.advance(timedelta(minutes=10))
    await talk.secretariat.says("cancel")
    await talk.secretariat.says("liaison log file=1")
    talk.secretariat.sees("Number: SG17-LS9")


async def test_what_was_read_goes_with_the_file(talk: Talk, reader: Reader) -> None:
    await drops_it(talk)
    await talk.secretariat.presses("Log it")
    await talk.secretariat.says("cancel")
    await talk.secretariat.says("files forget 1")
    assert [await count(talk, one) for one in (Drop, File, Reading)] == [0, 0, 0]


async def test_what_nobody_uses_is_forgotten_with_what_was_read(talk: Talk, reader: Reader) -> None:
    await drops_it(talk)
    await talk.secretariat.presses("Log it")
    talk.clock.advance(drops.KEPT + timedelta(days=2))
    async with talk.database.writing() as session:
        await drops.forget(session, talk.clock())
    assert [await count(talk, one) for one in (File, Reading)] == [0, 0]


async def test_a_word_file_is_read_when_it_is_dropped(talk: Talk, reader: Reader) -> None:
    await talk.secretariat.drops({"ls.pdf": b"%PDF-1.4 none"})
    assert reader.names == ["ls.pdf"]


async def test_nothing_is_read_of_one_who_logs_nothing(talk: Talk, reader: Reader) -> None:
    await talk.member.drops({"ls.pdf": b"%PDF-1.4 none"})
    assert reader.names == []


async def test_what_is_attached_to_a_mail_is_read_outside_too(
    talk: Talk, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[str] = []

    async def text(name: str, content: bytes) -> str:
        reads.append(name)
        return "What X.1712 protects."

    monkeypatch.setattr(readings, "text_apart", text)
    await talk.secretariat.drops({"ls.eml": mailed([("annex.pdf", b"%PDF-1.4 none")])})
    await talk.secretariat.presses("Log it")
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("Logged as SG17-LS9")
    assert (reader.names, reads) == (["ls.eml"], ["annex.pdf"])
    async with talk.database.reading() as session:
        kept = list(await session.execute(select(LiaisonFile.name, LiaisonFile.text).order_by(LiaisonFile.id)))
    assert ("annex.pdf", "What X.1712 protects.") in [tuple(one) for one in kept]


async def test_parts_that_were_forgotten_meanwhile_are_taken_out_again(talk: Talk, reader: Reader) -> None:
    await talk.secretariat.drops({"ls.eml": mailed([("annex.txt", b"Annex.")])})
    await talk.secretariat.presses("Log it")
    async with talk.database.writing() as session:
        (drop,) = await session.scalars(select(Drop))
        wanted = readings.Wanted(readings.Way.PARTS, drop.digest, drop.name)
        made = await readings.read(wanted, await drops.content(session, drop.id))
        await readings.keep(session, wanted, readings.Made(made.text), talk.clock())
    await talk.secretariat.presses("Log it")
    talk.secretariat.sees("Logged as SG17-LS9")
    assert await count(talk, LiaisonFile) == 2


def mailed(files: Sequence[tuple[str, bytes]]) -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "LS"
    mail.set_content(STATEMENT)
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()
