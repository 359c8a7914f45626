"""E-mail as a sender: each way in which handing in a mail may end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest

from bot.arrival import Message
from bot.mail_server import MailServer
from bot.platforms import Address, Envelope, PlatformError, Receipt, Rejected, Revoked, Unavailable, Unreachable
from bot.platforms.email import EmailSender
from bot.render.renderer import Renderer
from tests.fakes.smtp import SmtpFake

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA = Address("anna@example.org")
HELLO = Message("Hello **Anna**")


@pytest.fixture
async def server() -> AsyncIterator[SmtpFake]:
    async with SmtpFake() as fake:
        yield fake


@pytest.fixture
async def sender(server: SmtpFake) -> AsyncIterator[EmailSender]:
    made = sender_to(server.url)
    yield made
    await made.stop()


def sender_to(url: str, patience: float = 60) -> EmailSender:
    return EmailSender(MailServer.of(url), "bot@example.org", "JCA-QKDN", Renderer(), patience, lambda: NOW)


async def sends(sender: EmailSender, *keys: str, to: Address = ANNA) -> Sequence[Receipt]:
    return [await sender.send(to, HELLO, Envelope(key)) for key in keys or ("1",)]


async def fails(sender: EmailSender, to: Address = ANNA) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await sender.send(to, HELLO, Envelope("1"))
    return caught.value


async def test_a_mail_arrives(server: SmtpFake, sender: EmailSender) -> None:
    await sends(sender)
    (mail,) = server.messages_to("anna@example.org")
    assert (mail.sender, mail.text.strip()) == ("bot@example.org", "Hello Anna")


async def test_mails_one_after_the_other_share_a_connection(server: SmtpFake, sender: EmailSender) -> None:
    await sends(sender, *map(str, range(10)))
    assert (len(server.mails), server.connections) == (10, 1)


async def test_mails_at_once_each_have_a_connection(server: SmtpFake, sender: EmailSender) -> None:
    await asyncio.gather(*(sends(sender, str(number)) for number in range(4)))
    assert (len(server.mails), server.connections) == (4, 4)


async def test_a_connection_is_renewed_after_a_hundred_mails(server: SmtpFake, sender: EmailSender) -> None:
    await sends(sender, *map(str, range(101)))
    assert (len(server.mails), server.connections) == (101, 2)


async def test_a_connection_that_the_server_closed_is_renewed(server: SmtpFake, sender: EmailSender) -> None:
    await sends(sender)
    server.hang_up()
    await sends(sender)
    assert (len(server.mails), server.connections) == (2, 2)


@pytest.mark.parametrize("kind", ["dropped", "refused"])
async def test_a_connection_that_turns_out_to_be_old_is_renewed(
    server: SmtpFake, sender: EmailSender, kind: str
) -> None:
    await sends(sender)
    server.misbehave(kind, "MAIL", "421 4.4.2 Idle for too long")
    await sends(sender)
    assert (len(server.mails), server.connections) == (2, 2)


async def test_a_server_that_was_away_is_found_again(server: SmtpFake, sender: EmailSender) -> None:
    await sends(sender)
    await server.stop()
    error = await fails(sender)
    assert isinstance(error, Unavailable)
    assert not error.uncertain
    await server.start()
    await sends(sender)
    assert len(server.mails) == 2


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", ["421 4.3.2 Shutting down", "450 4.2.1 Greylisted", "451 4.3.0 Try again later"])
async def test_what_may_go_later_is_not_uncertain(server: SmtpFake, sender: EmailSender, step: str, reply: str) -> None:
    server.misbehave("refused", step, reply)
    error = await fails(sender)
    assert isinstance(error, Unavailable)
    assert (error.uncertain, str(error)) == (False, reply)
    await sends(sender)
    assert len(server.mails) == 1


@pytest.mark.parametrize(
    ("step", "reply", "kind"),
    [
        ("RCPT", "550 5.1.1 No such user", Unreachable),
        ("RCPT", "550 Mailbox unavailable", Unreachable),
        ("RCPT", "550 5.7.1 Message looks like spam", Rejected),
        ("RCPT", "554 5.7.1 Relay access denied", Revoked),
        ("RCPT", "552 5.2.2 Mailbox is full", Rejected),
        ("RCPT", "530 5.7.0 Authentication required", Revoked),
        ("MAIL", "530 5.7.0 Authentication required", Revoked),
        ("MAIL", "553 5.7.1 Sender address rejected", Revoked),
        ("MAIL", "552 5.3.4 Message too big", Rejected),
        ("DATA", "552 5.3.4 Message too big", Rejected),
        ("DATA", "554 5.6.0 Spam", Rejected),
    ],
)
async def test_what_is_refused_for_good(
    server: SmtpFake, sender: EmailSender, step: str, reply: str, kind: type[Exception]
) -> None:
    server.misbehave("refused", step, reply)
    error = await fails(sender)
    assert type(error) is kind
    assert reply in str(error)


async def test_a_refused_recipient_does_not_cost_the_connection(server: SmtpFake, sender: EmailSender) -> None:
    server.misbehave("refused", "RCPT", "550 5.1.1 No such user")
    await fails(sender)
    await sends(sender)
    assert (len(server.mails), server.connections) == (1, 1)


async def test_a_lost_reply_is_uncertain(server: SmtpFake, sender: EmailSender) -> None:
    server.misbehave("lost_reply", "DATA")
    error = await fails(sender)
    assert isinstance(error, Unavailable)
    assert (error.uncertain, len(server.mails)) == (True, 1)


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
async def test_a_connection_lost_before_the_message_is_not_uncertain(
    server: SmtpFake, sender: EmailSender, step: str
) -> None:
    server.misbehave("dropped", step)
    error = await fails(sender)
    assert isinstance(error, Unavailable)
    assert not error.uncertain


@pytest.mark.parametrize(("step", "uncertain"), [("MAIL", False), ("RCPT", False), ("DATA", True)])
async def test_a_slow_server_is_not_waited_for(server: SmtpFake, step: str, uncertain: bool) -> None:
    server.misbehave("slow", step)
    # A busy machine may take some time to come as far as to the step in question.
    error = await fails(sender_to(server.url, patience=1.0 if uncertain else 0.2))
    assert isinstance(error, Unavailable)
    assert error.uncertain is uncertain


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_the_login_goes_over_tls(tls: str) -> None:
    async with SmtpFake(tls, ("bot@example.org", "pass:w/@rd")) as server:  # type: ignore[arg-type]  # of a parameter
        sender = sender_to(server.url)
        await sends(sender)
        await sender.stop()
        assert [(mail.over_tls, mail.user) for mail in server.mails] == [(True, "bot@example.org")]


async def test_a_login_on_this_machine_needs_no_tls() -> None:
    async with SmtpFake(login=("bot", "secret")) as server:
        await sends(sender_to(server.url))
        assert [(mail.over_tls, mail.user) for mail in server.mails] == [(False, "bot")]


async def test_a_wrong_login_stops_the_platform() -> None:
    async with SmtpFake("starttls", ("bot", "secret")) as server:
        error = await fails(sender_to(server.url.replace("secret", "hidden-word")))
        assert isinstance(error, Revoked)
        assert "hidden-word" not in str(error)


async def test_a_login_that_is_refused_for_now_is_tried_later() -> None:
    async with SmtpFake("starttls", ("bot", "secret")) as server:
        for _ in range(2):  # two ways of logging in
            server.misbehave("refused", "AUTH", "454 4.7.0 Try again later")
        assert type(await fails(sender_to(server.url))) is Unavailable


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
async def test_a_certificate_that_nobody_trusts_is_not_taken(tls: str) -> None:
    async with SmtpFake(tls) as server, SmtpFake("starttls") as other:  # type: ignore[arg-type]  # of a parameter
        error = await fails(sender_to(f"{server.url.partition('?')[0]}?ca={other.ca}"))
        assert isinstance(error, Unavailable)
        assert "its certificate is not trusted" in str(error)
        assert not error.uncertain


async def test_an_address_in_another_script_goes_where_the_server_takes_it() -> None:
    async with SmtpFake(utf8=True) as server:
        await sends(sender_to(server.url), to=Address("jürgen@bücher.example"))
        (mail,) = server.messages_to("jürgen@xn--bcher-kva.example")
        assert "SMTPUTF8" in mail.options
        assert str(mail.parsed["To"]) == "jürgen@xn--bcher-kva.example"


async def test_an_address_in_another_script_is_refused_where_the_server_does_not(
    server: SmtpFake, sender: EmailSender
) -> None:
    error = await fails(sender, Address("jürgen@example.org"))
    assert isinstance(error, Unreachable)
    assert "such letters before the @" in str(error)


async def test_a_domain_in_another_script_goes_everywhere(server: SmtpFake, sender: EmailSender) -> None:
    await sends(sender, to=Address("anna@bücher.example"))
    assert len(server.messages_to("anna@xn--bcher-kva.example")) == 1


@pytest.mark.parametrize(
    "address", ["", "anna", "anna@", "@example.org", "a b@example.org", "a@b@c", "a@x>\r\nRCPT TO:<eve@example.org>"]
)
async def test_what_is_no_address_is_refused(server: SmtpFake, sender: EmailSender, address: str) -> None:
    assert isinstance(await fails(sender, Address(address)), Unreachable)
    assert server.mails == []


async def test_a_correction_answers_the_mail_that_it_corrects(server: SmtpFake, sender: EmailSender) -> None:
    envelope = Envelope("1", subject="Seventh meeting")
    receipt = await sender.send(ANNA, HELLO, envelope)
    receipt = await sender.edit(ANNA, receipt, Message("It is in Geneva"), envelope)
    await sender.edit(ANNA, receipt, Message("It is in Seoul"), envelope)
    first, second, third = (mail.parsed for mail in server.mails)
    assert second["Subject"] == third["Subject"] == "Corrected: Seventh meeting"
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert third["In-Reply-To"] == second["Message-ID"]
    assert third["References"] == f"{first['Message-ID']} {second['Message-ID']}"
    assert len({one["Message-ID"] for one in (first, second, third)}) == 3


async def test_a_correction_of_what_left_no_receipt_is_sent_too(server: SmtpFake, sender: EmailSender) -> None:
    await sender.edit(ANNA, {}, HELLO, Envelope("1"))
    assert server.mails[0].subject == "Corrected: Hello Anna"
    assert server.mails[0].parsed["In-Reply-To"] is None
