"""`liaison-bot run`: every platform that has a token, and the mailbox."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Coroutine
from types import FrameType
from typing import TYPE_CHECKING

from bot import logs, roster
from bot.command_line import Failure, Usage
from bot.dispatch import new_reference
from bot.settings import Settings
from storage.database import DatabaseUnfit

if TYPE_CHECKING:
    from bot.core import Core
    from bot.service import Service

log = logging.getLogger("bot.run")

_NOWHERE_TO_RUN = (
    "no platform has a token: set LIAISON_BOT_SLACK_BOT_TOKEN or LIAISON_BOT_TELEGRAM_TOKEN, "
    "or type liaison-bot chat to try it here"
)
_LONGEST_STOP = 9.5


def arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


async def run(chosen: argparse.Namespace, settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT."""
    stopping = _told_to_stop()
    _expect_tokens(settings)
    _expect_template(settings)
    logs.configure(settings)
    # Imported late, so that a wrong use is told at once.
    from bot.core import make_core
    from bot.metrics import Metrics
    from bot.service import Service

    metrics = Metrics()
    core = make_core(settings, witness=metrics)
    senders = roster.senders(core)
    try:
        if await _done_before(stopping, core.database.check()):
            await _serve(Service(core, _entries(core), metrics, senders=senders), settings, stopping)
    finally:
        for sender in senders:
            await sender.stop()
        await core.database.close()
    return 0


async def _serve(service: Service, settings: Settings, stopping: asyncio.Event) -> None:
    try:
        if await _done_before(stopping, service.start()):
            await stopping.wait()
        log.info("stopping")
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise Failure(f"cannot listen at {settings.http_bind}: {reason}; change LIAISON_BOT_HTTP_BIND") from error
    except DatabaseUnfit:
        raise
    except Exception as error:
        # A traceback on standard error may hold secrets, the log does not.
        reference = new_reference()
        log.critical("reference %s: the service broke", reference, exc_info=True)
        raise Failure(f"the service broke; the log says more under the reference {reference}") from error
    finally:
        _leave_in_time()
        await service.stop()
    log.info("stopped")


async def _done_before(stopping: asyncio.Event, work: Coroutine[object, object, None]) -> bool:
    """Whether the work was done before this process was told to stop; else it is dropped. Raises what it raises."""
    working, told = asyncio.create_task(work), asyncio.create_task(stopping.wait())
    await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not working.done():
        working.cancel()
        await asyncio.wait({working})
    if working.cancelled():
        return False
    working.result()
    return True


def _leave_in_time() -> None:
    """Whatever hangs from now on, were it the loop itself: the system ends this process in less than 10 s."""
    if signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0):
        signal.setitimer(signal.ITIMER_REAL, _LONGEST_STOP)


def _expect_tokens(settings: Settings) -> None:
    for half in roster.halves(settings):
        raise Usage(half)
    if not roster.has_work(settings):
        raise Usage(_NOWHERE_TO_RUN)


def _expect_template(settings: Settings) -> None:
    if not settings.liaison_template:
        return
    from handlers.liaison.paper import problem_of

    if problem := problem_of(settings.liaison_template):
        raise Usage(f"liaison_template does not do: {problem}")


def _entries(core: Core) -> list[roster.Entry]:
    try:
        return roster.entries(core)
    except ValueError as error:
        raise Usage(str(error)) from error


def _told_to_stop() -> asyncio.Event:
    """Is set by SIGTERM and SIGINT."""
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()

    # Not the loop's own handlers, which would wait for a loop that hangs.
    def stop(_number: int, _frame: FrameType | None) -> None:
        _leave_in_time()
        with contextlib.suppress(RuntimeError):  # the loop may be closed by now
            loop.call_soon_threadsafe(stopping.set)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return stopping
