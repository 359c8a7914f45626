"""The command line: which command is called, and what a wrong use or a failure looks like."""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from tomllib import TOMLDecodeError
from typing import Protocol, cast

from pydantic import ValidationError

from bot.settings import SETTINGS_FILE, Settings
from storage.database import DatabaseUnfit

COMMANDS = {
    "chat": "the bot in this terminal",
    "ask": "one question, one answer",
    "read-liaison": "what a liaison statement says, without logging it",
    "run": "every platform that has a token",
    "init": "make the database",
    "migrate": "upgrade the database",
    "import": "read a file into the database",
    "export": "write a file from the database",
    "slack-manifest": "the manifest of the Slack app",
    "outbox": "what waits to be sent, and why",
    "doctor": "check settings, database and tokens",
}
"""Each lives in its own module of `bot.cli`, imported only when it is called: `ask` must start at once."""


class Usage(Exception):
    """A wrong use of the command line: one line that says what is wrong and what to type."""


class Failure(Exception):
    """Something that could not be done: one line that says what and why. Nothing was half done."""


class CommandLine(Protocol):
    """What a module of `bot.cli` offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None: ...

    async def run(self, chosen: argparse.Namespace, settings: Settings) -> int: ...


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]  # argparse exits; we say it our way
        raise Usage(f"{message}; type {self.prog} --help")


def run_line(given: Sequence[str]) -> int:
    """Run one command. Exit status 0, 1 for a failure, 2 for a wrong use."""
    try:
        return _run(list(given))
    except Usage as wrong:
        return _complain(str(wrong), 2)
    except ValidationError as wrong:
        return _complain(_settings_problem(wrong), 2)
    except Failure as failure:
        return _complain(str(failure), 1)
    except DatabaseUnfit as unfit:
        return _complain(f"{unfit.message}; do: {unfit.hint}", 1)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output went away; what is left unwritten has nobody to read it.
        sys.stderr.close()
        return 1


def _run(given: list[str]) -> int:
    if not given or given[0] in ("-h", "--help"):
        print(_overview())
        return 0 if given else 2
    name, rest = given[0], given[1:]
    if name not in COMMANDS:
        raise Usage(f"there is no command {name!r}; type liaison-bot --help")
    module = cast(CommandLine, import_module(f"bot.cli.{name.replace('-', '_')}_command"))
    parser = _Parser(prog=f"liaison-bot {name}", description=COMMANDS[name])
    module.arguments(parser)
    chosen = parser.parse_args(rest)
    settings = _settings()
    # What start-up made stays until the end: the garbage collector need not look at it again.
    gc.freeze()
    gc.enable()
    return asyncio.run(module.run(chosen, settings))


def _settings() -> Settings:
    try:
        return Settings()
    except (TOMLDecodeError, UnicodeDecodeError, OSError) as wrong:
        raise Usage(f"{SETTINGS_FILE} cannot be read: {wrong}") from wrong


def _overview() -> str:
    lines = [f"  {name:<16}{help}" for name, help in COMMANDS.items()]
    return "\n".join(["usage: liaison-bot COMMAND [...]", "", *lines, "", "liaison-bot COMMAND --help says more."])


def _settings_problem(error: ValidationError) -> str:
    fault = error.errors()[0]
    name = "_".join(str(part) for part in fault["loc"]).upper()
    return f"the setting LIAISON_BOT_{name} is wrong: {fault['msg']}"


def _complain(line: str, status: int) -> int:
    print(f"liaison-bot: {line}", file=sys.stderr)
    return status
