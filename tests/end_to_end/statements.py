"""Liaison statements as the end-to-end tests drop them, and the two people whom they keep busy."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from docx import Document
from sqlalchemy import select

from storage.tables import Liaison
from tests.conftest import MakeDatabase
from tests.end_to_end.house import PATIENCE
from tests.end_to_end.timed_house import TimedHouse, timed_house
from tests.fakes.slack import Message, SlackFake, View
from tests.fakes.telegram import Person, Shown

SAMPLES = Path(__file__).parents[1] / "data" / "liaisons"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BEGIN = datetime(2025, 9, 10, 8, 0, tzinfo=UTC)
LS23 = "sg17-ls23.docx"
"""From SG17, for action to ISG QKD by 1 October 2025, for information to SG13 and others."""


def sample(name: str = LS23) -> bytes:
    return (SAMPLES / name).read_bytes()


def word(number: str, source: str, title: str, action: str, *, information: str = "", deadline: str = "N/A") -> bytes:
    """A statement in the ITU-T form."""
    document = Document()
    rows = {
        "Question(s):": "15/17",
        "Source:": source,
        "Title:": title,
        "For action to:": action,
        "For information to:": information,
        "Approval:": f"{source} meeting (Geneva, 20 September 2025)",
        "Deadline:": deadline,
        "Contact:": "Kim Lee\tE-mail: kim@partner.example",
    }
    table = document.add_table(rows=0, cols=2)
    for label, value in {number: "LIAISON STATEMENT", **rows}.items():
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    document.add_paragraph(f"Abstract: {title}")
    document.add_paragraph(f"{source} thanks {action} for its liaison statement.")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def reply() -> bytes:
    """ISG QKD answers SG17-LS23."""
    title = "LS/r on X.1716 (reply to SG17-LS23)"
    return word("ISGQKD-LS7", "ETSI ISG QKD", title, "ITU-T SG17", information="JCA-QKDN")


@asynccontextmanager
async def at_work(make_database: MakeDatabase, now: datetime = BEGIN) -> AsyncIterator[TimedHouse]:
    """A house with the sample, where nobody has said anything yet. Anna and Sam are administrators."""
    database = make_database(True)
    async with timed_house(database, now, listens=False) as at:
        yield at
    await database.close()


async def boris_represents(at: TimedHouse, *codes: str) -> None:
    """Boris, on Slack, represents these groups."""
    await at.slack_says("boris", "help")
    for code in codes:
        await at.represents(f"{at.slack.workspace.team}/{at.slack.workspace.person('boris').id}", code)


async def represents_on_telegram(at: TimedHouse, who: Person, code: str) -> None:
    await at.telegram_says(who, "/help")
    await at.represents(str(who.id), code)


async def slack_drops(at: TimedHouse, name: str, content: bytes, *, channel: str = "", who: str = "anna") -> Message:
    """The bot's answer to a dropped file: in private, or in a channel where the bot is mentioned with it."""
    where = channel or who
    await at.is_quiet()
    count = len(at.slack.answers(where))
    file = at.slack.file(name, content, WORD)
    await at.slack.says(who, at.slack.mention if channel else "", channel or None, files=[file], raw=True)
    return (await at.slack.wait_for(lambda: at.slack.answers(where)[count:], PATIENCE))[0]


async def slack_opens(at: TimedHouse, who: str, shown: Message, label: str, title: str) -> View:
    """The form that a button opens."""
    await at.slack.presses(who, shown, label)
    return await at.slack.wait_for(lambda: form_of(at.slack, who, title), PATIENCE)


def form_of(slack: SlackFake, who: str, title: str) -> View | None:
    """The open form, filled in: it first opens empty, while it is looked up."""
    found = [one for one in slack.views(who) if one.title == title and has_fields(one)]
    return found[-1] if found else None


def has_fields(view: View) -> bool:
    return any(block["type"] == "input" for block in view.blocks)


def values(view: View) -> dict[str, str]:
    """What stands in the fields of a form, by their labels; empty ones are left out."""
    found = {}
    for block in view.blocks:
        if block["type"] == "input":
            held = block["element"].get("initial_value") or ""
            held = held or block["element"].get("initial_option", {}).get("text", {}).get("text", "")
            found[block["label"]["text"]] = held
    return {label: value for label, value in found.items() if value}


async def telegram_drops(at: TimedHouse, who: Person, name: str, content: bytes) -> Shown:
    await at.is_quiet()
    return await at.telegram.answer_to(await at.telegram.sends_document(who, content, name), PATIENCE)


async def kept(at: TimedHouse, number: str) -> Liaison:
    """A statement as the database has it."""
    async with at.database.reading() as session:
        return (await session.scalars(select(Liaison).where(Liaison.number == number))).one()


def morning(day: int, month: int = 9) -> datetime:
    """When everybody whose day it is has been told: 16:00 in Geneva, 10:00 in New York."""
    return datetime(2025, month, day, 14, 0, tzinfo=UTC) + timedelta(minutes=5)
