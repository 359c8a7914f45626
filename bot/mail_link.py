"""Links of mails: a page that asks, a page that says that it is done, and one for a token that nobody has."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.reception import Clock, utc_now
from storage.database import Database

log = logging.getLogger(__name__)

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body style="font-family:sans-serif;max-width:32em;margin:3em auto;padding:0 1em">
<h1>{title}</h1>
<p>{text}</p>
{form}</body>
</html>
"""
_FORM = """<form method="post">
{hidden}<button style="font-size:1.1em;padding:.5em 1em">{label}</button>
</form>
"""


@dataclass(frozen=True, slots=True)
class Pages:
    """What a kind of link shows, in HTML; none of it names anybody."""

    asked: str
    done: str
    unknown: str


def page(title: str, text: str, button: str = "", hidden: str = "") -> str:
    """A page, with a button where there is one; `hidden` is HTML that goes with it."""
    form = _FORM.format(label=button, hidden=hidden) if button else ""
    return _PAGE.format(title=title, text=text, form=form)


def link_url(public_url: str, word: str, token: str) -> str:
    """The address of a link; `word` says of which kind."""
    return f"{public_url.rstrip('/')}/{word}/{token}"


_LATER = page("Not now", "Please try again in a moment.")


class MailLink(ABC):
    """Answers with a status and a page. A token is its own proof: nobody guesses 192 random bits."""

    pages: ClassVar[Pages]

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def show(self, token: str) -> tuple[int, str]:
        """Ask; nothing is done by looking, since programs that check mails look at every link."""
        return await _by_database(lambda: self._shown(token))

    async def do(self, token: str) -> tuple[int, str]:
        """Do it. Once more is the same as once."""
        return await _by_database(lambda: self._done(token))

    @abstractmethod
    async def _is_known(self, session: AsyncSession, token: str) -> bool:
        """Whether a mail carried this token."""

    @abstractmethod
    async def _do(self, session: AsyncSession, token: str, now: datetime) -> None:
        """Do what the link is for."""

    async def _shown(self, token: str) -> tuple[int, str]:
        async with self._database.reading() as session:
            is_known = await self._is_known(session, token)
        return (200, self.pages.asked) if is_known else (404, self.pages.unknown)

    async def _done(self, token: str) -> tuple[int, str]:
        # Looked up first, so that nobody who tries tokens keeps writers waiting.
        status, shown = await self._shown(token)
        if status != 200:
            return status, shown
        async with self._database.writing() as session:
            await self._do(session, token, self._clock())
        return 200, self.pages.done


async def _by_database(answer: Callable[[], Awaitable[tuple[int, str]]]) -> tuple[int, str]:
    try:
        return await answer()
    except (SQLAlchemyError, OSError) as error:
        log.warning("a link of a mail: the database failed: %s", type(error).__name__)
        return 503, _LATER
