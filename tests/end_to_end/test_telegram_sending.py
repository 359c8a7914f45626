"""Telegram as a sender: messages that nobody asked for, sent, edited, corrected, and what refuses them."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.arrival import Arrival, Message
from bot.platforms import (
    Address,
    Envelope,
    Moved,
    PlatformError,
    RateLimited,
    Receipt,
    Rejected,
    Revoked,
    Sender,
    Suggestion,
    Unavailable,
    Unreachable,
)
from bot.platforms.telegram import TelegramPlatform
from bot.render.renderer import Renderer
from handlers.command import Attachment, Button, Place
from handlers.form import Choice
from tests.end_to_end.patience import gives_up_calls
from tests.fakes.telegram import Chat, Person, TelegramFake

ENVELOPE = Envelope("announcement:1:telegram:1")
AGENDA = Attachment("agenda.pdf", "application/pdf", b"%PDF-1.7 agenda")
MINUTES = Attachment("minutes.txt", "text/plain", b"They met.")
LONG = "\n\n".join(f"Paragraph {number}: {'trusted relay satellite node ' * 30}" for number in range(60))
SHORT = "one paragraph"


@asynccontextmanager
async def connected(telegram: TelegramFake, desk: Desk) -> AsyncIterator[TelegramPlatform]:
    platform = TelegramPlatform(
        token=telegram.token,
        api_url=telegram.api_url,
        webhook_url=None,
        webhook_secret=None,
        commands=(),
        render=Renderer(),
    )
    await platform.connect(desk)
    try:
        yield platform
    finally:
        await platform.stop()


class Desk:
    """A reception to which nobody comes."""

    async def receive(self, arrival: Arrival) -> bool:
        return False

    async def suggest(self, platform: str, account: str, text: str, limit: int = 20) -> list[Suggestion]:
        return []

    async def offer(self, platform: str, account: str, words: str, field: str, typed: str) -> list[Choice]:
        return []

    async def hears(self, account: str, place: Place) -> bool:
        return False

    async def home(self, platform: str, account: str, name: str = "") -> Message:
        return Message("home")

    async def shorten(self, command: str) -> str:
        return "token"

    async def lengthen(self, token: str) -> str | None:
        return None


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture(params=["rich", "html"])
async def telegram(request: pytest.FixtureRequest) -> AsyncIterator[TelegramFake]:
    """A server that knows rich messages, and an older one."""
    async with TelegramFake(rich=request.param == "rich") as server:
        yield server


@pytest.fixture
async def newer() -> AsyncIterator[TelegramFake]:
    async with TelegramFake() as server:
        yield server


@pytest.fixture
async def sender(telegram: TelegramFake, desk: Desk) -> AsyncIterator[TelegramPlatform]:
    async with connected(telegram, desk) as platform:
        yield platform


@pytest.fixture
async def newer_sender(newer: TelegramFake, desk: Desk) -> AsyncIterator[TelegramPlatform]:
    async with connected(newer, desk) as platform:
        yield platform


def to(place: Person | Chat, thread: int | None = None) -> Address:
    return Address(str(place.id), str(thread or ""))


async def sent(sender: TelegramPlatform, place: Person | Chat, message: Message) -> Receipt:
    return await sender.send(to(place), message, ENVELOPE)


async def failure_of(sender: TelegramPlatform, address: Address, message: Message) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        await sender.send(address, message, ENVELOPE)
    return caught.value


# What is sent


async def test_telegram_is_a_sender(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    one: Sender = sender
    assert one.is_ready
    assert one.is_group(to(telegram.group("G")))
    assert not one.is_group(to(telegram.person("Anna")))


async def test_it_is_not_ready_when_it_is_stopped(telegram: TelegramFake, desk: Desk) -> None:
    async with connected(telegram, desk) as platform:
        pass
    assert not platform.is_ready
    assert isinstance(await failure_of(platform, Address("1"), Message("x")), Unavailable)


async def test_a_person_gets_the_words_with_the_buttons(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    anna = telegram.person("Anna")
    receipt = await sent(sender, anna, Message("**Seventh** meeting", (Button("Show", "meeting 7"),)))
    (message,) = telegram.said(anna)
    assert (message.text, message.labels) == ("Seventh meeting", ["Show"])
    assert receipt["message_id"] == str(message.message_id)


async def test_a_topic_gets_it_in_the_topic(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    forum = telegram.supergroup("G", topics=("News",))
    (topic,) = forum.topics.values()
    await sender.send(to(forum, topic.id), Message("hello", attachments=(AGENDA,)), ENVELOPE)
    assert [one.thread for one in telegram.said(forum)] == [topic.id, topic.id]


async def test_files_follow_the_words(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    anna = telegram.person("Anna")
    await sent(sender, anna, Message("the papers", attachments=(AGENDA, MINUTES)))
    words, *files = telegram.said(anna)
    assert words.text == "the papers"
    assert [one.document and one.document.content for one in files] == [AGENDA.content, MINUTES.content]


async def test_files_without_words_carry_the_buttons(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    anna = telegram.person("Anna")
    await sent(sender, anna, Message("", (Button("Show", "show"),), (AGENDA, MINUTES)))
    assert [one.labels for one in telegram.said(anna)] == [[], ["Show"]]


async def test_a_long_message_comes_whole_with_the_buttons_at_its_end(
    telegram: TelegramFake, sender: TelegramPlatform
) -> None:
    anna = telegram.person("Anna")
    receipt = await sent(sender, anna, Message(LONG, (Button("Show", "show"),)))
    parts = telegram.said(anna)
    whole = "\n".join(one.text for one in parts)
    assert all(f"Paragraph {number}:" in whole for number in range(60))
    assert [receipt["message_id"], receipt["message_id2"]] == [str(one.message_id) for one in parts[:2]]
    assert [one.labels for one in parts] == [[]] * (len(parts) - 1) + [["Show"]]


async def test_what_people_wrote_links_and_mentions_nothing(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    anna = telegram.person("Anna")
    await sent(sender, anna, Message("@durov /start #tag example.com"))
    assert telegram.said(anna)[0].automatic == []


# What refuses it


async def test_nothing_to_say_is_refused(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    assert isinstance(await failure_of(sender, to(telegram.person("Anna")), Message("")), Rejected)


async def test_a_refused_token_is_nobodys_fault_but_the_bots(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    anna = telegram.person("Anna")
    telegram.revoke()
    error = await failure_of(sender, to(anna), Message("x"))
    assert isinstance(error, Revoked)
    assert telegram.token not in str(error)


async def test_who_blocked_the_bot_is_unreachable(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    anna, boris = telegram.person("Anna"), telegram.person("Boris", started=False)
    await telegram.blocks(anna)
    for address in (to(anna), to(boris), Address("404"), Address("nobody")):
        error = await failure_of(sender, address, Message("x"))
        assert isinstance(error, Unreachable)
        assert not isinstance(error, Revoked)


async def test_a_group_that_moved_is_named_and_not_followed(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    group = telegram.group("G")
    new = await telegram.migrates(group)
    error = await failure_of(sender, to(group), Message("x"))
    assert isinstance(error, Moved)
    assert error.conversation == str(new.id)
    assert telegram.said(new) == []


async def test_a_flood_of_one_chat_covers_that_chat_and_is_not_sat_out(
    telegram: TelegramFake, sender: TelegramPlatform
) -> None:
    group, anna = telegram.group("G"), telegram.person("Anna")
    await sent(sender, anna, Message("first"))
    telegram.misbehave("rate_limited", retry_after=20, chat_id=group.id)
    error = await failure_of(sender, to(group), Message("x"))
    assert isinstance(error, RateLimited)
    assert (error.retry_after, error.covers) == (20, "target")
    await sent(sender, anna, Message("second"))
    assert len(telegram.said(anna)) == 2


async def test_a_flood_of_several_chats_in_a_row_covers_the_bot(
    telegram: TelegramFake, sender: TelegramPlatform
) -> None:
    people = telegram.persons(4)
    await sent(sender, people[3], Message("first"))
    telegram.misbehave("rate_limited", retry_after=20, whole_bot=True)
    errors = [await failure_of(sender, to(one), Message("x")) for one in people]
    assert [isinstance(one, RateLimited) and one.covers for one in errors] == ["target"] * 2 + ["platform"] * 2


async def test_floods_with_successes_between_them_cover_their_chats(
    telegram: TelegramFake, sender: TelegramPlatform
) -> None:
    people, anna = telegram.persons(4), telegram.person("Anna")
    for one in people:
        await sent(sender, anna, Message("x"))
        telegram.misbehave("rate_limited", retry_after=20, chat_id=one.id)
        error = await failure_of(sender, to(one), Message("x"))
        assert isinstance(error, RateLimited)
        assert error.covers == "target"


@pytest.mark.parametrize("kind", ["lost_reply", "dropped"])
async def test_an_answer_that_never_came_is_uncertain_and_nothing_is_sent_again(
    telegram: TelegramFake, sender: TelegramPlatform, kind: str
) -> None:
    anna = telegram.person("Anna")
    await sent(sender, anna, Message("first"))
    telegram.misbehave(kind)
    error = await failure_of(sender, to(anna), Message("second"))
    assert isinstance(error, Unavailable)
    assert error.uncertain
    assert telegram.copies("second")[anna.id] == (1 if kind == "lost_reply" else 0)


async def test_a_time_out_after_the_effect_is_uncertain(newer: TelegramFake, newer_sender: TelegramPlatform) -> None:
    anna = newer.person("Anna")
    gives_up_calls(newer_sender)
    newer.misbehave("slow", "sendRichMessage")
    error = await failure_of(newer_sender, to(anna), Message("x"))
    assert isinstance(error, Unavailable)
    assert error.uncertain


async def test_a_server_error_is_certain(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    telegram.misbehave("server_error")
    error = await failure_of(sender, to(telegram.person("Anna")), Message("x"))
    assert isinstance(error, Unavailable)
    assert not error.uncertain


async def test_a_second_part_that_is_refused_makes_the_whole_uncertain(
    telegram: TelegramFake, sender: TelegramPlatform
) -> None:
    anna = telegram.person("Anna")
    telegram.misbehave("rate_limited", "sendDocument")
    error = await failure_of(sender, to(anna), Message("the agenda", attachments=(AGENDA,)))
    assert isinstance(error, Unavailable)
    assert error.uncertain


async def test_a_rich_part_that_is_refused_after_the_first_is_not_begun_anew_as_html(
    newer: TelegramFake, newer_sender: TelegramPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = newer.person("Anna")
    monkeypatch.setattr("bot.platforms.telegram.messages.rich_html", lambda document: ["<p>one</p>", "<p>two"])
    error = await failure_of(newer_sender, to(anna), Message("x"))
    assert isinstance(error, Unavailable)
    assert error.uncertain
    assert [one.text for one in newer.said(anna)] == ["one"]


# What is changed


async def test_what_was_sent_can_be_changed_in_place(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    anna = telegram.person("Anna")
    receipt = await sent(sender, anna, Message("Room A", (Button("Yes", "yes"),)))
    again = await sender.edit(to(anna), receipt, Message("Room B", (Button("No", "no"),)), ENVELOPE)
    (message,) = telegram.said(anna)
    assert (message.text, message.labels) == ("Room B", ["No"])
    assert again == receipt


async def test_a_changed_rich_message_stays_rich(newer: TelegramFake, newer_sender: TelegramPlatform) -> None:
    anna = newer.person("Anna")
    receipt = await sent(newer_sender, anna, Message("# A"))
    await newer_sender.edit(to(anna), receipt, Message("| a | b |\n| - | - |\n| 1 | 2 |"), ENVELOPE)
    (message,) = newer.said(anna)
    assert "<table" in (message.rich_html or "")


async def test_a_change_without_buttons_takes_them_away(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    anna = telegram.person("Anna")
    receipt = await sent(sender, anna, Message("Room A", (Button("Yes", "yes"),)))
    await sender.edit(to(anna), receipt, Message("Room A"), ENVELOPE)
    assert telegram.said(anna)[0].labels == []


async def test_a_change_to_the_same_words_is_a_success(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    anna = telegram.person("Anna")
    receipt = await sent(sender, anna, Message("Room A"))
    assert await sender.edit(to(anna), receipt, Message("Room A"), ENVELOPE) == receipt
    assert len(telegram.said(anna)) == 1


@pytest.mark.parametrize("how", ["deleted", "frozen"])
async def test_what_cannot_be_changed_any_more_is_sent_anew_as_a_correction(
    telegram: TelegramFake, sender: TelegramPlatform, how: str
) -> None:
    anna = telegram.person("Anna")
    receipt = await sent(sender, anna, Message("Room A"))
    setattr(telegram.said(anna)[0], how, True)
    again = await sender.edit(to(anna), receipt, Message("Room B"), ENVELOPE)
    new = telegram.said(anna)[-1]
    assert new.text.split() == ["Corrected:", "Room", "B"]
    assert again["message_id"] == str(new.message_id)


async def test_a_message_of_a_group_that_moved_is_corrected_and_no_other_one_is_changed(
    telegram: TelegramFake, sender: TelegramPlatform
) -> None:
    group = telegram.group("G")
    receipt = await sent(sender, group, Message("Room A"))
    new = await telegram.migrates(group)
    with pytest.raises(Moved):
        await sender.edit(to(group), receipt, Message("Room B"), ENVELOPE)
    for _number in range(int(receipt["message_id"])):
        await sent(sender, new, Message("other"))
    await sender.edit(to(new), receipt, Message("Room B"), ENVELOPE)
    *others, last = telegram.said(new)
    assert {one.text for one in others} == {"other"}
    assert last.text.startswith("Corrected:")


async def test_a_change_that_needs_more_messages_sends_the_rest_as_replies(
    telegram: TelegramFake, sender: TelegramPlatform
) -> None:
    anna = telegram.person("Anna")
    receipt = await sent(sender, anna, Message(SHORT))
    again = await sender.edit(to(anna), receipt, Message(LONG, (Button("Show", "show"),)), ENVELOPE)
    first, *rest = telegram.said(anna)
    assert first.text.startswith("Paragraph 0:")
    assert {one.reply_to for one in rest} == {first.message_id}
    assert again["message_id2"] == str(rest[0].message_id)
    assert [one.labels for one in (first, *rest)] == [[]] * len(rest) + [["Show"]]


async def test_a_change_that_needs_fewer_messages_leaves_no_old_words(
    telegram: TelegramFake, sender: TelegramPlatform
) -> None:
    anna = telegram.person("Anna")
    receipt = await sent(sender, anna, Message(LONG))
    again = await sender.edit(to(anna), receipt, Message(SHORT), ENVELOPE)
    texts = [one.text for one in telegram.said(anna)]
    assert texts == [SHORT] + ["This part was removed by a correction."] * (len(texts) - 1)
    assert again == receipt


async def test_a_change_sends_only_files_that_are_new(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    anna = telegram.person("Anna")
    receipt = await sent(sender, anna, Message("papers", attachments=(AGENDA,)))
    again = await sender.edit(to(anna), receipt, Message("more papers", attachments=(AGENDA, MINUTES)), ENVELOPE)
    await sender.edit(to(anna), again, Message("the papers", attachments=(AGENDA, MINUTES)), ENVELOPE)
    names = [one.document.name for one in telegram.said(anna) if one.document]
    assert names == ["agenda.pdf", "minutes.txt"]


async def test_files_without_words_are_not_sent_again(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    anna = telegram.person("Anna")
    receipt = await sent(sender, anna, Message("", attachments=(AGENDA,)))
    assert await sender.edit(to(anna), receipt, Message("", attachments=(AGENDA,)), ENVELOPE) == receipt
    assert len(telegram.said(anna)) == 1


async def test_a_correction_brings_no_file_twice(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    anna = telegram.person("Anna")
    receipt = await sent(sender, anna, Message("Room A", attachments=(AGENDA,)))
    telegram.said(anna)[0].deleted = True
    await sender.edit(to(anna), receipt, Message("Room B", attachments=(AGENDA,)), ENVELOPE)
    assert [one.document is not None for one in telegram.said(anna)] == [True, False]


async def test_a_refused_token_is_found_when_changing_too(telegram: TelegramFake, sender: TelegramPlatform) -> None:
    anna = telegram.person("Anna")
    receipt = await sent(sender, anna, Message("Room A"))
    telegram.revoke()
    with pytest.raises(Revoked):
        await sender.edit(to(anna), receipt, Message("Room B"), ENVELOPE)


async def test_a_change_that_fails_is_tried_again_without_harm(
    telegram: TelegramFake, sender: TelegramPlatform
) -> None:
    anna = telegram.person("Anna")
    receipt = await sent(sender, anna, Message("Room A"))
    telegram.misbehave("lost_reply", "editMessageText")
    with pytest.raises(Unavailable):
        await sender.edit(to(anna), receipt, Message("Room B"), ENVELOPE)
    assert await sender.edit(to(anna), receipt, Message("Room B"), ENVELOPE) == receipt
    assert [one.text for one in telegram.said(anna)] == ["Room B"]


# Many


async def test_at_a_server_that_misbehaves_everybody_gets_it_once_but_for_the_uncertain(
    newer: TelegramFake, newer_sender: TelegramPlatform
) -> None:
    people = newer.persons(200)
    for one in people[::33]:
        one.blocked = True
    newer.misbehave("rate_limited", times=math.inf, probability=0.2, seed=1, retry_after=0.01)
    newer.misbehave("server_error", times=math.inf, probability=0.05, seed=2)
    newer.misbehave("lost_reply", times=math.inf, probability=0.03, seed=3)
    unsure: set[int] = set()

    async def tell(one: Person) -> None:
        for _try in range(30):
            try:
                await sent(newer_sender, one, Message("News"))
            except RateLimited as limited:
                await asyncio.sleep(limited.retry_after)
                continue
            except Unavailable as error:
                if not error.uncertain:
                    continue
                unsure.add(one.id)
            except Unreachable:
                assert one.blocked
            return

    for start in range(0, len(people), 8):
        await asyncio.gather(*map(tell, people[start : start + 8]))
    copies = newer.copies("News")
    assert all(copies[one.id] <= 1 for one in people)
    assert {one.id for one in people if not one.blocked and not copies[one.id]} <= unsure
    assert newer.violations == []
