"""The mailbox: a statement that arrives by mail is told to the secretariat, and logged when somebody saw it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.chores import Chores
from bot.mailbox import intake
from bot.mailbox.trouble import MailboxTrouble
from handlers import mailed_liaisons
from handlers.liaison import mailed
from storage.database import Database
from storage.tables import AuditEntry, Drop
from tests.fakes.imap import ImapFake
from tests.talk import Talk
from tests.unit.bot.mails import mail, statement
from tests.unit.bot.post import OWN, Post

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
LS = {"LS.docx": statement()}


@pytest.fixture
async def post(sample: Database) -> AsyncIterator[Post]:
    async with ImapFake() as imap:
        yield Post(Talk(sample), imap)


async def others_are_told(post: Post) -> None:
    chores = [mailed_liaisons.tell_of_others]
    await Chores(post.talk.database, post.talk.dispatcher, chores, post.talk.clock).do_all()
    await post.talk.settles()


async def files(post: Post) -> int:
    async with post.talk.database.reading() as session:
        return (await session.execute(select(func.count()).select_from(Drop))).scalar_one()


async def test_a_statement_is_told_with_what_matters_and_logged_by_a_button(post: Post) -> None:
    secretariat = post.talk.secretariat
    (stored,) = await post.brings(mail(files=LS))
    secretariat.is_told(
        "A liaison statement came by mail from example.org",
        "SG13-LS999 from ITU-T SG13: LS on QKD networks",
        "For action: JCA-QKDN",
        "Deadline 1 October 2024",
    )
    assert stored.flags == {r"\Seen"}
    told = secretariat.told[-1]
    await secretariat.presses("Log it", of=told)
    secretariat.sees("SG13-LS999", "LS on QKD networks", "kim@example.org")
    await secretariat.presses("Log it")
    secretariat.sees("Logged as SG13-LS999")
    assert "came by mail and is logged as" in post.talk.plain(post.talk.platform("slack").told("secretariat")[0])


@ON_SQLITE
async def test_what_the_secretariat_is_told_has_no_address_in_it(post: Post) -> None:
    await post.brings(
        mail(files=LS), mail("A question of kim@example.org", number="2"), mail("big" + "x" * 50, number="3")
    )
    await others_are_told(post)
    said = "\n".join(post.talk.plain(one) for one in post.talk.secretariat.told)
    assert "A question of …" in said
    assert "@" not in said


async def test_a_mail_is_told_once_however_often_it_is_seen(post: Post) -> None:
    (stored,) = await post.brings(mail(files=LS))
    stored.flags.clear()
    await post.brings(mail(files=LS, Received="from elsewhere"))
    assert len(post.talk.secretariat.told) == 1
    assert stored.flags == {r"\Seen"}


async def test_two_replicas_take_a_mail_once(post: Post) -> None:
    post.imap.inbox.receives(mail(files=LS))
    await post.looks(*(post.new_poller() for _ in range(2)))
    assert (len(post.talk.secretariat.told), await files(post)) == (1, 1)


async def test_after_a_crash_between_keeping_and_marking_nothing_is_lost_and_nothing_said_twice(post: Post) -> None:
    post.imap.misbehaves("dropped", "UID STORE")
    post.imap.inbox.receives(mail(files=LS))
    with pytest.raises(MailboxTrouble):
        await post.poller.look()
    await post.looks(post.new_poller())
    assert len(post.talk.secretariat.told) == 1
    assert post.imap.inbox.mails[0].flags == {r"\Seen"}


async def test_after_a_crash_between_fetching_and_keeping_the_mail_is_taken_by_the_next(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_: object) -> None:
        raise MailboxTrouble("it dies")

    with monkeypatch.context() as dying:
        dying.setattr(mailed, "tell_of_statement", dies)
        post.imap.inbox.receives(mail(files=LS))
        with pytest.raises(MailboxTrouble):
            await post.poller.look()
    assert (await files(post), post.imap.inbox.mails[0].flags) == (0, set())
    await post.looks(post.new_poller())
    assert len(post.talk.secretariat.told) == 1


async def test_a_statement_can_be_discarded_and_who_was_told_reads_so(post: Post) -> None:
    await post.brings(mail("No statement at all", files=LS))
    secretariat = post.talk.secretariat
    told = secretariat.told[-1]
    await secretariat.presses("Not a statement", of=told)
    secretariat.sees("Discarded: No statement at all.")
    assert await files(post) == 0
    async with post.talk.database.reading() as session:
        query = select(AuditEntry.action).where(AuditEntry.subject == "file")
        assert list(await session.scalars(query)) == ["discard"]
    secretariat.is_told("“No statement at all” came by mail and was discarded")
    await post.talk.administrator.presses("Not a statement", of=told)
    post.talk.administrator.sees("No mail 1 waits any more: it was logged or discarded.")


@ON_SQLITE
async def test_only_the_secretariat_may_use_what_came_by_mail(post: Post) -> None:
    await post.brings(mail(files=LS))
    await post.talk.member.says("files 1")
    post.talk.member.sees("Nothing fits “1”")
    await post.talk.member.says("liaison mailed")
    post.talk.member.sees_not("Liaison statement")


async def test_the_secretariat_may_use_it_from_wherever_it_is(post: Post) -> None:
    await post.brings(mail(files=LS))
    await post.talk.administrator.says("files 1")
    post.talk.administrator.sees("Liaison statement.eml")


@ON_SQLITE
async def test_other_mails_are_told_once_a_day_in_one_message(post: Post) -> None:
    stored = await post.brings(*(mail(f"Question {one}", number=str(one)) for one in range(7)))
    post.talk.secretariat.is_told_nothing()
    assert stored[0].flags == {r"\Seen", r"\Flagged"}
    await others_are_told(post)
    await others_are_told(post)
    assert len(post.talk.secretariat.told) == 1
    post.talk.secretariat.is_told("7 mails came that are no liaison statements", "Question 6", "and 2 more")


@ON_SQLITE
async def test_a_subject_commands_nothing_and_leads_nowhere(post: Post) -> None:
    await post.brings(mail("Win at http://evil.example <!channel> *now*"))
    await others_are_told(post)
    post.talk.secretariat.is_told("Win at http_-evil.example _!channel_ _now_")


@ON_SQLITE
async def test_nobody_is_woken_by_other_mails(post: Post) -> None:
    await post.brings(mail("Question"))
    post.talk.clock.advance(timedelta(hours=14))
    await others_are_told(post)
    post.talk.secretariat.is_told_nothing()
    post.talk.clock.advance(timedelta(hours=9))
    await others_are_told(post)
    post.talk.secretariat.is_told("1 mail came that is no liaison statement", "Question")


@ON_SQLITE
async def test_what_came_by_mail_is_listed_until_it_is_logged(post: Post) -> None:
    await post.brings(mail("First", files=LS), mail("Second", number="2"))
    secretariat = post.talk.secretariat
    await secretariat.says("liaison mailed")
    secretariat.sees("1: First", "Other mails", "2: Second")
    await secretariat.presses("Log 1")
    await secretariat.presses("Log it")
    await secretariat.says("liaison mailed")
    secretariat.sees_not("First")


@ON_SQLITE
@pytest.mark.parametrize(
    "echo",
    [
        mail("Out of office", files=LS, Auto_Submitted="auto-replied"),
        mail("Out of office", files=LS, Auto_Submitted="auto-replied (vacation)".replace(" ", "; ")),
        mail("Returned", files=LS, Return_Path="<>"),
        mail("Returned", files=LS, sender="MAILER-DAEMON@example.org"),
        mail("Out of office", files=LS, Precedence="auto_reply"),
        mail("Ours", files=LS, sender=f"The bot <{OWN.upper()}>"),
    ],
)
async def test_what_answers_or_returns_a_mail_and_what_we_sent_ourselves_is_passed_over(
    post: Post, echo: bytes
) -> None:
    (stored,) = await post.brings(echo)
    await others_are_told(post)
    post.talk.secretariat.is_told_nothing()
    assert (stored.flags, await files(post)) == ({r"\Seen"}, 0)


@ON_SQLITE
async def test_a_program_may_send_statements_and_nothing_else(post: Post) -> None:
    await post.brings(
        mail("News", number="2", Auto_Submitted="auto-generated"),
        mail("New Liaison Statement", files=LS, Auto_Submitted="auto-generated"),
    )
    await others_are_told(post)
    assert len(post.talk.secretariat.told) == 1
    post.talk.secretariat.is_told("SG13-LS999")


@ON_SQLITE
async def test_a_mail_that_is_too_large_is_told_and_not_fetched(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.mailbox.poller.MOST", 50_000)
    (stored,) = await post.brings(mail("Huge", files={"a.bin": bytes(60_000)}))
    post.talk.secretariat.is_told("“Huge”", "marked with a flag")
    assert stored.flags == {r"\Seen", r"\Flagged"}
    assert not [one for one in post.imap.commands if "BODY.PEEK[]" in one]


@ON_SQLITE
async def test_a_flood_of_statements_is_told_in_one_message(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailed, "MOST_A_DAY", 2)
    await post.brings(*(mail(f"LS {one}", files=LS, number=str(one)) for one in range(5)))
    told = [post.talk.plain(one) for one in post.talk.secretariat.told]
    assert (len(told), await files(post)) == (3, 5)
    assert "I tell of no more of them one by one" in told[-1]


@ON_SQLITE
async def test_what_is_more_than_a_day_takes_waits_in_the_mailbox(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MOST_A_DAY", len(mail("First")) + 100)
    stored = await post.brings(mail("First"), mail("Second", number="2"))
    assert [one.flags for one in stored] == [{r"\Seen", r"\Flagged"}, set()]
    post.talk.clock.advance(timedelta(days=1, hours=1))
    await post.looks()
    assert stored[1].flags == {r"\Seen", r"\Flagged"}


@ON_SQLITE
async def test_members_get_what_was_attached_to_a_mail_and_not_the_mail_with_its_addresses(post: Post) -> None:
    await post.brings(mail("SG13 / SG17", files=LS))
    secretariat, member = post.talk.secretariat, post.talk.member
    await secretariat.presses("Log it", of=secretariat.told[-1])
    await secretariat.presses("Log it")
    await secretariat.says("liaison file 1")
    assert secretariat.message.attachments[0].name.endswith("SG13-SG17.eml")
    await member.says("liaison file 1")
    member.sees("A mail has people's addresses in it")
    await member.says("liaison file 2")
    assert member.message.attachments[0].name.endswith("LS.docx")


@ON_SQLITE
async def test_a_statement_that_was_logged_already_is_told_as_such(post: Post) -> None:
    secretariat = post.talk.secretariat
    await secretariat.drops({"LS.docx": LS["LS.docx"]})
    await secretariat.presses("Log it")
    await secretariat.presses("Log it")
    secretariat.sees("Logged as")
    await post.brings(mail(files=LS))
    secretariat.is_told("It seems to be SG13-LS999, which is logged already")
