"""Telegram, end to end: real python-telegram-bot against a loopback Bot API, by polling and by webhook."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import pytest
from aiohttp import ClientSession, web
from pydantic import BaseModel

from bot.arrival import Arrival, Asking, Message, Outcome
from bot.platforms import PlatformError, RateLimited, Reception, Suggestion, Unavailable, Unreachable
from bot.platforms.telegram import TelegramPlatform
from bot.render.renderer import Renderer
from handlers.command import AnyCommand, Attachment, Button, Form, Place, Reply, Request, Role, command
from handlers.form import Choice
from tests.end_to_end.patience import LONG, gives_up_calls
from tests.fakes.telegram import Shown, Standing, TelegramFake

SECRET = "a-secret-of-the-webhook"
LONG_COMMAND = "roadmap list " + "very " * 20 + "long"
HOSTILE = "@durov /start #tag $USD example.com a@b.co <b>x</b> <!channel> 1.2.3.4"


class NoFields(Form):
    pass


def declared(words: str, role: Role = Role.MEMBER) -> AnyCommand:
    @command(words, form=NoFields, role=role, help=f"What {words} does")
    async def run(request: Request, form: NoFields) -> Reply:
        return Reply("nothing")

    return run


COMMANDS = (declared("ask"), declared("roadmap list"), declared("import", Role.SECRETARIAT))


class Memory(BaseModel):
    """What survives a restart: the inbox, and the long commands behind buttons."""

    arrived: list[Arrival] = []
    lines: dict[str, str] = {}


class Listener:
    """A reception: keeps arrivals once each and has them answered."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.answers: Callable[[Arrival], Outcome] = lambda arrival: Message(f"You said: {arrival.text}")
        self.errors: list[PlatformError] = []
        self.failures = 0
        self.suggestions: list[Suggestion] = []
        self.platform: TelegramPlatform | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def texts(self) -> list[str]:
        return [arrival.text for arrival in self.memory.arrived]

    async def receive(self, arrival: Arrival) -> bool:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the database is locked")
        if any(known.event_id == arrival.event_id for known in self.memory.arrived):
            return False
        self.memory.arrived.append(arrival)
        task = asyncio.create_task(self._answer(arrival))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _answer(self, arrival: Arrival) -> None:
        assert self.platform
        try:
            await self.platform.answer(arrival, self.answers(arrival))
        except PlatformError as error:
            self.errors.append(error)

    async def suggest(self, platform: str, account: str, text: str, limit: int = 20) -> list[Suggestion]:
        return [suggestion for suggestion in self.suggestions if text in suggestion.title][:limit]

    async def offer(self, platform: str, account: str, words: str, field: str, typed: str) -> Sequence[Choice]:
        return ()

    async def hears(self, account: str, place: Place) -> bool:
        return False

    async def home(self, platform: str, account: str, name: str = "") -> Message:
        return Message("home")

    async def shorten(self, command: str) -> str:
        token = f"t{len(self.memory.lines)}"
        self.memory.lines[token] = command
        return token

    async def lengthen(self, token: str) -> str | None:
        return self.memory.lines.get(token)

    async def idle(self) -> None:
        await asyncio.gather(*self._tasks)


def platform_of(telegram: TelegramFake, *, webhook_url: str | None = None) -> TelegramPlatform:
    return TelegramPlatform(
        token=telegram.token,
        api_url=telegram.api_url,
        webhook_url=webhook_url,
        webhook_secret=SECRET if webhook_url else None,
        commands=COMMANDS,
        render=Renderer(),
        poll_seconds=10,
        timeout=LONG,
    )


@asynccontextmanager
async def polling(telegram: TelegramFake, memory: Memory | None = None) -> AsyncIterator[Listener]:
    platform, listener = platform_of(telegram), Listener(memory or Memory())
    listener.platform = platform
    reception: Reception = listener
    await platform.start(reception)
    try:
        yield listener
    finally:
        await platform.stop()


@asynccontextmanager
async def webhook(telegram: TelegramFake) -> AsyncIterator[Listener]:
    routes: list[tuple[str, Callable[[web.Request], Awaitable[web.StreamResponse]]]] = []

    async def mounted(request: web.Request) -> web.StreamResponse:
        return await routes[0][1](request)

    app = web.Application()
    app.router.add_post("/telegram", mounted)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    platform = platform_of(telegram, webhook_url=f"http://127.0.0.1:{runner.addresses[0][1]}/telegram")
    routes += platform.http_routes()
    listener = Listener(Memory())
    listener.platform = platform
    await platform.start(listener)
    try:
        yield listener
    finally:
        await platform.stop()
        await runner.cleanup()


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramFake]:
    async with TelegramFake() as server:
        yield server


@pytest.fixture(params=["polling", "webhook"])
async def bot(request: pytest.FixtureRequest, telegram: TelegramFake) -> AsyncIterator[Listener]:
    async with (polling if request.param == "polling" else webhook)(telegram) as listener:
        yield listener


@pytest.fixture
async def polled(telegram: TelegramFake) -> AsyncIterator[Listener]:
    async with polling(telegram) as listener:
        yield listener


# Where the bot hears, and where it answers


async def test_a_question_in_private_is_answered_without_quoting_it(telegram: TelegramFake, bot: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    answer = await telegram.answer_to(await telegram.says(anna, "What is new?"))
    assert (answer.text, answer.reply_to) == ("You said: What is new?", None)
    arrival = bot.memory.arrived[0]
    assert (arrival.platform, arrival.account, arrival.name) == ("telegram", str(anna.id), "Anna")
    assert (arrival.kind, arrival.place) == ("message", Place("telegram", str(anna.id), "", True))


async def test_in_a_group_the_bot_answers_what_is_meant_for_it_and_nothing_else(
    telegram: TelegramFake, bot: Listener
) -> None:
    telegram.world.privacy = False
    anna = telegram.person("Anna", "anna")
    group = telegram.group("G", anna)
    first = await telegram.says(anna, "/ask one", group)
    answer = await telegram.answer_to(first)
    await telegram.says(anna, "not for you", group)
    await telegram.says(anna, "/ask@other_bot not for you", group)
    await telegram.says(anna, "@durov not for you", group)
    await telegram.says(anna, "/ask@Liaison_Test_Bot two", group)
    await telegram.says(anna, "@liaison_test_bot, three", group)
    await telegram.says(anna, "four", group, reply_to=answer)
    await telegram.says(anna, "not for you", group, reply_to=first)
    await telegram.wait_for(lambda: len(telegram.said(group)) == 4 and not telegram.pending_updates)
    assert bot.texts == ["ask one", "ask two", "three", "four"]
    assert (answer.reply_to, answer.text) == (first.message_id, "You said: ask one")


async def test_in_a_forum_the_answer_stays_in_its_topic(telegram: TelegramFake, bot: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    forum = telegram.supergroup("S", anna, topics=("QKD", "Other"))
    topic = telegram.topic(forum, "QKD")
    asked = await telegram.says(anna, "/ask in a topic", forum, topic)
    answer = await telegram.answer_to(asked)
    assert (answer.thread, answer.reply_to) == (topic.id, asked.message_id)
    assert bot.memory.arrived[0].place.thread == str(topic.id)
    general = await telegram.answer_to(await telegram.says(anna, "/ask in general", forum))
    assert general.thread is None
    assert bot.memory.arrived[1].place.thread == ""


async def test_talk_in_a_topic_that_the_bot_opened_is_no_reply_to_it(telegram: TelegramFake, polled: Listener) -> None:
    telegram.world.privacy = False
    anna = telegram.person("Anna", "anna")
    forum = telegram.supergroup("S", anna, topics=("QKD",))
    topic = telegram.topic(forum, "QKD")
    forum.messages[topic.id].sender = telegram.bot
    await telegram.says(anna, "among us", forum, topic)
    await telegram.answer_to(await telegram.says(anna, "/ask you", forum, topic))
    assert polled.texts == ["ask you"]


async def test_commands_of_the_menu_become_command_lines(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    await telegram.says(anna, "/roadmap_list body=ETSI")
    await telegram.says(anna, "/roadmap list")
    await telegram.opens(anna, "liaison-12")
    await telegram.opens(anna)
    await telegram.wait_for(lambda: len(telegram.said(anna)) == 4)
    assert polled.texts == ["roadmap list body=ETSI", "roadmap list", "start liaison-12", "start"]
    assert {arrival.kind for arrival in polled.memory.arrived} == {"command"}


async def test_edits_and_inserted_results_are_not_asked_questions(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    polled.suggestions = [Suggestion("Y.3802", "Y.3802", "", Message("**Y.3802**"))]
    asked = await telegram.says(anna, "first")
    await telegram.answer_to(asked)
    await telegram.edits(anna, asked, "changed")
    await telegram.inserts(anna, await telegram.asks_inline(anna, "Y.3802"))
    await telegram.answer_to(await telegram.says(anna, "last"))
    assert polled.texts == ["first", "last"]


# What it answers


async def test_a_pressed_button_is_its_command_line_however_long(telegram: TelegramFake, bot: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    buttons = (Button("Short", "liaison show 12"), Button("Long", LONG_COMMAND), Button("Page", url="https://itu.int/"))
    bot.answers = lambda arrival: Message("Choose", buttons) if arrival.kind == "message" else Message("Done")
    message = await telegram.answer_to(await telegram.says(anna, "?"))
    assert message.labels == ["Short", "Long", "Page"]
    for label in ("Short", "Long"):
        press = await telegram.presses(anna, message, label)
        await telegram.wait_for(partial(getattr, press, "answered"))
        assert press.answer is None
    await telegram.wait_for(lambda: len(telegram.said(anna)) == 3)
    assert bot.texts[1:] == ["liaison show 12", LONG_COMMAND]
    assert [arrival.kind for arrival in bot.memory.arrived] == ["message", "button", "button"]


async def test_a_button_that_nobody_knows_any_more_says_so(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    polled.answers = lambda arrival: Message("Choose", (Button("Long", LONG_COMMAND),))
    message = await telegram.answer_to(await telegram.says(anna, "?"))
    polled.memory.lines.clear()
    press = await telegram.presses(anna, message, "Long")
    await telegram.wait_for(lambda: press.answered)
    assert press.alert
    assert "no longer known" in (press.answer or "")
    assert len(polled.texts) == 1


@pytest.mark.parametrize("rich", [True, False])
async def test_a_long_answer_comes_in_parts_with_the_buttons_under_the_last(rich: bool) -> None:
    async with TelegramFake(rich=rich) as telegram, polling(telegram) as bot:
        anna = telegram.person("Anna", "anna")
        words = [f"w{number:05d}" for number in range(6000)]
        long = "\n\n".join(" ".join(words[start : start + 50]) for start in range(0, len(words), 50))
        bot.answers = lambda arrival: Message(long, (Button("More", "more"),))
        await telegram.says(anna, "tell me everything")
        said = await telegram.wait_for(lambda: [m for m in telegram.said(anna) if m.labels] and telegram.said(anna))
        assert len(said) > 1
        assert " ".join(message.text for message in said).split() == words
        assert [message.labels for message in said] == [[]] * (len(said) - 1) + [["More"]]


async def test_a_server_with_rich_messages_gets_tables_and_others_get_html() -> None:
    table = "## Items\n\n| A | B |\n|---|---|\n| one | two |\n"
    for rich in (True, False):
        async with TelegramFake(rich=rich) as telegram, polling(telegram) as bot:
            bot.answers = lambda arrival: Message(table)
            anna = telegram.person("Anna", "anna")
            for question in ("?", "??"):
                answer = await telegram.answer_to(await telegram.says(anna, question))
                assert ("<table" in (answer.rich_html or "")) is rich
            assert len(telegram.calls_of("sendRichMessage")) == (2 if rich else 1)


async def test_a_rich_message_that_is_refused_is_sent_as_html(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    deep = "".join(f"{'  ' * depth}- level {depth}\n" for depth in range(9))
    polled.answers = lambda arrival: Message(deep)
    answer = await telegram.answer_to(await telegram.says(anna, "deep"))
    assert answer.rich_html is None
    assert "level 8" in answer.text
    polled.answers = lambda arrival: Message("flat")
    flat = await telegram.answer_to(await telegram.says(anna, "flat"))
    assert flat.rich_html == "<p>flat</p>"


@pytest.mark.parametrize("rich", [True, False])
async def test_hostile_text_becomes_no_mention_no_command_and_no_link(rich: bool) -> None:
    async with TelegramFake(rich=rich) as telegram, polling(telegram) as bot:
        anna = telegram.person("Anna", "anna")
        shown = HOSTILE.replace("<", "\\<").replace("#", "\\#")
        bot.answers = lambda arrival: Message(shown)
        answer = await telegram.answer_to(await telegram.says(anna, "hostile"))
        assert answer.automatic == []
        assert answer.text.replace("\u2060", "") == HOSTILE


async def test_files_go_with_the_answer(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    polled.answers = lambda arrival: Message("Here", attachments=(Attachment("report.csv", "text/csv", b"a,b\n"),))
    await telegram.says(anna, "report")
    await telegram.wait_for(lambda: len(telegram.said(anna)) == 2)
    said = telegram.said(anna)
    document = said[1].document
    assert said[0].text == "Here"
    assert document
    assert (document.name, document.content) == ("report.csv", b"a,b\n")


async def test_a_dialogue_in_a_group_asks_for_a_reply(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    group = telegram.group("G", anna)
    polled.answers = lambda arrival: (
        Asking(COMMANDS[0], {}, question=Message("Which body?"))
        if arrival.kind == "command"
        else Message(f"Noted: {arrival.text}")
    )
    question = await telegram.answer_to(await telegram.says(anna, "/ask", group))
    sent = next(call for call in telegram.calls if call.method == "sendRichMessage")
    assert '"force_reply": true' in str(sent.parameters["reply_markup"])
    answer = await telegram.answer_to(await telegram.says(anna, "ETSI", group, reply_to=question))
    assert answer.text == "Noted: ETSI"


# For the asker alone


async def test_a_private_answer_to_a_group_goes_to_the_asker_alone(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    forum = telegram.supergroup("S", anna, topics=("QKD",))
    polled.answers = lambda arrival: Message("secret", private=True)
    await telegram.says(anna, "/ask", forum, telegram.topic(forum, "QKD"))
    said = await telegram.wait_for(lambda: telegram.said(anna))
    assert [message.text for message in said] == ["secret"]
    assert telegram.said(forum) == []


async def test_whoever_has_not_started_the_bot_is_told_how_without_the_content(
    telegram: TelegramFake, polled: Listener
) -> None:
    anna = telegram.person("Anna", "anna", started=False)
    group = telegram.group("G", anna)
    polled.answers = lambda arrival: Message("secret", private=True)
    answer = await telegram.answer_to(await telegram.says(anna, "/ask", group))
    assert "secret" not in answer.text
    assert "Start" in answer.text
    assert [button.url for button in answer.buttons] == ["https://t.me/liaison_test_bot"]
    assert telegram.said(anna) == []


# Inline mode and the menu


async def test_inline_mode_offers_items_to_insert(telegram: TelegramFake, bot: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    bot.suggestions = [
        Suggestion(f"item:{n}" * 30, f"Y.38{n:02d}", HOSTILE, Message(f"**Y.38{n:02d}** is\\_ *a* standard"))
        for n in range(30)
    ]
    asked = await telegram.asks_inline(anna, "Y.38")
    assert len(asked.results) == 20
    assert (asked.results[0]["title"], asked.is_personal) == ("Y.3800", False)
    inserted = await telegram.inserts(anna, asked)
    assert inserted.text.replace("\u2060", "") == "Y.3800 is_ a standard"
    assert inserted.automatic == []
    assert (await telegram.asks_inline(anna, "nothing of the kind")).results == []
    assert bot.texts == []


async def test_the_menu_offers_what_everybody_may_do_and_is_set_once(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna", "anna")
    group = telegram.group("G", anna)
    async with polling(telegram):
        await telegram.wait_for(lambda: telegram.calls_of("setMyShortDescription"))
    assert [entry["command"] for entry in telegram.menu(anna)] == ["ask", "roadmap_list"]
    assert [entry["command"] for entry in telegram.menu(anna, group)] == ["ask", "roadmap_list"]
    assert len(telegram.calls_of("setMyCommands")) == 3
    async with polling(telegram):
        await telegram.wait_for(lambda: len(telegram.calls_of("getMyShortDescription")) == 2)
    assert len(telegram.calls_of("setMyCommands")) == 3
    assert len(telegram.calls_of("setMyShortDescription")) == 1


# When things go wrong


async def test_an_update_that_comes_twice_is_answered_once(telegram: TelegramFake, bot: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    telegram.misbehave("duplicated", "message")
    await telegram.says(anna, "once")
    await telegram.says(anna, "then")
    await telegram.wait_for(lambda: len(telegram.said(anna)) == 2 and not telegram.pending_updates)
    assert bot.texts == ["once", "then"]


async def test_what_the_database_does_not_take_is_tried_again_and_not_confirmed(
    telegram: TelegramFake, bot: Listener
) -> None:
    anna = telegram.person("Anna", "anna")
    bot.failures = 2
    first = await telegram.says(anna, "first")
    await telegram.says(anna, "second")
    assert telegram.pending_updates == 2
    await telegram.answer_to(first)
    await telegram.wait_for(lambda: len(telegram.said(anna)) == 2 and not telegram.pending_updates)
    assert bot.texts == ["first", "second"]


async def test_an_update_comes_again_after_a_crash_before_its_confirmation(telegram: TelegramFake) -> None:
    anna, memory = telegram.person("Anna", "anna"), Memory()
    async with polling(telegram, memory) as bot:
        await telegram.wait_for(lambda: telegram.calls_of("getUpdates"))
        lost = telegram.misbehave("dropped", "getUpdates", times=math.inf)
        await telegram.answer_to(await telegram.says(anna, "before the crash"))
        await bot.idle()
    assert telegram.pending_updates == 1
    lost.stop()
    async with polling(telegram, memory):
        await telegram.wait_for(lambda: not telegram.pending_updates)
        await telegram.answer_to(await telegram.says(anna, "after it"))
    assert [message.text for message in telegram.said(anna)] == ["You said: before the crash", "You said: after it"]


async def test_what_was_kept_is_confirmed_when_the_bot_stops(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna", "anna")
    async with polling(telegram) as bot:
        await telegram.says(anna, "last words")
        await telegram.wait_for(lambda: bot.texts == ["last words"] or None)
    assert telegram.pending_updates == 0
    assert [message.text for message in telegram.said(anna)] == ["You said: last words"]


async def test_a_second_poller_waits_and_goes_on_when_the_first_one_stops(
    telegram: TelegramFake, caplog: pytest.LogCaptureFixture
) -> None:
    anna, memory = telegram.person("Anna", "anna"), Memory()
    async with polling(telegram, memory) as bot:
        async with polling(telegram, memory):
            await telegram.wait_for(
                lambda: [c for c in telegram.calls_of("getUpdates") if "Conflict" in (c.error or "")]
            )
        await telegram.answer_to(await telegram.says(anna, "still there?"))
        assert bot.texts == ["still there?"]
    assert sum("another process polls" in record.message for record in caplog.records) <= 2


async def test_a_short_wait_that_telegram_asks_for_is_kept(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    telegram.misbehave("rate_limited", "sendRichMessage", retry_after=1, chat_id=anna.id)
    answer = await telegram.answer_to(await telegram.says(anna, "slowly"))
    assert answer.text == "You said: slowly"
    assert telegram.violations == []


async def test_a_long_wait_is_left_to_the_caller(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    telegram.misbehave("rate_limited", "sendRichMessage", retry_after=90)
    error = await error_after(telegram, polled, await telegram.says(anna, "slowly"))
    assert isinstance(error, RateLimited)
    assert error.retry_after == 90


async def test_a_stop_does_not_sit_out_the_wait_that_telegram_asks_for(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna", "anna")
    async with polling(telegram) as bot:
        telegram.misbehave("rate_limited", "sendRichMessage", retry_after=29)
        await telegram.says(anna, "slowly")
        await telegram.wait_for(lambda: telegram.calls_of("sendRichMessage"))
    await bot.idle()
    assert isinstance(bot.errors[0], RateLimited)


async def test_whoever_blocked_the_bot_is_unreachable(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    asked = await telegram.says(anna, "?")
    await telegram.answer_to(asked)
    await telegram.blocks(anna)
    assert polled.platform
    with pytest.raises(Unreachable, match="blocked"):
        await polled.platform.answer(polled.memory.arrived[0], Message("hello?"))


async def test_a_group_that_threw_the_bot_out_is_unreachable(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    group = telegram.group("G", anna)
    await telegram.answer_to(await telegram.says(anna, "/ask", group))
    group.bot = Standing.KICKED
    assert polled.platform
    with pytest.raises(Unreachable, match="kicked"):
        await polled.platform.answer(polled.memory.arrived[0], Message("hello?"))


async def test_a_lost_reply_leaves_it_uncertain_whether_the_answer_arrived(
    telegram: TelegramFake, polled: Listener
) -> None:
    anna = telegram.person("Anna", "anna")
    telegram.misbehave("lost_reply", "sendRichMessage")
    error = await error_after(telegram, polled, await telegram.says(anna, "?"))
    assert isinstance(error, Unavailable)
    assert error.uncertain


async def test_a_server_error_is_a_failure_that_did_nothing(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    telegram.misbehave("server_error", "sendRichMessage")
    error = await error_after(telegram, polled, await telegram.says(anna, "?"))
    assert isinstance(error, Unavailable)
    assert not error.uncertain


async def test_an_answer_that_takes_too_long_is_uncertain(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna", "anna")
    async with polling(telegram) as bot:
        assert bot.platform
        gives_up_calls(bot.platform)
        telegram.misbehave("slow", "sendRichMessage")
        error = await error_after(telegram, bot, await telegram.says(anna, "?"))
    assert isinstance(error, Unavailable)
    assert error.uncertain


async def test_an_answer_follows_a_group_that_became_a_supergroup(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    group = telegram.group("G", anna)
    await telegram.answer_to(await telegram.says(anna, "/ask", group))
    supergroup = await telegram.migrates(group)
    assert polled.platform
    for text in ("now here", "and again"):
        await polled.platform.answer(polled.memory.arrived[0], Message(text))
    assert [message.text for message in telegram.said(supergroup)] == ["now here", "and again"]


async def test_the_bot_is_back_when_its_token_is(telegram: TelegramFake, polled: Listener) -> None:
    anna = telegram.person("Anna", "anna")
    await telegram.wait_for(lambda: telegram.calls_of("setMyShortDescription"))
    await telegram.answer_to(await telegram.says(anna, "before"))
    arrival = polled.memory.arrived[0]
    assert polled.platform
    telegram.revoke()
    with pytest.raises(Unreachable, match="LIAISON_BOT_TELEGRAM_TOKEN"):
        await polled.platform.answer(arrival, Message("?"))
    telegram.restore()
    answer = await telegram.answer_to(await telegram.says(anna, "after"))
    assert answer.rich_html == "<p>You said: after</p>"


async def test_a_start_with_a_refused_token_says_which_setting_is_wrong(telegram: TelegramFake) -> None:
    telegram.revoke()
    with pytest.raises(Unreachable, match="LIAISON_BOT_TELEGRAM_TOKEN") as raised:
        await platform_of(telegram).start(Listener(Memory()))
    assert telegram.token not in repr(raised.getrepr(chain=True))


async def test_the_platform_starts_again_after_a_stop(telegram: TelegramFake) -> None:
    anna, listener = telegram.person("Anna", "anna"), Listener(Memory())
    listener.platform = platform_of(telegram)
    for text in ("one", "two"):
        await listener.platform.start(listener)
        await telegram.answer_to(await telegram.says(anna, text))
        await listener.platform.stop()
    assert listener.texts == ["one", "two"]


# The webhook's door


async def test_a_post_without_the_secret_is_refused_and_changes_nothing(telegram: TelegramFake) -> None:
    async with webhook(telegram) as bot, ClientSession() as session:
        posted = telegram.world.updates.webhook
        assert posted
        update = {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}}
        for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}, {"X-Telegram-Bot-Api-Secret-Token": "é"}):
            async with session.post(posted.url, json=update, headers=headers) as answer:
                assert answer.status == 403
        assert bot.texts == []


async def test_a_post_that_is_no_update_is_refused_and_an_unknown_kind_is_taken(telegram: TelegramFake) -> None:
    async with webhook(telegram) as bot, ClientSession() as session:
        posted = telegram.world.updates.webhook
        assert posted
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        for body, status in ((b"{", 400), (b"[]", 400), (b"{}", 400), (b'{"update_id": 1, "of_2031": {}}', 200)):
            async with session.post(posted.url, data=body, headers=headers) as answer:
                assert (body, answer.status) == (body, status)
        assert bot.texts == []


async def test_telegram_is_told_500_until_the_update_is_kept(telegram: TelegramFake) -> None:
    async with webhook(telegram) as bot:
        bot.failures = 1
        anna = telegram.person("Anna", "anna")
        await telegram.answer_to(await telegram.says(anna, "?"))
        await telegram.wait_for(lambda: len(telegram.posts) == 2)
        assert [post.status for post in telegram.posts] == [500, 200]


@pytest.mark.parametrize("secret", [None, "", "with spaces"])
def test_a_webhook_without_a_good_secret_is_refused_at_once(secret: str | None) -> None:
    with pytest.raises(ValueError, match="LIAISON_BOT_TELEGRAM_WEBHOOK_SECRET"):
        TelegramPlatform(
            token="1:a",
            api_url="https://api.telegram.org",
            webhook_url="https://bot.example.org/telegram",
            webhook_secret=secret,
            commands=(),
            render=Renderer(),
        )


# What is never written


@pytest.mark.parametrize("way", [polling, webhook])
async def test_the_token_and_the_secret_are_never_logged(
    telegram: TelegramFake,
    caplog: pytest.LogCaptureFixture,
    way: Callable[[TelegramFake], AbstractAsyncContextManager[Listener]],
) -> None:
    caplog.set_level(logging.DEBUG)
    anna = telegram.person("Anna", "anna")
    async with way(telegram):
        await telegram.answer_to(await telegram.says(anna, "?"))
        telegram.revoke()
        await telegram.says(anna, "??")
        await telegram.wait_for(lambda: [call for call in telegram.calls if "Unauthorized" in (call.error or "")])
    with pytest.raises(Unreachable):
        await platform_of(telegram).start(Listener(Memory()))
    written = caplog.text + "".join(repr(record.args) for record in caplog.records)
    assert telegram.token not in written
    assert SECRET not in written


async def error_after(telegram: TelegramFake, bot: Listener, asked: Shown) -> PlatformError:
    await telegram.wait_for(lambda: bot.texts)
    await bot.idle()
    assert bot.errors, f"no error after {asked.text!r}"
    return bot.errors[0]
