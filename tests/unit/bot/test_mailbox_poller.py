"""The poller of the mailbox: it goes on, whatever breaks."""

from __future__ import annotations

import asyncio

import pytest

from bot.mailbox import poller as polling
from bot.mailbox.poller import Poller
from bot.mailbox.trouble import MailboxTrouble
from storage.database import Database
from tests.fakes.imap import ImapFake
from tests.talk import Talk
from tests.unit.bot.post import Post

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)


@ON_SQLITE
async def test_an_outage_that_cannot_be_told_does_not_end_the_looking(
    sample: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = asyncio.Queue[None]()

    async def look(poller: Poller) -> int:
        looked.put_nowait(None)
        raise MailboxTrouble("it is gone", is_lasting=True)

    async def tell_of_outage(why: str) -> None:
        raise RuntimeError("nobody can be told")

    monkeypatch.setattr(Poller, "look", look)
    monkeypatch.setattr(polling, "_LASTING_WAIT", 0.0)
    async with ImapFake() as imap:
        post = Post(Talk(sample), imap)
        monkeypatch.setattr(post.poller._intake, "tell_of_outage", tell_of_outage)
        post.poller.start()
        async with asyncio.timeout(60):
            await looked.get()
            await looked.get()
        await post.poller.stop()
