"""`liaison-bot chat`: the bot in this terminal."""

from __future__ import annotations

import argparse
import getpass
import io
import logging
import os
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot import logs, roster
from bot.cli.chat_post import ChatPost
from bot.command_line import Usage
from bot.core import Core, make_core
from bot.platforms.terminal.lines import Lines, PipedLines
from bot.platforms.terminal.platform import PLATFORM, TerminalPlatform
from bot.platforms.terminal.screen import PlainScreen, Screen
from bot.platforms.terminal.session import Session
from bot.settings import Settings
from handlers.command import Role
from storage.database import Database, unfit
from storage.people import Newcomer, identify

_ACCOUNT = re.compile(rf"{PLATFORM}:([\w.@+-]{{1,64}})")
_ROLES = {role.word: role for role in Role}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as", dest="account", metavar="terminal:NAME", help="who you are; your login name by default")
    parser.add_argument("--role", choices=list(_ROLES), help="your role in this session, on a local database only")


async def run(chosen: argparse.Namespace, settings: Settings) -> int:
    """Talk until the person leaves, or the lines of standard input end."""
    account = _account(chosen.account)
    for half in roster.mail_halves(settings):
        raise Usage(half)
    database = Database(settings.database_url.get_secret_value())
    try:
        if chosen.role and not database.is_sqlite:
            raise Usage("--role is for a local SQLite database only; leave it out")
        await _prepare(database)
        roles = {f"{PLATFORM}:{account}": _ROLES[chosen.role]} if chosen.role else {}
        await _talk(make_core(settings, database, roles=roles), account)
    finally:
        await database.close()
    return 0


def _account(named: str | None) -> str:
    if named is None:
        named = f"{PLATFORM}:{_login()}"
    account = _ACCOUNT.fullmatch(named)
    if not account:
        raise Usage(f"--as {named[:80]!r} names no account; type --as terminal:NAME")
    return account[1]


def _login() -> str:
    try:
        return re.sub(r"[^\w.@+-]", "_", getpass.getuser())[:64] or "somebody"
    except (KeyError, OSError):
        return "somebody"


async def _prepare(database: Database) -> None:
    """The database is there and of our version; without any, one is made with the sample."""
    if not database.is_sqlite or Path(database.url.database or "").exists():
        await database.check()
        return
    # Only the first time: what makes a database takes a while to import.
    from bot.platforms.terminal.first_use import make_sample

    path = Path(database.url.database or "")
    await make_sample(path, datetime.now(UTC))
    sys.stderr.write(f"There was no database. Made one with the sample: {path.resolve()}\n")


async def _talk(core: Core, account: str) -> None:
    platform = TerminalPlatform(account, core.desk.settled)
    try:
        # Before the platform is there, so that nothing is taken up again: whoever typed it saw that session end.
        await core.desk.recover()
        await core.desk.forget()
        greeting = await core.desk.home(PLATFORM, account, account)
    except DBAPIError as error:
        raise unfit(error, core.database.url) from error
    core.desk.add(platform)
    await platform.start(core.desk)
    is_interactive = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    with _log(core.settings, _state_file("chat.log") if is_interactive else None):
        lines, screen = await _interactive(core, account) if is_interactive else _plain()
        post = ChatPost(core, platform)
        try:
            session = Session(platform, core.renderer, lines, screen, Path.cwd(), post.look)
            async with post.watched() if is_interactive else nullcontext():
                await session.run(greeting if is_interactive else None)
        finally:
            await post.finish()
            await platform.stop()


def _plain() -> tuple[Lines, Screen]:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    prompt = "> " if sys.stdin.isatty() else ""
    # Not `sys.stdin` itself, which Python would wait for at the end as long as somebody reads from it.
    typed = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    return PipedLines(typed, sys.stderr, prompt), PlainScreen(sys.stdout)


async def _interactive(core: Core, account: str) -> tuple[Lines, Screen]:
    # Imported only here: a pipe needs neither colour nor a prompt, and should not wait for them.
    from bot.platforms.terminal.prompt import PromptLines
    from bot.platforms.terminal.rich_screen import RichScreen

    async with core.database.writing() as session:
        caller = await identify(
            session, Newcomer(PLATFORM, account, account), core.dispatcher.household, datetime.now(UTC)
        )
    allowed = [command for command in core.commands if command.role <= caller.role]
    screen = RichScreen()
    screen.note("Tab completes a command, a number presses a choice, exit or Ctrl-D leaves.")
    return PromptLines(allowed, _state_file("history")), screen


def _state_file(name: str) -> Path | None:
    """A file in the user's state folder (XDG); None where there can be no such folder."""
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    with suppress(OSError, RuntimeError):
        folder = (named if named.is_absolute() else Path.home() / ".local" / "state") / "liaison-bot"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder / name
    return None


@contextmanager
def _log(settings: Settings, path: Path | None) -> Iterator[None]:
    """A log that does not stand between question and answer: in a file, else on standard error."""
    logs.configure(settings, logging.WARNING)
    with ExitStack() as stack:
        if path:
            with suppress(OSError):
                stream = stack.enter_context(path.open("a"))
                for handler in logging.getLogger().handlers:
                    if isinstance(handler, logging.StreamHandler):
                        handler.setStream(stream)
        yield
