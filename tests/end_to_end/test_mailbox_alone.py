"""`liaison-bot run` with a mailbox and no platform: statements are taken for whoever looks at the same database."""

from __future__ import annotations

import json

import pytest

from storage.database import Database
from tests.end_to_end.running import running
from tests.fakes.imap import ImapFake
from tests.unit.bot.mails import mail, statement

PATIENCE = 60.0


@pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
async def test_a_mailbox_is_enough_to_run_for(sample: Database) -> None:
    async with ImapFake() as imap:
        imap.inbox.receives(mail(files={"LS.docx": statement()}))
        settings = {
            "DATABASE_URL": sample.url.render_as_string(hide_password=False),
            "HTTP_BIND": "127.0.0.1:0",
            "IMAP_URL": imap.url(),
        }
        async with running(settings) as bot:
            await bot.says("a mail was taken, a liaison statement")
            await bot.says("mailbox is connected")
            status, body = await bot.gets("/healthz")
            assert (status, json.loads(body)["platforms"]) == (200, {"mailbox": "connected"})
            assert await bot.stop() == 0
