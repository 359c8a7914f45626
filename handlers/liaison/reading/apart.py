"""Reading a file in a process of its own, so that a hostile one can hurt nobody."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from handlers.liaison.reading.reader import LARGEST, too_large
from handlers.liaison.reading.record import from_json
from handlers.liaison.reading.statement import ReadStatement
from handlers.liaison.reading.unreadable import Unreadable

PATIENCE = 20.0
"""Seconds until a process is ended that waits for something; its own bound of CPU comes long before.

A busy machine takes some of them to start it, and a good file must not be refused for that.
"""
_ROOT = str(Path(__file__).parents[3])
_CHILD = "handlers.liaison.reading.child"
_HINT = "Send the statement as .docx, or paste its text."
_OUT_OF_BOUNDS = "The file could not be read: it took too much time or memory."


async def read_apart(name: str, content: bytes) -> ReadStatement:
    """The statement in a file, read by another process within bounds of time and memory. Raises `Unreadable`."""
    said = await _said(command(name), content)
    try:
        return from_json(said)
    except ValidationError as error:
        raise Unreadable(_OUT_OF_BOUNDS, _HINT) from error


async def text_apart(name: str, content: bytes) -> str:
    """What can be read in a file that need not be a statement; as `read_apart`."""
    *before, last = command(name)
    said = await _said((*before, "--text", last), content)
    try:
        return str(json.loads(said))
    except json.JSONDecodeError as error:
        raise Unreadable(_OUT_OF_BOUNDS, _HINT) from error


async def _said(command: Sequence[str], content: bytes) -> bytes:
    """What the process says of the content. Raises `Unreadable`."""
    if len(content) > LARGEST:
        raise too_large(len(content))
    # Neither our settings nor our secrets are in the environment of the process.
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment(),
    )
    try:
        said, _nothing = await asyncio.wait_for(process.communicate(content), PATIENCE)
    except TimeoutError as error:
        raise Unreadable("The file takes too long to read.", _HINT) from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if said.startswith(b'{"unreadable"'):
        refusal = json.loads(said)
        raise Unreadable(refusal["unreadable"], refusal["hint"])
    return said


def command(name: str) -> tuple[str, ...]:
    """The process that reads a file of that name from its standard input."""
    return (sys.executable, "-s", "-B", "-m", _CHILD, name[-200:].replace("\x00", ""))


def environment() -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join([_ROOT, *filter(None, sys.path)]), "PYTHONUTF8": "1"}
