"""`liaison-bot chat` as people run it: in a pipe, and in a terminal."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy

from storage import leases, outbox, rewording, targets
from storage.database import Database
from storage.outbox import Enclosure, Post, Words
from storage.tables import Delivery, Reminder
from storage.targets import Destination
from storage.words import DeliveryState
from tests.end_to_end.forked import Ended, ran
from tests.end_to_end.terminal import Terminal
from tests.fakes.smtp import SmtpFake

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIAISON_BOT_")}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "TERM": "xterm-256color",
        "LIAISON_BOT_DATABASE_URL": f"sqlite:///{tmp_path / 'chat.db'}",
    }


@pytest.fixture
def local(environment: dict[str, str], sqlite_templates: dict[bool, Path], tmp_path: Path) -> str:
    """A database that is there already; gives its address."""
    shutil.copy(sqlite_templates[True], tmp_path / "chat.db")
    return environment["LIAISON_BOT_DATABASE_URL"]


def piped(environment: dict[str, str], lines: str | bytes, *arguments: str) -> Ended:
    typed = lines if isinstance(lines, bytes) else lines.encode()
    return ran(("chat", *arguments), environment, Path.cwd(), typed)


def piped_anew(environment: dict[str, str], lines: str) -> subprocess.CompletedProcess[bytes]:
    """In an interpreter that starts from nothing."""
    command = [sys.executable, "-m", "bot", "chat"]
    return subprocess.run(command, input=lines.encode(), capture_output=True, env=environment, timeout=60, check=False)


def test_the_first_use_makes_the_sample_and_says_where(environment: dict[str, str], tmp_path: Path) -> None:
    first = piped_anew(environment, "when was the fourth meeting?\n")
    assert first.returncode == 0
    assert "17 May 2024" in first.stdout.decode()
    assert first.stderr.decode().splitlines() == [
        f"There was no database. Made one with the sample: {tmp_path / 'chat.db'}"
    ]
    again = piped(environment, "when was the fourth meeting?\n")
    assert (again.stdout, again.stderr) == (first.stdout, b"")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chat.db"]


@pytest.mark.usefixtures("local")
def test_a_pipe_gets_plain_text_and_no_prompt(environment: dict[str, str]) -> None:
    shown = piped(environment, "roadmap list ETSI\n1\nsettings zone\nSeoul\nmeeting show 1\nexit\nwhoami\n")
    text = shown.stdout.decode()
    assert shown.returncode == 0
    assert "\x1b" not in text
    assert not any(line.startswith("> ") for line in text.splitlines())
    assert "[1] Next 8 of 34 more" in text
    assert "9 to 16 shown" in text
    assert "21:00 (Asia/Seoul)" in text
    assert "role here is" not in text


async def test_either_database_is_talked_to(environment: dict[str, str], sample: Database) -> None:
    environment["LIAISON_BOT_DATABASE_URL"] = sample.url.render_as_string(hide_password=False)
    shown = await asyncio.to_thread(piped, environment, "settings zone\nSeoul\nwhoami\n")
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert b"Times are shown in Asia/Seoul" in shown.stdout


@pytest.mark.usefixtures("local")
def test_hostile_lines_are_answered_in_words(environment: dict[str, str]) -> None:
    lines = b"\x00\x07\n\xff\xfe\nx" + b"x" * 100_000 + b"\n'; DROP TABLE persons; --\n{{ 7*7 }}\n<!channel>\nwhoami"
    shown = piped(environment, lines, "--as", "terminal:ada")
    assert shown.returncode == 0
    assert "You are ada (terminal:ada)" in shown.stdout.decode()
    assert b"Something went wrong" not in shown.stdout
    assert b"Traceback" not in shown.stderr


@pytest.mark.usefixtures("local")
def test_a_reader_that_goes_away_ends_it_quietly(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "bot", "chat"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(b"roadmap list\n" * 5)
        process.stdin.close()
        assert process.wait(60) == 1
        assert b"Traceback" not in process.stderr.read()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--as", "ada"],
        ["--as", "slack:U1"],
        ["--as", "terminal:"],
        ["--as", "terminal:a b"],
        ["--role", "king"],
        ["--nothing"],
        ["extra"],
    ],
)
def test_a_wrong_use_is_told_in_one_line(environment: dict[str, str], tmp_path: Path, arguments: list[str]) -> None:
    shown = piped(environment, "whoami\n", *arguments)
    assert shown.returncode == 2
    assert len(shown.stderr.decode().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("local")
def test_a_role_is_taken_on_a_local_database(environment: dict[str, str]) -> None:
    assert b"role here is guest" in piped(environment, "whoami\n", "--role", "guest").stdout
    assert b"role here is member" in piped(environment, "whoami\n").stdout


def test_a_role_is_refused_on_a_shared_database(environment: dict[str, str]) -> None:
    environment["LIAISON_BOT_DATABASE_URL"] = "postgresql://user:hunter2@127.0.0.1:1/liaison"
    shown = piped(environment, "whoami\n", "--role", "secretariat")
    assert shown.returncode == 2
    assert b"--role" in shown.stderr
    assert b"hunter2" not in shown.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", b"liaison-bot migrate"), (b"no database at all, but a long enough text" * 100, b"is not a database")],
)
def test_a_database_that_does_not_fit_is_told_in_one_line(
    environment: dict[str, str], tmp_path: Path, content: bytes, told: bytes
) -> None:
    (tmp_path / "chat.db").write_bytes(content)
    shown = piped(environment, "whoami\n")
    assert shown.returncode == 1
    assert told in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


@pytest.mark.usefixtures("local")
@pytest.mark.parametrize(("version", "told"), [("0000", "liaison-bot migrate"), ("9999", "newer than this program")])
def test_a_database_of_another_version_is_told_in_one_line(
    environment: dict[str, str], tmp_path: Path, version: str, told: str
) -> None:
    with sqlite3.connect(tmp_path / "chat.db") as database:
        database.execute("UPDATE alembic_version SET version_num = ?", [version])
    shown = piped(environment, "whoami\n")
    assert (shown.returncode, shown.stdout) == (1, b"")
    assert told in shown.stderr.decode()
    assert len(shown.stderr.splitlines()) == 1


@pytest.mark.usefixtures("local")
def test_a_locked_database_is_told_in_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "chat.db") as database:
        database.execute("BEGIN IMMEDIATE")
        shown = piped(environment, "whoami\n")
        database.rollback()
    assert shown.returncode == 1
    assert b"locked by another program" in shown.stderr
    assert len(shown.stderr.splitlines()) == 1


@pytest.mark.usefixtures("local")
def test_a_pipe_does_not_wait_for_what_only_a_terminal_needs(environment: dict[str, str]) -> None:
    shown = piped_anew({**environment, "PYTHONPROFILEIMPORTTIME": "1"}, "whoami\n")
    assert b"sqlalchemy" in shown.stderr
    assert not [one for one in (b"prompt_toolkit", b"rich", b"alembic", b"slack_bolt") if one in shown.stderr]


def test_a_place_where_no_database_can_be_is_told_in_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    environment["LIAISON_BOT_DATABASE_URL"] = f"sqlite:///{tmp_path}/nowhere/chat.db"
    shown = piped(environment, "whoami\n")
    assert shown.returncode == 1
    assert len(shown.stderr.splitlines()) == 1


@pytest.fixture
def terminal(environment: dict[str, str]) -> Iterator[Terminal]:
    opened = Terminal(environment, "--as", "terminal:ada")
    yield opened
    opened.close()


@pytest.fixture
def fresh(environment: dict[str, str]) -> Iterator[Terminal]:
    """One that does what a person's does from the first import on."""
    opened = Terminal(environment, "--as", "terminal:ada", anew=True)
    yield opened
    opened.close()


def test_a_person_at_a_terminal(fresh: Terminal, tmp_path: Path) -> None:
    fresh.sees("There was no database")
    fresh.sees("Hello ada!")
    fresh.sees("] Next meeting")
    fresh.sees("> ")
    fresh.types("what has ETSI published?\r")
    fresh.sees("1 to 8 shown")
    fresh.sees("[1] Next 8")
    fresh.sees("> ")
    fresh.types("1\r")
    fresh.sees("9 to 16 shown")
    fresh.sees("> ")
    fresh.types("settings z\t")
    fresh.sees("settings z")
    fresh.sees("one")
    fresh.types("\r")
    fresh.sees("Type your answer, or cancel")
    fresh.sees("> ")
    fresh.types("Moon\r")
    fresh.sees("that is no time zone")
    fresh.sees("> ")
    fresh.types("half a line")
    fresh.sees("half a line")
    fresh.types("\x03")
    fresh.sees("> ")
    fresh.types("Seoul\r")
    fresh.sees("you see times in Asia/Seoul")
    fresh.sees("> ")
    fresh.types("\x1b[200~when was the\nfirst meeting?\x1b[201~\r")
    fresh.sees("21:00 (Asia/Seoul)")
    fresh.sees("> ")
    fresh.types("\x04")
    assert fresh.ends() == 0
    history = (tmp_path / "state" / "liaison-bot" / "history").read_text()
    assert "what has ETSI published?" in history
    assert "half a line" not in history


async def put(url: str, words: str, *destinations: str, file: bool = False) -> None:
    """Put a message for each of these into the outbox, as a `run` beside the chat would."""
    database = Database(url)
    now = datetime.now(UTC)
    data = {"platform": "telegram", "target": "42", "reason": words}
    files = (Enclosure("report.txt", "text/plain", b"content"),) if file else ()
    told = Words("delivery/closed", data, (("Who am I", "whoami", None, "plain"),), files)
    async with database.writing() as session:
        notice = await outbox.write(session, told, now)
        posts = []
        for destination in destinations:
            target = await targets.kept(session, Destination(*destination.split(":", 1)))
            posts.append(Post(target, f"{words}:{target}"))
        await outbox.put(session, notice, posts, cause="test", now=now)
    await database.close()


async def states(url: str) -> list[DeliveryState]:
    """How the messages of the tests stand, in the order in which they were put."""
    database = Database(url)
    async with database.reading() as session:
        query = sqlalchemy.select(Delivery.state).where(Delivery.cause == "test").order_by(Delivery.id)
        found = list(await session.scalars(query))
    await database.close()
    return found


async def test_what_waits_for_the_person_is_shown_first(environment: dict[str, str], local: str) -> None:
    await put(local, "the wall fell", "terminal:ada")
    shown = await asyncio.to_thread(piped, environment, "1\nwhen was the fourth meeting?\n", "--as", "terminal:ada")
    text = shown.stdout.decode()
    assert text.index("the wall fell") < text.index("You are ada") < text.index("17 May 2024")
    again = await asyncio.to_thread(piped, environment, "whoami\n", "--as", "terminal:ada")
    assert b"the wall fell" not in again.stdout


async def test_what_was_shown_is_corrected(environment: dict[str, str], local: str) -> None:
    await put(local, "the wall fell", "terminal:ada")
    await asyncio.to_thread(piped, environment, "", "--as", "terminal:ada")
    database = Database(local)
    async with database.writing() as session:
        told = Words("delivery/closed", {"platform": "telegram", "target": "42", "reason": "the wall stands"})
        await rewording.reword(session, "test", told, datetime.now(UTC))
    await database.close()
    shown = await asyncio.to_thread(piped, environment, "", "--as", "terminal:ada")
    text = shown.stdout.decode()
    assert text.index("Corrected:") < text.index("the wall stands")


async def test_what_is_for_others_is_left_to_them(environment: dict[str, str], local: str) -> None:
    await put(local, "the wall fell", "terminal:ben", "telegram:42", "email:anna@example.org")
    shown = await asyncio.to_thread(piped, environment, "whoami\n", "--as", "terminal:ada")
    assert b"the wall fell" not in shown.stdout
    assert await states(local) == [DeliveryState.WAITING] * 3
    shown = await asyncio.to_thread(piped, environment, "whoami\n", "--as", "terminal:ben")
    assert b"the wall fell" in shown.stdout
    assert await states(local) == [DeliveryState.SENT, *[DeliveryState.WAITING] * 2]


async def test_a_shared_database_has_messages_too(environment: dict[str, str], sample: Database) -> None:
    url = environment["LIAISON_BOT_DATABASE_URL"] = sample.url.render_as_string(hide_password=False)
    await put(url, "the wall fell", "terminal:ada", "terminal:ben")
    shown = await asyncio.to_thread(piped, environment, "whoami\n", "--as", "terminal:ada")
    assert shown.stdout.decode().count("the wall fell") == 1
    assert await states(url) == [DeliveryState.SENT, DeliveryState.WAITING]


def test_something_new_is_shown_above_the_line_that_is_typed(local: str, terminal: Terminal) -> None:
    terminal.sees("Hello ada!")
    terminal.sees("> ")
    terminal.types("when was the fourth")
    terminal.sees("when was the fourth")
    asyncio.run(put(local, "the wall fell", "terminal:ada"))
    terminal.sees("The bot has something to tell you:")
    terminal.sees("the wall fell")
    terminal.sees("[1] Who am I")
    terminal.sees("> when was the fourth")
    terminal.types(" meeting?\r")
    terminal.sees("17 May 2024")


async def test_a_reminder_comes_though_nothing_else_runs(environment: dict[str, str], local: str) -> None:
    made = await asyncio.to_thread(piped, environment, "remind me in 2 hours to stretch\n", "--as", "terminal:ada")
    assert b"I will remind you" in made.stdout
    database = Database(local)
    async with database.writing() as session:
        await session.execute(sqlalchemy.update(Reminder).values(due_at=datetime.now(UTC) - timedelta(hours=1)))
    await database.close()
    opened = Terminal(environment, "--as", "terminal:ada")
    try:
        opened.sees("The bot has something to tell you:")
        opened.sees("stretch")
        opened.sees("late")
    finally:
        opened.close()


def test_a_number_presses_what_was_told_last(local: str, terminal: Terminal) -> None:
    terminal.sees("> ")
    asyncio.run(put(local, "the wall fell", "terminal:ada"))
    terminal.sees("[1] Who am I")
    terminal.types("1\r")
    terminal.sees("You are ada")


def test_a_number_that_is_being_typed_means_what_it_meant(local: str, terminal: Terminal) -> None:
    terminal.sees("> ")
    terminal.types("roadmap list ETSI\r")
    terminal.sees("[1] Next 8")
    terminal.sees("> ")
    terminal.types("1")
    terminal.sees("1")
    asyncio.run(put(local, "the wall fell", "terminal:ada"))
    with pytest.raises(AssertionError):
        terminal.sees("the wall fell", 1.5)
    terminal.types("\r")
    terminal.sees("9 to 16 shown")
    terminal.sees("the wall fell")


def test_what_is_told_waits_for_the_end_of_a_form(local: str, terminal: Terminal) -> None:
    terminal.sees("> ")
    terminal.types("settings zone\r")
    terminal.sees("Type your answer, or cancel")
    asyncio.run(put(local, "the wall fell", "terminal:ada"))
    with pytest.raises(AssertionError):
        terminal.sees("the wall fell", 1.5)
    terminal.types("Seoul\r")
    terminal.sees("you see times in Asia/Seoul")
    terminal.sees("the wall fell")


def test_a_file_that_comes_with_it_is_offered_after_the_line(
    local: str, environment: dict[str, str], tmp_path: Path
) -> None:
    opened = Terminal(environment, "--as", "terminal:ada", folder=tmp_path)
    opened.sees("> ")
    asyncio.run(put(local, "the wall fell", "terminal:ada", file=True))
    opened.sees("With it comes report.txt (7 bytes).")
    opened.types("whoami\r")
    opened.sees("Save report.txt (7 bytes) in this folder? [y/N]")
    opened.types("y\r")
    opened.sees("Saved: ")
    opened.sees("You are ada")
    opened.close()
    assert (tmp_path / "report.txt").read_bytes() == b"content"


@pytest.fixture
async def mail_server() -> AsyncIterator[SmtpFake]:
    async with SmtpFake() as fake:
        yield fake


def with_mail(environment: dict[str, str], mail_server: SmtpFake) -> dict[str, str]:
    mail = {"LIAISON_BOT_SMTP_URL": mail_server.url, "LIAISON_BOT_EMAIL_FROM": "bot@example.org"}
    return {**environment, **mail}


async def test_a_local_chat_hands_in_e_mail(environment: dict[str, str], local: str, mail_server: SmtpFake) -> None:
    await put(local, "the wall fell", "email:anna@example.org", "telegram:42")
    await asyncio.to_thread(piped, with_mail(environment, mail_server), "whoami\n")
    (mail,) = mail_server.messages_to("anna@example.org")
    assert "the wall fell" in mail.text
    assert await states(local) == [DeliveryState.SENT, DeliveryState.WAITING]


async def test_a_chat_leaves_e_mail_to_who_sends_it(
    environment: dict[str, str], local: str, mail_server: SmtpFake
) -> None:
    database = Database(local)
    async with database.writing() as session:
        await leases.take(session, "sender:email", "somebody", datetime.now(UTC), timedelta(minutes=5))
    await database.close()
    await put(local, "the wall fell", "email:anna@example.org")
    shown = await asyncio.to_thread(piped, with_mail(environment, mail_server), "whoami\n")
    assert b"You are" in shown.stdout
    assert mail_server.connections == 0


async def test_a_mail_server_that_is_away_does_not_hold_a_chat_up(
    environment: dict[str, str], local: str, mail_server: SmtpFake
) -> None:
    settings = with_mail(environment, mail_server)
    await mail_server.stop()
    await put(local, "the wall fell", "email:anna@example.org")
    shown = await asyncio.to_thread(piped, settings, "whoami\n")
    assert (shown.returncode, b"You are" in shown.stdout) == (0, True)
    assert await states(local) == [DeliveryState.WAITING]


def test_mail_from_nobody_is_a_wrong_use(environment: dict[str, str]) -> None:
    shown = piped({**environment, "LIAISON_BOT_SMTP_URL": "smtp://localhost"}, "whoami\n")
    assert shown.returncode == 2
    assert b"LIAISON_BOT_EMAIL_FROM" in shown.stderr
    assert len(shown.stderr.splitlines()) == 1
