"""The way to the mailbox: who gets in, what goes wrong, and that nothing hangs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.imap_server import ImapServer
from bot.link import State
from bot.mailbox import poller as polling
from bot.mailbox.checkup import checkup
from bot.mailbox.connection import Connection
from bot.mailbox.trouble import MailboxTrouble
from storage.database import Database
from tests.fakes.imap import ImapFake, Mailbox
from tests.talk import Talk
from tests.unit.bot.mails import mail, statement
from tests.unit.bot.post import Post

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
LS = {"LS.docx": statement()}


async def trouble_of(url: str, patience: float = 60) -> MailboxTrouble:
    connection = Connection(ImapServer.of(url), patience)
    with pytest.raises(MailboxTrouble) as caught:
        await asyncio.to_thread(connection.open)
    return caught.value


def errors_in(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What the poller found wrong."""
    return [one for one in caplog.records if one.name == polling.__name__ and one.levelno >= logging.ERROR]


@asynccontextmanager
async def watched(post: Post) -> AsyncIterator[None]:
    """The bot looks by itself until this is left."""
    post.poller.start()
    try:
        yield
    finally:
        await post.poller.stop()


@pytest.fixture
async def post(sample: Database) -> AsyncIterator[Post]:
    async with ImapFake() as imap:
        yield Post(Talk(sample), imap)


@pytest.mark.parametrize("is_plain", [True, False])
@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
async def test_it_gets_in_whatever_the_server_offers(tls: str, is_plain: bool) -> None:
    async with ImapFake(tls, is_plain=is_plain) as imap:  # type: ignore[arg-type]  # one of the three
        found = await checkup(ImapServer.of(imap.url()), 60)
        assert found.is_well, found
        assert imap.logins == 1
        assert ("STARTTLS" in imap.commands) == (tls == "starttls")


async def test_a_folder_with_letters_of_any_script_is_opened() -> None:
    async with ImapFake() as imap:
        imap.folders['Entw&APw-rfe/"neu"'] = Mailbox()
        found = await checkup(ImapServer.of(imap.url(folder='Entwürfe/"neu"')), 60)
        assert found.is_well, found


async def test_a_wrong_password_is_lasting_and_not_shown() -> None:
    async with ImapFake() as imap:
        trouble = await trouble_of(imap.url(password="wrong-word"))
        assert trouble.is_lasting
        assert "refuses the login: [AUTHENTICATIONFAILED]" in trouble.message
        assert "wrong-word" not in f"{trouble}{trouble.remedy}"


async def test_a_login_that_is_refused_for_now_is_tried_again() -> None:
    async with ImapFake() as imap:
        imap.misbehaves("refused", "AUTHENTICATE", "[UNAVAILABLE] Backend is away")
        assert not (await trouble_of(imap.url())).is_lasting


async def test_no_login_is_sent_where_the_server_does_not_offer_tls() -> None:
    async with ImapFake() as imap, ImapFake("starttls") as other:
        trouble = await trouble_of(f"{imap.url()}?ca={other.ca}")
        assert "offers no TLS" in trouble.message
        assert imap.logins == 0
        assert "AUTHENTICATE" not in imap.commands


async def test_a_certificate_that_nobody_trusts_is_told() -> None:
    async with ImapFake("implicit") as imap, ImapFake("implicit") as other:
        url = imap.url().replace(str(imap.ca), str(other.ca))
        trouble = await trouble_of(url)
        assert trouble.is_lasting
        assert "is not trusted" in trouble.message


async def test_a_folder_that_is_not_there_is_told() -> None:
    async with ImapFake() as imap:
        trouble = await trouble_of(imap.url(folder="Liaisons"))
        assert "does not open the folder Liaisons: [NONEXISTENT]" in trouble.message


async def test_a_folder_that_cannot_be_marked_is_not_read() -> None:
    async with ImapFake() as imap:
        imap.inbox.is_read_only = True
        assert "can only be read, not marked" in (await trouble_of(imap.url())).message


async def test_a_server_that_says_nothing_is_given_up() -> None:
    async with ImapFake() as imap:
        imap.misbehaves("hangs", "SELECT")
        assert "does not answer as a mailbox" in (await trouble_of(imap.url(), patience=0.2)).message


@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
async def test_closing_it_ends_what_hangs(tls: str) -> None:
    async with ImapFake(tls) as imap:  # type: ignore[arg-type]  # one of the three
        imap.misbehaves("hangs", "SELECT")
        connection = Connection(ImapServer.of(imap.url()), 600)
        opening = asyncio.create_task(asyncio.to_thread(connection.open))
        await imap.wait_for(lambda: any("SELECT" in one for one in imap.commands))
        connection.close()
        with pytest.raises(MailboxTrouble):
            await asyncio.wait_for(opening, 60)


async def test_nobody_at_the_port_is_told() -> None:
    async with ImapFake() as imap:
        url = imap.url()
    assert "Connection refused" in (await trouble_of(url)).message


@ON_SQLITE
@pytest.mark.parametrize("step", ["HEADER", "BODY", "BODY CUT"])
async def test_a_connection_lost_over_a_mail_loses_nothing(post: Post, step: str) -> None:
    post.imap.misbehaves("dropped", step)
    post.imap.inbox.receives(mail(files=LS))
    with pytest.raises(MailboxTrouble):
        await post.poller.look()
    assert post.imap.inbox.mails[0].flags == set()
    await post.looks()
    post.talk.secretariat.is_told("SG13-LS999")


@ON_SQLITE
async def test_a_mail_over_which_the_connection_breaks_does_not_hold_up_the_others(post: Post) -> None:
    post.imap.misbehaves("dropped", "BODY", times=3)
    post.imap.inbox.receives(mail("Broken"))
    post.imap.inbox.receives(mail(files=LS, number="2"))
    for _ in range(3):
        with pytest.raises(MailboxTrouble):
            await post.poller.look()
    await post.looks()
    post.talk.secretariat.is_told("SG13-LS999")


@ON_SQLITE
async def test_it_looks_by_itself_and_goes_on_when_the_server_is_back(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "_WAITS", (0.01,))
    monkeypatch.setattr(polling, "EVERY", 0.01)
    post.imap.misbehaves("dropped", "SELECT", times=2)
    async with watched(post):
        stored = post.imap.inbox.receives(mail(files=LS))
        await post.imap.wait_for(lambda: stored.flags)
        await post.imap.stop()
        stored = post.imap.inbox.receives(mail(number="2"))
        await post.imap.start()
        await post.imap.wait_for(lambda: stored.flags)
    assert post.poller.state is State.STOPPED


@ON_SQLITE
async def test_a_refused_login_is_loud_and_told_to_the_secretariat_once(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(polling, "_LASTING_WAIT", 0.01)
    post.imap.misbehaves("refused", "AUTHENTICATE", "[AUTHENTICATIONFAILED] No", times=3)
    async with watched(post):
        await post.imap.wait_for(lambda: 'SELECT "INBOX"' in post.imap.commands)
    await post.talk.settles()
    refused = errors_in(caplog)
    assert len(refused) == 3
    assert "do: liaison-bot doctor" in refused[0].getMessage()
    assert len(post.talk.secretariat.told) == 1
    post.talk.secretariat.is_told("I cannot read the mailbox", "refuses the login")


@ON_SQLITE
@pytest.mark.parametrize("step", ["SELECT", "BODY"])
async def test_it_stops_at_once_whatever_hangs(post: Post, step: str, caplog: pytest.LogCaptureFixture) -> None:
    post.imap.misbehaves("hangs", step)
    post.imap.inbox.receives(mail())
    post.poller.start()
    await post.imap.wait_for(lambda: any(one.startswith(step) or "BODY.PEEK[]" in one for one in post.imap.commands))
    await asyncio.wait_for(post.poller.stop(), 30)  # the server would be waited for twice as long
    assert errors_in(caplog) == []


@ON_SQLITE
async def test_a_connection_that_breaks_because_it_stops_is_no_trouble(
    post: Post, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looking = asyncio.Event()

    async def look() -> int:
        looking.set()
        await post.poller._closing.wait()
        raise MailboxTrouble("the connection is closed", is_lasting=True)

    monkeypatch.setattr(post.poller, "look", look)
    async with watched(post):
        await looking.wait()
    await post.talk.settles()
    assert errors_in(caplog) == []
    post.talk.secretariat.is_told_nothing()
