"""The IMAP fake is a mailbox to the standard library's client."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from imaplib import IMAP4, IMAP4_SSL
from typing import TypeVar

import pytest

from tests.fakes.imap import ImapFake

T = TypeVar("T")
MAIL = b"Subject: One\r\nFrom: kim@example.org\r\n\r\nHello\r\n"


async def asked(fake: ImapFake, talk: Callable[[IMAP4], T]) -> T:
    """What somebody learns who is logged in."""

    def run() -> T:
        client = IMAP4("127.0.0.1", fake.port, timeout=60)
        client.authenticate("PLAIN", lambda _: f"\0{fake.user}\0{fake.password}".encode())
        client.select("INBOX")
        try:
            return talk(client)
        finally:
            client.logout()

    return await asyncio.to_thread(run)


async def test_a_mail_is_found_fetched_and_marked() -> None:
    def talk(client: IMAP4) -> list[object]:
        found = client.uid("SEARCH", "UNSEEN")[1]
        fetched = client.uid("FETCH", "1", "(RFC822.SIZE BODY.PEEK[])")[1]
        client.uid("STORE", "1", "+FLAGS", r"(\Seen)")
        return [found, fetched, client.uid("SEARCH", "UNSEEN")[1]]

    async with ImapFake() as fake:
        fake.inbox.receives(MAIL)
        found, fetched, left = await asked(fake, talk)
        assert found == [b"1"]
        assert isinstance(fetched, list)
        assert (b"1 (UID 1 RFC822.SIZE %d BODY[] {%d}" % (len(MAIL), len(MAIL)), MAIL) in fetched
        assert left == [b""]
        assert fake.inbox.mails[0].flags == {r"\Seen"}


async def test_a_part_is_as_long_as_it_is_asked_for() -> None:
    async with ImapFake() as fake:
        fake.inbox.receives(MAIL)
        fetched = await asked(fake, lambda client: client.uid("FETCH", "1", "(BODY.PEEK[HEADER]<0.12>)")[1])
        assert [one[1] for one in fetched if isinstance(one, tuple)] == [b"Subject: One"]


async def test_a_wrong_password_is_refused() -> None:
    async with ImapFake(is_plain=False) as fake:

        def try_wrong() -> None:
            IMAP4("127.0.0.1", fake.port, timeout=60).login("ls@example.org", "wrong")

        with pytest.raises(IMAP4.error, match="AUTHENTICATIONFAILED"):
            await asyncio.to_thread(try_wrong)


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_tls_is_real(tls: str) -> None:
    async with ImapFake("starttls" if tls == "starttls" else "implicit") as fake:

        def capabilities() -> tuple[str, ...]:
            context = ssl.create_default_context(cafile=fake.ca)
            if tls == "implicit":
                return IMAP4_SSL("127.0.0.1", fake.port, ssl_context=context, timeout=60).capabilities
            client = IMAP4("127.0.0.1", fake.port, timeout=60)
            client.starttls(context)
            return client.capabilities

        assert "IMAP4REV1" in await asyncio.to_thread(capabilities)


async def test_it_drops_the_connection_in_the_middle_of_a_mail() -> None:
    async with ImapFake() as fake:
        fake.inbox.receives(MAIL)
        fake.misbehaves("dropped", "BODY CUT")
        with pytest.raises(IMAP4.abort):
            await asked(fake, lambda client: client.uid("FETCH", "1", "(BODY.PEEK[])"))
