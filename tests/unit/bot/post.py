"""A mailbox with the bot at it, in a talk."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.imap_server import ImapServer
from bot.mailbox.intake import Intake
from bot.mailbox.poller import Poller
from bot.turn import Turn
from tests.fakes.imap import ImapFake, Stored
from tests.talk import Talk

OWN = "bot@example.org"


class Post:
    """What arrives in the mailbox, and who looks into it."""

    def __init__(self, talk: Talk, imap: ImapFake) -> None:
        self.talk = talk
        self.imap = imap
        self.poller = self.new_poller()

    def new_poller(self, patience: float = 60) -> Poller:
        """A replica that looks whenever it is told to, as if it were always its turn."""
        turn = Turn("mailbox", self.talk.clock, lambda: True)
        turn.keep(self.talk.clock() + timedelta(days=365))
        intake = Intake(self.talk.database, self.talk.dispatcher, self.talk.clock, OWN, lambda: None)
        return Poller(ImapServer.of(self.imap.url()), intake, turn, self.talk.clock, patience)

    async def brings(self, *mails: bytes) -> list[Stored]:
        """Mails arrive, the bot looks, and everybody is told what they are told."""
        stored = [self.imap.inbox.receives(one) for one in mails]
        await self.looks()
        return stored

    async def looks(self, *pollers: Poller) -> None:
        await asyncio.gather(*(one.look() for one in pollers or (self.poller,)))
        await self.talk.settles()
