"""E-mail from the outbox to a real mail server: what was written with its cause arrives, or is known not to have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.arrival import Message
from bot.core import make_core
from bot.delivery.mailroom import Mailroom
from bot.platforms import Address, Envelope
from bot.roster import senders
from bot.settings import Settings
from storage import outbox, rewording, targets
from storage.database import Database
from storage.outbox import Enclosure, Post, Words
from storage.tables import Delivery, Target
from storage.targets import Destination
from storage.words import DeliveryState
from tests.conftest import MakeDatabase
from tests.end_to_end.running import running, start
from tests.fakes.smtp import SmtpFake
from tests.fakes.telegram import TelegramFake
from tests.talk import Clock

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REASON = "Grüße & <b>量子</b>\r\nBcc: eve@example.org"
WORDS = Words(
    "delivery/closed",
    {"platform": "telegram", "target": "42", "reason": REASON},
    (("See", "outbox list", None, "plain"),),
    (Enclosure("Bericht März.csv", "text/csv", b"a,b\n1,2\n"),),
    "Nothing reaches Jürgen\r\nBcc: eve@example.org",
)


@pytest.fixture
async def server() -> AsyncIterator[SmtpFake]:
    async with SmtpFake("starttls", ("bot@example.org", "s3cr!t")) as fake:
        yield fake


class Outbox:
    """An outbox whose e-mail goes to one server."""

    def __init__(self, database: Database, server: SmtpFake) -> None:
        self.database = database
        self.clock = Clock(START)
        settings = Settings.model_validate({"smtp_url": server.url, "email_from": "bot@example.org"})
        core = make_core(settings, database, self.clock)
        self.senders = senders(core)
        self.room = Mailroom(database, core.dispatcher, self.senders, self.clock)

    async def puts(self, *addresses: str) -> None:
        async with self.database.writing() as session:
            notice = await outbox.write(session, WORDS, START)
            ids = [await targets.kept(session, Destination("email", address)) for address in addresses]
            await outbox.put(session, notice, [Post(id_, f"test:{id_}") for id_ in ids], cause="test", now=START)

    async def sends(self, later: timedelta = timedelta()) -> list[DeliveryState]:
        """Send what is due, so much later; how the deliveries then stand, in the order in which they were put."""
        self.clock.advance(later)
        await self.room.drain()
        async with self.database.reading() as session:
            return list(
                await session.scalars(select(Delivery.state).where(Delivery.cause == "test").order_by(Delivery.id))
            )


@pytest.fixture
def post(database: Database, server: SmtpFake) -> Outbox:
    return Outbox(database, server)


async def test_what_was_written_arrives_whole(post: Outbox, server: SmtpFake) -> None:
    await post.puts("anna@example.org")
    assert await post.sends() == [DeliveryState.SENT]
    (mail,) = server.messages_to("anna@example.org")
    assert (mail.over_tls, mail.user) == (True, "bot@example.org")
    assert mail.subject == "Nothing reaches Jürgen Bcc: eve@example.org"
    assert mail.parsed["Bcc"] is None
    assert "Grüße & <b>量子</b> Bcc: eve@example.org" in mail.text
    assert "Grüße &amp; &lt;b&gt;量子&lt;/b&gt; Bcc: eve@example.org" in mail.html
    assert "See: outbox list" in mail.text
    assert mail.files == {"Bericht März.csv": b"a,b\n1,2\n"}


async def test_a_mail_that_is_put_off_is_sent_later(post: Outbox, server: SmtpFake) -> None:
    server.misbehave("refused", "RCPT", "451 4.7.1 Greylisted")
    await post.puts("anna@example.org")
    assert await post.sends() == [DeliveryState.WAITING]
    assert await post.sends(timedelta(minutes=1)) == [DeliveryState.SENT]
    assert len(server.mails) == 1


async def test_a_lost_reply_is_known_to_be_uncertain_and_tried_once_more(post: Outbox, server: SmtpFake) -> None:
    server.misbehave("lost_reply", "DATA", times=9)
    await post.puts("anna@example.org")
    assert await post.sends() == [DeliveryState.WAITING]
    assert await post.sends(timedelta(minutes=5)) == [DeliveryState.UNCERTAIN]
    await post.sends(timedelta(days=1))
    first, second = server.messages_to("anna@example.org")
    assert first.parsed["Message-ID"] == second.parsed["Message-ID"]


async def test_an_address_that_there_is_not_is_not_tried_again(post: Outbox, server: SmtpFake) -> None:
    refused = server.misbehave("refused", "RCPT", "550 5.1.1 No such user", address="anna@example.org", times=9)
    await post.puts("anna@example.org", "ben@example.org")
    assert await post.sends() == [DeliveryState.FAILED, DeliveryState.SENT]
    await post.sends(timedelta(days=1))
    assert refused.happened == 1
    async with post.database.reading() as session:
        closed = await session.scalars(select(Target.closed_because).where(Target.closed_at.is_not(None)))
        assert list(closed) == ["550 5.1.1 No such user"]


async def test_a_refused_login_loses_nothing(post: Outbox, server: SmtpFake) -> None:
    refused = server.misbehave("refused", "AUTH", "535 5.7.8 No", times=99)
    await post.puts("anna@example.org", "ben@example.org")
    assert await post.sends() == [DeliveryState.WAITING] * 2
    refused.stop()
    post.room.pumps["email"].resume()
    assert await post.sends(timedelta(minutes=5)) == [DeliveryState.SENT] * 2


async def test_a_server_that_is_away_for_an_hour_loses_nothing(post: Outbox, server: SmtpFake) -> None:
    await server.stop()
    await post.puts("anna@example.org")
    assert await post.sends() == [DeliveryState.WAITING]
    await server.start()
    assert await post.sends(timedelta(hours=1)) == [DeliveryState.SENT]


async def test_a_run_hands_in_e_mail(make_database: MakeDatabase, server: SmtpFake) -> None:
    database = make_database(True)
    async with TelegramFake() as telegram:
        settings = {
            "DATABASE_URL": database.url.render_as_string(hide_password=False),
            "HTTP_BIND": "127.0.0.1:0",
            "TELEGRAM_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.api_url,
            "SMTP_URL": server.url,
            "EMAIL_FROM": "bot@example.org",
        }
        await Outbox(database, server).puts("anna@example.org")
        async with running(settings) as run:
            await server.wait_for(lambda: server.messages_to("anna@example.org"), timeout=60)
            assert await run.stop() == 0
        assert "s3cr!t" not in run.output
    await database.close()


async def test_e_mail_alone_is_no_place_to_run() -> None:
    run = await start({"SMTP_URL": "smtp://localhost", "EMAIL_FROM": "bot@example.org"})
    assert await run.ends() == 2
    assert "no platform has a token" in run.output


async def test_e_mail_from_nobody_does_not_run() -> None:
    run = await start({"SMTP_URL": "smtp://bot:s3cr!t@mail.example.org", "TELEGRAM_TOKEN": "1:2"})
    assert await run.ends() == 2
    assert "LIAISON_BOT_EMAIL_FROM" in run.output
    assert "s3cr!t" not in run.output


async def test_a_mail_server_that_is_none_is_told_in_one_line() -> None:
    run = await start({"SMTP_URL": "http://bot:s3cr!t@mail.example.org"})
    assert await run.ends() == 2
    assert "this is no address of a mail server" in run.output
    assert "s3cr!t" not in run.output


async def test_a_mail_that_can_be_ended_says_so_in_one_click(server: SmtpFake, database: Database) -> None:
    (sender,) = Outbox(database, server).senders
    envelope = Envelope("1", unsubscribe="https://bot.example.org/u/" + "x" * 100, list_id="meetings")
    await sender.send(Address("anna@example.org"), Message("Hello"), envelope)
    parsed = server.mails[0].parsed
    assert parsed["List-Unsubscribe"] == f"<{envelope.unsubscribe}>"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed["List-Id"] == "<meetings.example.org>"


async def test_what_was_sent_is_corrected_by_an_answer_to_it(post: Outbox, server: SmtpFake) -> None:
    await post.puts("anna@example.org")
    await post.sends()
    async with post.database.writing() as session:
        data = {"platform": "telegram", "target": "42", "reason": "all is well"}
        await rewording.reword(session, "test", Words("delivery/closed", data, subject="All is well"), START)
    await post.sends(timedelta(minutes=1))
    first, second = (mail.parsed for mail in server.messages_to("anna@example.org"))
    assert second["Subject"] == "Corrected: All is well"
    assert second["In-Reply-To"] == first["Message-ID"]
