"""`liaison-bot doctor`: checks settings, database, platforms and address, and says what to do."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import re
import socket
import sys
import urllib.request
from collections.abc import AsyncIterator, Iterator

from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from bot import roster
from bot.finding import Finding
from bot.logs import Redaction, secrets_of
from bot.settings import Settings
from storage import leases
from storage.census import Census, census, has_group
from storage.database import Database, DatabaseUnfit, head, unfit

PATIENCE = 5.0
"""Seconds that anything may take to answer."""

_ACCOUNT = re.compile(r"(slack:\w+/\w+|telegram:\d+|terminal:\S+|email:\S+@\S+)")


def arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


async def run(chosen: argparse.Namespace, settings: Settings) -> int:
    """Print a line for each finding; 0 when all is well."""
    # What the libraries would say is said in the findings, in fewer words.
    logging.disable(logging.CRITICAL)
    redaction = Redaction(secrets_of(settings))
    is_well = True
    async for finding in _findings(settings):
        is_well = is_well and finding.is_well
        sys.stdout.write(f"{redaction(str(finding))}\n")
        sys.stdout.flush()
    return 0 if is_well else 1


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    for finding in _of_settings(settings):
        yield finding
    if settings.liaison_template:
        yield _of_template(settings.liaison_template)
    database = Database(settings.database_url.get_secret_value())
    try:
        yield await _of_database(database)
        yield await _of_host_group(database, settings.host_group)
    except DatabaseUnfit as problem:
        yield Finding("database", problem.message, problem.hint)
    except TimeoutError:
        yield Finding("database", f"it does not answer within {PATIENCE:g} s", "see that it runs and is reached")
    finally:
        await database.close()
    async for finding in _of_platforms(settings):
        yield finding
    if settings.mail_server and settings.email_from:
        from bot.platforms.email.checkup import checkup

        yield await checkup(settings.mail_server, settings.email_from, PATIENCE)
    if settings.imap_server:
        from bot.mailbox.checkup import checkup as mailbox_checkup

        yield await mailbox_checkup(settings.imap_server, PATIENCE)
    if roster.has_work(settings):
        yield await _of_address(settings)


def _of_settings(settings: Settings) -> Iterator[Finding]:
    halves = list(roster.halves(settings))
    for half in halves:
        words, _, remedy = half.partition(": ")
        yield Finding("settings", words, remedy)
    unknown = [one for one in settings.administrators if not _ACCOUNT.fullmatch(one)]
    if unknown:
        remedy = "write LIAISON_BOT_ADMINISTRATORS as slack:T1/U1, telegram:42 or terminal:root, with commas between"
        yield Finding("settings", f"no account looks like {unknown[0]!r}", remedy)
    elif not halves:
        administrators = len(settings.administrators) or "no"
        yield Finding("settings", f"{settings.host_group}, {settings.timezone}, {administrators} administrators")


def _of_template(path: str) -> Finding:
    # Imported late: few have a template of their own.
    from handlers.liaison.paper import problem_of

    problem = problem_of(path)
    remedy = "mend it in Word, or leave LIAISON_BOT_LIAISON_TEMPLATE out" if problem else ""
    return Finding("template", problem or f"liaison statements can be written with {path}", remedy)


async def _of_database(database: Database) -> Finding:
    async with asyncio.timeout(PATIENCE):
        await database.check()
        try:
            async with database.writing() as session:
                # Gives back nothing, and is refused where nothing may be written.
                await leases.release(session, "", "")
                found = await census(session)
        except (SQLAlchemyError, OSError) as error:
            raise unfit(error, database.url) from error
    if not found.items:
        return Finding("database", "the roadmap is empty", "liaison-bot import roadmap FILE, or init --sample")
    return Finding("database", f"version {head()}, can be written; {_counted(found)}")


def _counted(found: Census) -> str:
    sample = " (the sample)" if found.items == found.sampled else ""
    return (
        f"{found.items:,} roadmap items{sample}, {found.groups} groups, {found.terms} terms, "
        f"{found.meetings} meetings, {found.liaisons} liaison statements"
    )


async def _of_host_group(database: Database, code: str) -> Finding:
    async with asyncio.timeout(PATIENCE), database.reading() as session:
        if await has_group(session, code):
            return Finding("host group", f"{code} is in the database")
    remedy = "name another LIAISON_BOT_HOST_GROUP, or import it: liaison-bot import groups FILE"
    return Finding("host group", f"the database has no group {code}", remedy)


async def _of_platforms(settings: Settings) -> AsyncIterator[Finding]:
    """The libraries of a platform are imported only where there is a token for it."""
    if settings.slack_bot_token:
        from bot.platforms.slack import checkup as slack

        tokens = (settings.slack_bot_token.get_secret_value(), _open(settings.slack_app_token))
        async for finding in slack.checkup(*tokens, settings.slack_api_url, PATIENCE):
            yield finding
    if settings.telegram_token:
        from bot.platforms.telegram import checkup as telegram

        token, api_url = settings.telegram_token.get_secret_value(), settings.telegram_api_url
        async for finding in telegram.checkup(token, api_url, settings.telegram_webhook_url, PATIENCE):
            yield finding
    if not roster.names(settings):
        does = "only takes what comes to the mailbox" if roster.has_work(settings) else "has nothing to do"
        yield Finding("platforms", f"none has a token, so run {does}; liaison-bot chat works")


async def _of_address(settings: Settings) -> Finding:
    host, port = settings.http_address
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return Finding("http", f"{settings.http_bind} is free")
    except OSError as error:
        if await asyncio.to_thread(_is_ours, settings.http_bind):
            return Finding("http", f"a running liaison-bot answers at {settings.http_bind}")
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        return Finding("http", f"cannot listen at {settings.http_bind}: {reason}", "change LIAISON_BOT_HTTP_BIND")


def _is_ours(address: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://{address}/metrics", timeout=PATIENCE) as answer:
            return b"liaison_bot_" in answer.read(1000)
    except (OSError, ValueError):
        return False


def _open(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
