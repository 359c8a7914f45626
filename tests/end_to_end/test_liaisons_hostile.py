"""What is dropped that is no liaison statement: each time a sentence says why, and nothing is logged."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from sqlalchemy import func, select

from storage.tables import Liaison
from tests.conftest import MakeDatabase
from tests.end_to_end.house import PATIENCE
from tests.end_to_end.statements import at_work, form_of, slack_drops, telegram_drops
from tests.end_to_end.timed_house import TimedHouse

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
PROGRAM = b"MZ\x90\x00" + bytes(4000)
TOO_LARGE = b"PK\x03\x04" + bytes(30 * 1024 * 1024)
_MB = b" " * 1024 * 1024


def bomb() -> bytes:
    """A Word file of some hundred kilobytes that unpacks to 200 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as file:
            for _ in range(200):
                file.write(_MB)
    return packed.getvalue()


def letter() -> bytes:
    document = Document()
    document.add_paragraph("Dear Anna,")
    document.add_paragraph("Thank you for the dinner in Geneva. Best regards, Bob")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


@ON_SQLITE
async def test_a_file_that_is_no_statement_is_refused_with_the_reason(make_database: MakeDatabase) -> None:
    async with at_work(make_database) as at:
        before = await count(at)
        for name, content, said in (
            ("LS.docx", PROGRAM, "LS.docx is a program"),
            ("large.docx", TOO_LARGE, "files up to 20 MB: send a link instead"),
        ):
            assert said in at.slack.seen(await slack_drops(at, name, content)), name
            assert said in (await telegram_drops(at, at.sam, name, content)).text, name
        for name, content, said in (
            ("bomb.docx", bomb(), "unpacks to far more than a document has"),
            ("letter.docx", letter(), "This is no liaison statement"),
        ):
            assert said in await modal_for(at, name, content), name
            received = await telegram_drops(at, at.sam, name, content)
            asked = await at.telegram_presses(at.sam, received, "Log it")
            assert said in asked.text, name
            assert "Skip" not in asked.labels, name
            await at.telegram_presses(at.sam, asked, "Cancel")
        assert await count(at) == before


async def modal_for(at: TimedHouse, name: str, content: bytes) -> str:
    """What the form says, which can be filled in by hand."""
    received = await slack_drops(at, name, content)
    await at.slack.presses("anna", received, "Log it")
    view = await at.slack.wait_for(lambda: form_of(at.slack, "anna", "Liaison log"), PATIENCE)
    await at.slack.closes("anna")
    return at.slack.seen(view)


async def count(at: TimedHouse) -> int:
    async with at.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(Liaison)) or 0
