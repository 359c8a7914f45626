"""The mail server of the tests is a real one: an independent client talks to it."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import pytest

from tests.fakes.smtp import SmtpFake

T = TypeVar("T")
MAIL = "From: a@example.org\r\nTo: b@example.org\r\nSubject: Hello\r\n\r\nText\r\n"


@pytest.fixture
async def server() -> AsyncIterator[SmtpFake]:
    async with SmtpFake() as fake:
        yield fake


async def with_client(server: SmtpFake, does: Callable[[smtplib.SMTP], T]) -> T:
    def talk() -> T:
        with smtplib.SMTP("127.0.0.1", server.port, timeout=60) as client:
            return does(client)

    return await asyncio.to_thread(talk)


def sends(client: smtplib.SMTP, to: str = "b@example.org") -> object:
    return client.sendmail("a@example.org", [to], MAIL)


async def test_it_keeps_what_it_is_given(server: SmtpFake) -> None:
    await with_client(server, sends)
    (mail,) = server.messages_to("b@example.org")
    assert (mail.sender, mail.subject, mail.text.strip()) == ("a@example.org", "Hello", "Text")
    assert server.messages_to("c@example.org") == []


async def test_waiting_ends_when_the_mail_is_there(server: SmtpFake) -> None:
    waiting = asyncio.create_task(server.wait_for(lambda: server.mails))
    await with_client(server, sends)
    assert len(await waiting) == 1


async def test_it_offers_tls_and_wants_a_login_over_it() -> None:
    server = SmtpFake("starttls", ("bot", "secret"))

    def talk(client: smtplib.SMTP) -> None:
        with pytest.raises(smtplib.SMTPException):
            client.login("bot", "secret")
        client.starttls(context=ssl.create_default_context(cafile=server.ca))
        client.login("bot", "secret")
        sends(client)

    async with server:
        await with_client(server, talk)
        assert [(mail.over_tls, mail.user) for mail in server.mails] == [(True, "bot")]
        assert (server.connections, server.logins) == (1, 1)


async def test_it_speaks_tls_from_the_first_byte_on() -> None:
    server = SmtpFake("implicit")

    def talk() -> None:
        context = ssl.create_default_context(cafile=server.ca)
        with smtplib.SMTP_SSL("127.0.0.1", server.port, timeout=60, context=context) as client:
            sends(client)

    async with server:
        await asyncio.to_thread(talk)
        assert server.mails[0].over_tls


async def test_a_wrong_login_is_refused() -> None:
    async with SmtpFake(login=("bot", "secret")) as server:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            await with_client(server, lambda client: client.login("bot", "wrong"))


async def test_it_refuses_what_it_is_told_to_once(server: SmtpFake) -> None:
    planned = server.misbehave("refused", "RCPT", "550 5.1.1 No such user", address="b@example.org")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        await with_client(server, sends)
    await with_client(server, sends)
    assert (len(server.mails), planned.happened) == (1, 1)


@pytest.mark.parametrize(("kind", "count"), [("lost_reply", 1), ("dropped", 0)])
async def test_it_hangs_up_before_or_after_it_took_a_mail(server: SmtpFake, kind: str, count: int) -> None:
    server.misbehave(kind, "DATA")
    with pytest.raises(smtplib.SMTPServerDisconnected):
        await with_client(server, sends)
    assert len(server.mails) == count


async def test_it_may_be_slow(server: SmtpFake) -> None:
    server.misbehave("slow", "MAIL")

    def talk(client: smtplib.SMTP) -> None:
        assert client.sock
        client.sock.settimeout(0.2)
        sends(client)

    with pytest.raises((TimeoutError, smtplib.SMTPException)):
        await with_client(server, talk)


async def test_it_stops_and_starts_at_the_same_port(server: SmtpFake) -> None:
    port = server.port
    await server.stop()
    with pytest.raises(OSError, match="refused"):
        await with_client(server, sends)
    await server.start()
    await with_client(server, sends)
    assert server.port == port


async def test_a_thousand_mails_are_taken_one_after_the_other(server: SmtpFake) -> None:
    await with_client(server, lambda client: [sends(client) for _ in range(1_000)])
    assert len(server.mails) == 1_000
