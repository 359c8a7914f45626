"""Slack as a sender: messages that nobody asked for, sent, edited, corrected, and what refuses them."""

import random
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientTimeout

from bot.arrival import Message
from bot.platforms import (
    Address,
    Envelope,
    PlatformError,
    RateLimited,
    Receipt,
    Rejected,
    Revoked,
    Sender,
    Unavailable,
    Unreachable,
)
from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.platform import SlackPlatform
from handlers.command import Attachment, Button
from tests.end_to_end.slack_desk import Desk, a_platform, at_work
from tests.fakes.slack import SlackFake
from tests.fakes.slack.workspace import Channel, Person

ENVELOPE = Envelope("announcement:1:slack:1")
AGENDA = Attachment("agenda.pdf", "application/pdf", b"%PDF-1.7 agenda")
MINUTES = Attachment("minutes.txt", "text/plain", b"They met.")
WORDS = "lattice trusted relay satellite node"


def long(paragraphs: int) -> str:
    """Words that need several messages from about ten paragraphs on."""
    return "\n\n".join(f"{number}: {WORDS * 30}" for number in range(paragraphs))


@pytest.fixture
async def slack() -> AsyncIterator[SlackFake]:
    async with SlackFake() as slack:
        slack.scopes = SCOPES
        yield slack


@pytest.fixture
async def sender(slack: SlackFake) -> AsyncIterator[SlackPlatform]:
    async with at_work(slack, Desk()) as platform:
        yield platform


def to(slack: SlackFake, where: Person | Channel | str, thread: str = "") -> Address:
    place = slack.workspace.people.get(str(where)) or slack.workspace.channel(where)
    return Address(f"{slack.workspace.team}/{place.id}", thread)


def person(slack: SlackFake, name: str) -> Address:
    return Address(f"{slack.workspace.team}/{slack.workspace.person(name).id}")


async def sent(sender: SlackPlatform, address: Address, message: Message) -> Receipt:
    return await sender.send(address, message, ENVELOPE)


async def failure_of(sender: SlackPlatform, address: Address, message: Message) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await sender.send(address, message, ENVELOPE)
    return caught.value


# What is sent


async def test_slack_is_a_sender(sender: SlackPlatform) -> None:
    one: Sender = sender
    assert one.is_ready
    assert not one.is_group(Address("T1/C1"))
    assert one.limits.per_second * 60 < 300


async def test_it_is_not_ready_before_it_is_started(slack: SlackFake) -> None:
    platform = a_platform(slack)
    assert not platform.is_ready
    with pytest.raises(Unavailable) as caught:
        await platform.send(Address("T1/C1"), Message("x"), ENVELOPE)
    assert not caught.value.uncertain


async def test_a_channel_gets_the_words_with_the_buttons(slack: SlackFake, sender: SlackPlatform) -> None:
    receipt = await sent(sender, to(slack, "general"), Message("**Seventh** meeting", (Button("Show", "meeting 7"),)))
    (message,) = slack.answers("general")
    assert slack.seen(message) == "Seventh meeting\n[Show]"
    assert receipt == {"channel": message.channel, "ts": message.ts}


async def test_what_people_wrote_neither_mentions_nor_unfurls(slack: SlackFake, sender: SlackPlatform) -> None:
    await sent(sender, to(slack, "general"), Message("&lt;!channel&gt; @here https://example.org"))
    (message,) = slack.answers("general")
    assert message.mentions == []
    assert message.args["unfurl_links"] is False
    assert message.args["unfurl_media"] is False
    assert message.args["link_names"] is False


async def test_a_person_gets_it_in_direct_messages(slack: SlackFake, sender: SlackPlatform) -> None:
    receipt = await sent(sender, person(slack, "boris"), Message("hello"))
    (message,) = slack.answers("boris")
    assert message.channel == receipt["channel"]
    assert message.channel.startswith("D")


async def test_a_thread_gets_it_in_the_thread(slack: SlackFake, sender: SlackPlatform) -> None:
    first = await sent(sender, to(slack, "general"), Message("one"))
    await sent(sender, to(slack, "general", first["ts"]), Message("two", attachments=(AGENDA,)))
    assert [one.thread_ts for one in slack.answers("general")] == [None, first["ts"], first["ts"]]


async def test_files_go_to_the_direct_messages_too(slack: SlackFake, sender: SlackPlatform) -> None:
    await sent(sender, person(slack, "anna"), Message("the agenda", attachments=(AGENDA, MINUTES)))
    words, files = slack.answers("anna")
    assert slack.seen(words) == "the agenda"
    assert [(one.name, one.content) for one in files.files] == [(one.name, one.content) for one in (AGENDA, MINUTES)]


async def test_files_without_words_are_named(slack: SlackFake, sender: SlackPlatform) -> None:
    await sent(sender, to(slack, "general"), Message("", attachments=(AGENDA,)))
    words, _files = slack.answers("general")
    assert slack.seen(words) == "agenda.pdf"


async def test_a_long_message_comes_whole_with_the_buttons_at_its_end(slack: SlackFake, sender: SlackPlatform) -> None:
    receipt = await sent(sender, to(slack, "general"), Message(long(20), (Button("Show", "show"),)))
    parts = slack.answers("general")
    assert [receipt[key] for key in ("ts", "ts2")] == [one.ts for one in parts[:2]]
    assert all(f"{number}: " in "".join(map(slack.seen, parts)) for number in range(20))
    assert [bool(slack.buttons(one)) for one in parts] == [False] * (len(parts) - 1) + [True]


# What refuses it


async def test_nothing_to_say_is_refused(slack: SlackFake, sender: SlackPlatform) -> None:
    assert isinstance(await failure_of(sender, to(slack, "general"), Message("")), Rejected)


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth", "not_authed", "token_expired"])
async def test_a_refused_token_is_nobodys_fault_but_the_bots(
    slack: SlackFake, sender: SlackPlatform, error: str
) -> None:
    slack.misbehave("error", "chat.postMessage", error=error)
    assert isinstance(await failure_of(sender, to(slack, "general"), Message("x")), Revoked)


async def test_who_takes_no_messages_is_unreachable(slack: SlackFake, sender: SlackPlatform) -> None:
    slack.workspace.person("chen").takes_messages = False
    slack.workspace.person("boris").deactivated = True
    slack.workspace.channel("general").archived = True
    for address in (person(slack, "chen"), person(slack, "boris"), to(slack, "general"), Address("T1/C404")):
        error = await failure_of(sender, address, Message("x"))
        assert isinstance(error, Unreachable)
        assert not isinstance(error, Revoked)


async def test_a_wish_to_slow_down_covers_the_workspace_and_is_not_sat_out(
    slack: SlackFake, sender: SlackPlatform
) -> None:
    slack.misbehave("rate_limited", "chat.postMessage", retry_after=1)
    error = await failure_of(sender, to(slack, "general"), Message("x"))
    assert isinstance(error, RateLimited)
    assert (error.retry_after, error.covers) == (1, "platform")
    assert len(slack.called("chat.postMessage")) == 1


async def test_a_limit_said_with_status_200_is_a_limit(slack: SlackFake, sender: SlackPlatform) -> None:
    slack.misbehave("message_limit_exceeded", "chat.postMessage")
    error = await failure_of(sender, to(slack, "general"), Message("x"))
    assert isinstance(error, RateLimited)
    assert error.covers == "platform"


@pytest.mark.parametrize("kind", ["lost_reply", "dropped", "server_error"])
async def test_an_answer_that_never_came_is_uncertain_and_nothing_is_posted_again(
    slack: SlackFake, sender: SlackPlatform, kind: str
) -> None:
    slack.misbehave(kind, "chat.postMessage")  # type: ignore[arg-type]  # a parameter is no Literal
    error = await failure_of(sender, to(slack, "general"), Message("x"))
    assert isinstance(error, Unavailable)
    assert error.uncertain
    assert len(slack.called("chat.postMessage")) == 1
    assert len(slack.answers("general")) == (1 if kind == "lost_reply" else 0)


async def test_a_time_out_after_the_effect_is_uncertain(
    slack: SlackFake, sender: SlackPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sender._connected
    monkeypatch.setattr(sender._connected.session, "_timeout", ClientTimeout(total=0.3))
    slack.misbehave("slow", "chat.postMessage")
    error = await failure_of(sender, to(slack, "general"), Message("x"))
    assert isinstance(error, Unavailable)
    assert error.uncertain


async def test_a_failed_upload_leaves_nothing_behind(slack: SlackFake, sender: SlackPlatform) -> None:
    slack.misbehave("dropped", "upload")
    error = await failure_of(sender, to(slack, "general"), Message("the agenda", attachments=(AGENDA,)))
    assert isinstance(error, Unavailable)
    assert not error.uncertain
    assert slack.answers("general") == []


async def test_a_limit_on_uploads_is_a_limit(slack: SlackFake, sender: SlackPlatform) -> None:
    slack.misbehave("rate_limited", "files.getUploadURLExternal", retry_after=7)
    error = await failure_of(sender, to(slack, "general"), Message("the agenda", attachments=(AGENDA,)))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 7


async def test_files_that_do_not_follow_the_words_make_the_whole_uncertain(
    slack: SlackFake, sender: SlackPlatform
) -> None:
    slack.misbehave("rate_limited", "files.completeUploadExternal")
    error = await failure_of(sender, to(slack, "general"), Message("the agenda", attachments=(AGENDA,)))
    assert isinstance(error, Unavailable)
    assert error.uncertain


async def test_a_second_part_that_is_refused_makes_the_whole_uncertain(slack: SlackFake, sender: SlackPlatform) -> None:
    slack.misbehave("rate_limited", "chat.postMessage", when=lambda args: len(slack.answers("general")) == 1)
    error = await failure_of(sender, to(slack, "general"), Message(long(20)))
    assert isinstance(error, Unavailable)
    assert error.uncertain


# What is changed


async def test_what_was_sent_can_be_changed_in_place(slack: SlackFake, sender: SlackPlatform) -> None:
    address = to(slack, "general")
    receipt = await sent(sender, address, Message("Room A", (Button("Yes", "yes"),)))
    again = await sender.edit(address, receipt, Message("Room B"), ENVELOPE)
    (message,) = slack.answers("general")
    assert slack.seen(message) == "Room B"
    assert again == receipt


async def test_direct_messages_can_be_changed_in_place(slack: SlackFake, sender: SlackPlatform) -> None:
    address = person(slack, "anna")
    receipt = await sent(sender, address, Message("Room A"))
    await sender.edit(address, receipt, Message("Room B"), ENVELOPE)
    assert [slack.seen(one) for one in slack.answers("anna")] == ["Room B"]


async def test_a_change_that_needs_more_messages_posts_the_rest_below_the_first(
    slack: SlackFake, sender: SlackPlatform
) -> None:
    address = to(slack, "general")
    receipt = await sent(sender, address, Message("short"))
    again = await sender.edit(address, receipt, Message(long(20)), ENVELOPE)
    first, *rest = slack.answers("general")
    assert slack.seen(first).startswith("0: ")
    assert {one.thread_ts for one in rest} == {first.ts}
    assert [again["ts"], again["ts2"]] == [first.ts, rest[0].ts]


async def test_a_change_that_needs_fewer_messages_leaves_no_old_words(slack: SlackFake, sender: SlackPlatform) -> None:
    address = to(slack, "general")
    receipt = await sent(sender, address, Message(long(20)))
    again = await sender.edit(address, receipt, Message("short"), ENVELOPE)
    seen = [slack.seen(one) for one in slack.answers("general")]
    assert seen == ["short"] + ["This part was removed by a correction."] * (len(seen) - 1)
    assert again == receipt


@pytest.mark.parametrize("error", ["cant_update_message", "message_not_found", "edit_window_closed"])
async def test_what_cannot_be_changed_any_more_is_sent_anew_as_a_correction(
    slack: SlackFake, sender: SlackPlatform, error: str
) -> None:
    address = to(slack, "general")
    receipt = await sent(sender, address, Message("Room A"))
    slack.misbehave("error", "chat.update", error=error)
    again = await sender.edit(address, receipt, Message("Room B"), ENVELOPE)
    old, new = slack.answers("general")
    assert slack.seen(old) == "Room A"
    assert slack.seen(new).split() == ["Corrected:", "Room", "B"]
    assert again["ts"] == new.ts


async def test_a_correction_brings_no_file_twice(slack: SlackFake, sender: SlackPlatform) -> None:
    address = to(slack, "general")
    receipt = await sent(sender, address, Message("Room A", attachments=(AGENDA,)))
    slack.answers("general")[0].frozen = True
    again = await sender.edit(address, receipt, Message("Room B", attachments=(AGENDA,)), ENVELOPE)
    assert [len(one.files) for one in slack.answers("general")] == [0, 1, 0]
    assert again["files"] == receipt["files"]


async def test_a_deleted_part_is_posted_again(slack: SlackFake, sender: SlackPlatform) -> None:
    address = to(slack, "general")
    receipt = await sent(sender, address, Message(long(20)))
    slack.answers("general")[1].deleted = True
    again = await sender.edit(address, receipt, Message(long(20).replace("satellite", "ground")), ENVELOPE)
    seen = [slack.seen(one) for one in slack.answers("general")]
    assert not any("satellite" in one for one in seen)
    assert set(again.values()) == {receipt["channel"], *(one.ts for one in slack.answers("general"))}


async def test_a_change_sends_only_files_that_are_new(slack: SlackFake, sender: SlackPlatform) -> None:
    address = to(slack, "general")
    receipt = await sent(sender, address, Message("papers", attachments=(AGENDA,)))
    again = await sender.edit(address, receipt, Message("more papers", attachments=(AGENDA, MINUTES)), ENVELOPE)
    await sender.edit(address, again, Message("the papers", attachments=(AGENDA, MINUTES)), ENVELOPE)
    assert [file.name for one in slack.answers("general") for file in one.files] == ["agenda.pdf", "minutes.txt"]


async def test_a_change_that_fails_before_anything_new_is_posted_is_tried_again_without_harm(
    slack: SlackFake, sender: SlackPlatform
) -> None:
    address = to(slack, "general")
    receipt = await sent(sender, address, Message("Room A"))
    slack.misbehave("rate_limited", "chat.update", retry_after=3)
    with pytest.raises(RateLimited):
        await sender.edit(address, receipt, Message("Room B"), ENVELOPE)
    await sender.edit(address, receipt, Message("Room B"), ENVELOPE)
    assert [slack.seen(one) for one in slack.answers("general")] == ["Room B"]


# Many


async def test_at_a_server_that_misbehaves_everybody_gets_it_once_but_for_the_uncertain(
    slack: SlackFake, sender: SlackPlatform
) -> None:
    people = slack.workspace.add_people(300)
    for one in random.Random(4).sample(people, 9):
        one.takes_messages = False
    slack.misbehave("rate_limited", "chat.postMessage", times=None, probability=0.2, seed=1)
    slack.misbehave("server_error", "chat.postMessage", times=None, probability=0.05, seed=2)
    slack.misbehave("lost_reply", "chat.postMessage", times=None, probability=0.03, seed=3)
    unsure: set[str] = set()
    for one in people:
        for _try in range(20):
            try:
                await sent(sender, person(slack, one.id), Message("News"))
            except RateLimited:
                continue
            except Unreachable:
                assert not one.takes_messages
            except Unavailable:
                unsure.add(one.id)
            break
    copies = slack.copies("News")
    assert all(copies[one.id] <= 1 for one in people)
    assert {one.id for one in people if one.takes_messages and not copies[one.id]} <= unsure
