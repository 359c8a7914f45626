"""The loopback Telegram, driven by the real python-telegram-bot: methods, people, polling, webhook, misbehaviour."""

import asyncio
import io
import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MenuButtonCommands,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import Updater
from telegram.request import HTTPXRequest

from .telegram import Standing, TelegramFake


def bot_of(telegram: TelegramFake) -> Bot:
    request = HTTPXRequest(8, read_timeout=60, write_timeout=60, connect_timeout=60, pool_timeout=60)
    return Bot(telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url, request=request)


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramFake]:
    async with TelegramFake() as server:
        yield server


@pytest.fixture
async def bot(telegram: TelegramFake) -> AsyncIterator[Bot]:
    async with bot_of(telegram) as client:
        yield client


@asynccontextmanager
async def polling(bot: Bot, hears: Callable[[Update], Awaitable[object]]) -> AsyncIterator[None]:
    """A real Updater, started and stopped by hand."""
    queue: asyncio.Queue[object] = asyncio.Queue()

    async def work() -> None:
        while isinstance(update := await queue.get(), Update):
            await hears(update)

    worker = asyncio.create_task(work())
    async with Updater(bot, queue) as updater:
        await updater.start_polling(poll_interval=0, timeout=10, allowed_updates=Update.ALL_TYPES)
        try:
            yield
        finally:
            await updater.stop()
            await queue.put(None)
            await worker


def keyboard(**buttons: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data)] for label, data in buttons.items()])


async def refused(call: Awaitable[object], kind: type[TelegramError] = BadRequest) -> str:
    with pytest.raises(kind) as refusal:
        await call
    return str(refusal.value).lower()  # python-telegram-bot changes the case of some


async def test_the_bot_knows_itself(telegram: TelegramFake, bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.username, me.is_bot, me.supports_inline_queries) == (telegram.bot.username, True, True)


async def test_a_person_sees_text_entities_and_buttons(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna", "anna_k")
    text = "<b>Hi</b> see etsi.org"
    sent = await bot.send_message(anna.id, text, parse_mode="HTML", reply_markup=keyboard(More="list 2"))
    [shown] = telegram.said(anna)
    assert (shown.text, shown.labels, shown.buttons[0].data) == ("Hi see etsi.org", ["More"], "list 2")
    assert [(one.type, one.automatic) for one in shown.entities] == [("bold", False), ("url", True)]
    assert sent.text == shown.text
    assert sent.message_id == shown.message_id


async def test_polling_brings_what_people_say_and_the_answer_is_seen(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")

    async def echo(update: Update) -> None:
        assert update.effective_message
        await update.effective_message.reply_text(f"you said {update.effective_message.text}")

    async with polling(bot, echo):
        for text in ("one", "two"):
            answer = await telegram.answer_to(await telegram.says(anna, text))
            assert answer.text == f"you said {text}"
    assert telegram.pending_updates == 0


async def test_commands_mentions_and_edits_arrive_as_telegram_makes_them(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna", "anna_k", language_code="ko")
    said = await telegram.says(anna, "/start@liaison_test_bot x @someone")
    await telegram.edits(anna, said, "/help")
    await telegram.opens(anna, "join")
    first, edited, opened = await bot.get_updates(timeout=0)
    assert first.message
    assert first.message.from_user
    assert first.message.from_user.language_code == "ko"
    assert list(first.message.parse_entities().values()) == ["/start@liaison_test_bot", "@someone"]
    assert edited.edited_message
    assert (edited.edited_message.text, edited.edited_message.message_id) == ("/help", said.message_id)
    assert opened.message
    assert opened.message.text == "/start join"


async def test_updates_stay_until_an_offset_confirms_them(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")
    for text in ("one", "two", "three"):
        await telegram.says(anna, text)
    first = await bot.get_updates(limit=2)
    again = await bot.get_updates(limit=2)
    assert [one.update_id for one in first] == [one.update_id for one in again]
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [one.message.text for one in rest if one.message] == ["three"]


async def test_only_the_kinds_asked_for_arrive(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")
    await bot.get_updates(timeout=0, allowed_updates=["callback_query"])
    await telegram.says(anna, "hello")
    assert telegram.pending_updates == 0


async def test_the_older_of_two_pollers_gets_a_conflict(telegram: TelegramFake, bot: Bot) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=10))
    await telegram.wait_for(lambda: telegram.calls_of("getUpdates"))
    async with bot_of(telegram) as replica:
        newer = asyncio.create_task(replica.get_updates(timeout=10))
        assert "terminated by other getupdates request" in await refused(older, Conflict)
        await telegram.says(telegram.person("Anna"), "hello")
        assert len(await newer) == 1


@asynccontextmanager
async def webhook_at(statuses: list[int], heard: list[tuple[str, str | None]]) -> AsyncIterator[str]:
    """A bot's web endpoint that answers with the given statuses, then with 200."""

    async def hear(request: web.Request) -> web.Response:
        update = Update.de_json(json.loads(await request.read()), None)
        assert update.effective_message
        text = str(update.effective_message.text)
        heard.append((text, request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        return web.Response(status=statuses.pop(0) if statuses else 200)

    app = web.Application()
    app.router.add_post("/telegram", hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    await runner.cleanup()


async def test_a_webhook_gets_updates_in_order_with_its_secret_and_again_when_it_failed(
    telegram: TelegramFake, bot: Bot
) -> None:
    anna, heard = telegram.person("Anna"), list[tuple[str, str | None]]()
    await telegram.says(anna, "early")
    async with webhook_at([500], heard) as url:
        await bot.set_webhook(url, secret_token="s3cret")
        assert "webhook is active" in await refused(bot.get_updates(), Conflict)
        await telegram.says(anna, "late")
        await telegram.wait_for(lambda: telegram.pending_updates == 0)
        assert heard == [("early", "s3cret"), ("early", "s3cret"), ("late", "s3cret")]
        assert [post.status for post in telegram.posts] == [500, 200, 200]
        assert (await bot.get_webhook_info()).url == url
        await bot.delete_webhook()
    await telegram.says(anna, "polled")
    assert len(await bot.get_updates()) == 1


async def test_a_failing_webhook_is_seen_in_its_state(telegram: TelegramFake, bot: Bot) -> None:
    async with webhook_at([503] * 1000, []) as url:
        await bot.set_webhook(url)
        await telegram.says(telegram.person("Anna"), "hello")
        await telegram.wait_for(lambda: telegram.posts)
        info = await bot.get_webhook_info()
        assert (info.pending_update_count, info.last_error_message) == (1, "Wrong response from the webhook: 503")


async def test_a_webhook_needs_https_unless_it_is_on_this_machine(bot: Bot) -> None:
    assert "https url must be provided" in await refused(bot.set_webhook("http://example.org/x"))
    assert "unallowed characters" in await refused(bot.set_webhook("https://example.org/x", secret_token="a b"))


async def test_a_pressed_button_is_answered_in_time_or_not_at_all(bot: Bot) -> None:
    now = [1_800_000_000.0]
    async with TelegramFake(clock=lambda: now[0]) as telegram, bot_of(telegram) as bot:
        anna = telegram.person("Anna")
        await bot.send_message(anna.id, "choose", reply_markup=keyboard(Yes="yes", No="no"))
        press = await telegram.presses(anna, telegram.said(anna)[0], "No")
        [update] = await bot.get_updates()
        assert update.callback_query
        assert update.callback_query.data == "no"
        await update.callback_query.answer("noted", show_alert=True)
        assert (press.answer, press.alert) == ("noted", True)
        await telegram.presses(anna, telegram.said(anna)[0], "Yes")
        now[0] += 60
        [late] = await bot.get_updates(offset=update.update_id + 1)
        assert late.callback_query
        assert "query is too old" in await refused(late.callback_query.answer())


async def test_inline_results_are_seen_checked_and_inserted(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")

    def article(id: str, text: str = "<b>Y.3802</b>", title: str = "Y.3802") -> InlineQueryResultArticle:
        return InlineQueryResultArticle(id, title, InputTextMessageContent(text, parse_mode="HTML"))

    async def answer(update: Update) -> None:
        if query := update.inline_query:
            assert "result_id_duplicate" in await refused(query.answer([article("1"), article("1")]))
            assert "result_id_invalid" in await refused(query.answer([article("x" * 65)]))
            assert "article_title_empty" in await refused(query.answer([article("1", title=" ")]))
            assert "can't parse entities" in await refused(query.answer([article("1", "<b>")]))
            many = json.dumps([article(str(number)).to_dict() for number in range(51)])
            values = {"inline_query_id": query.id, "results": many}
            assert "results_too_much" in await refused(bot.do_api_request("answerInlineQuery", values))
            await query.answer([article("1")], cache_time=0, is_personal=True)

    async with polling(bot, answer):
        asked = await telegram.asks_inline(anna, "y.3802")
    assert (len(asked.results), asked.cache_time, asked.is_personal) == (1, 0, True)
    assert (await telegram.inserts(anna, asked)).text == "Y.3802"


async def test_documents_go_both_ways(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")
    sent = await bot.send_document(
        anna.id, io.BytesIO(b"bot's"), filename="report.csv", caption="<i>r</i>", parse_mode="HTML"
    )
    [shown] = telegram.said(anna)
    assert shown.document
    assert (shown.document.name, shown.document.content, shown.text) == ("report.csv", b"bot's", "r")
    assert sent.document
    await bot.send_document(anna.id, sent.document.file_id)
    assert "wrong file identifier" in await refused(bot.send_document(anna.id, "nothing"))
    await telegram.sends_document(anna, b"anna's", "ls.docx", caption="LS")
    [update] = await bot.get_updates()
    assert update.message
    assert update.message.document
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"anna's"


async def test_topics_of_a_forum_are_kept_apart(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")
    forum = telegram.supergroup("JCA", anna, topics=("Roadmap", "Meetings"))
    topic = telegram.topic(forum, "Meetings")
    said = await telegram.says(anna, "/next", forum, topic)
    [update] = await bot.get_updates()
    assert update.message
    assert (update.message.message_thread_id, update.message.is_topic_message) == (topic.id, True)
    assert update.message.reply_to_message
    assert update.message.reply_to_message.forum_topic_created
    await bot.send_message(forum.id, "in the topic", message_thread_id=topic.id)
    await bot.send_message(forum.id, "in general")
    await bot.send_message(forum.id, "by reply", reply_parameters=ReplyParameters(said.message_id))
    assert [one.thread for one in telegram.said(forum)] == [topic.id, None, topic.id]
    assert "message thread not found" in await refused(bot.send_message(forum.id, "x", message_thread_id=999))


async def test_privacy_mode_lets_through_what_is_meant_for_the_bot(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")
    group = telegram.group("JCA", anna)
    await bot.send_message(group.id, "hello")
    [hello] = telegram.said(group)
    for text in ("chatter", "/ask x", "/ask@other_bot x", "hi @Liaison_Test_Bot", "@liaison_test_bots"):
        await telegram.says(anna, text, group)
    await telegram.says(anna, "thanks", group, reply_to=hello)
    heard = [one.message.text for one in await bot.get_updates() if one.message]
    assert heard == ["/ask x", "hi @Liaison_Test_Bot", "thanks"]


async def test_without_privacy_mode_and_in_channels_the_bot_hears_all() -> None:
    async with TelegramFake(privacy=False) as telegram, bot_of(telegram) as bot:
        anna = telegram.person("Anna")
        await telegram.says(anna, "chatter", telegram.group("JCA", anna))
        await telegram.says(anna, "news", telegram.channel("JCA news", anna))
        group, channel = await bot.get_updates()
        assert group.message
        assert channel.channel_post
        assert channel.channel_post.text == "news"


async def test_chats_that_do_not_take_messages_say_why(telegram: TelegramFake, bot: Bot) -> None:
    anna, carl = telegram.person("Anna"), telegram.person("Carl", started=False)
    group, channel = telegram.group("JCA", anna), telegram.channel("News", bot=Standing.LEFT)
    await telegram.blocks(anna)
    await telegram.kicks_bot(anna, group)
    assert "bot was blocked by the user" in await refused(bot.send_message(anna.id, "x"), Forbidden)
    assert "bot can't initiate conversation" in await refused(bot.send_message(carl.id, "x"), Forbidden)
    assert "bot was kicked from the group chat" in await refused(bot.send_message(group.id, "x"), Forbidden)
    assert "bot is not a member of the channel chat" in await refused(bot.send_message(channel.id, "x"), Forbidden)
    assert "chat not found" in await refused(bot.send_message(12, "x"))
    updates = await bot.get_updates()
    assert [one.my_chat_member.new_chat_member.status for one in updates if one.my_chat_member] == ["kicked"] * 2


async def test_a_group_that_became_a_supergroup_tells_its_new_id(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")
    group = telegram.group("JCA", anna)
    new = await telegram.migrates(group)
    with pytest.raises(ChatMigrated) as refusal:
        await bot.send_message(group.id, "x")
    assert refusal.value.new_chat_id == new.id
    old_side, new_side = [one.message for one in await bot.get_updates()]
    assert old_side
    assert new_side
    assert (old_side.migrate_to_chat_id, new_side.migrate_from_chat_id) == (new.id, group.id)
    assert await bot.send_message(new.id, "here")


async def test_content_that_telegram_refuses_is_refused_in_its_words(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")

    async def reason(text: str, markup: InlineKeyboardMarkup | None = None) -> str:
        return await refused(bot.send_message(anna.id, text, "HTML", reply_markup=markup))

    assert "message is too long" in await reason("x" * 4097)
    assert "message text is empty" in await reason(" \n ")
    assert 'can\'t parse entities: unsupported start tag "h1"' in await reason("<h1>x</h1>")
    assert "button_data_invalid" in await reason("x", keyboard(Long="é" * 33))
    assert "text buttons are unallowed" in await reason("x", InlineKeyboardMarkup([[InlineKeyboardButton("x")]]))
    bad_link = InlineKeyboardMarkup([[InlineKeyboardButton("x", url="not a link")]])
    assert "inline keyboard button url 'not a link' is invalid" in await reason("x", bad_link)
    assert "caption is too long" in await refused(bot.send_document(anna.id, b"x", "x" * 1025))
    assert telegram.said(anna) == []


async def test_edits_and_deletions_are_seen_and_empty_ones_refused(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")
    theirs = await telegram.says(anna, "mine")
    message = await bot.send_message(anna.id, "<b>one</b>", "HTML", reply_markup=keyboard(A="a"))
    assert "message is not modified" in await refused(
        message.edit_text("<strong>one</strong>", "HTML", reply_markup=keyboard(A="a"))
    )
    await message.edit_text("two", reply_markup=keyboard(B="b"))
    await message.edit_reply_markup(None)
    [shown] = telegram.said(anna)
    assert (shown.text, shown.labels, shown.edited) == ("two", [], True)
    refusal = await refused(bot.edit_message_text("x", anna.id, theirs.message_id))
    assert "message can't be edited" in refusal.lower()
    await message.delete()
    assert telegram.said(anna) == []
    assert "message to delete not found" in await refused(message.delete())
    assert "message to be replied not found" in await refused(message.reply_text("x", do_quote=True))


async def test_a_rich_message_is_shown_and_can_be_edited(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")
    values = {"chat_id": anna.id, "rich_message": {"html": "<h1>Roadmap</h1><p>two</p>"}}
    answer = await bot.do_api_request("sendRichMessage", values)
    [shown] = telegram.said(anna)
    assert (shown.text, shown.rich_html) == ("Roadmap\ntwo", "<h1>Roadmap</h1><p>two</p>")
    edit = {"chat_id": anna.id, "message_id": answer["message_id"], "rich_message": {"html": "<p>three</p>"}}
    await bot.do_api_request("editMessageText", edit)
    assert shown.text == "three"
    bad = {"chat_id": anna.id, "rich_message": {"html": "<p>two"}}
    assert "can't parse entities" in await refused(bot.do_api_request("sendRichMessage", bad))


async def test_an_older_server_knows_no_rich_messages() -> None:
    async with TelegramFake(rich=False) as telegram, bot_of(telegram) as bot:
        anna = telegram.person("Anna")
        values = {"chat_id": anna.id, "rich_message": {"html": "<p>two</p>"}}
        await refused(bot.do_api_request("sendRichMessage", values), EndPointNotFound)
        await refused(bot.do_api_request("noSuchMethod"), EndPointNotFound)


async def test_commands_are_offered_by_scope_and_language(telegram: TelegramFake, bot: Bot) -> None:
    anna, beom = telegram.person("Anna"), telegram.person("Beom", language_code="ko")
    await bot.set_my_commands([BotCommand("ask", "Ask the roadmap")])
    await bot.set_my_commands([BotCommand("ask", "질문")], BotCommandScopeAllPrivateChats(), "ko")
    await bot.set_my_commands([BotCommand("plan", "Plan a meeting")], BotCommandScopeChat(anna.id))
    assert [one["command"] for one in telegram.menu(anna)] == ["plan"]
    assert [one["description"] for one in telegram.menu(beom)] == ["질문"]
    assert await bot.get_my_commands() == (BotCommand("ask", "Ask the roadmap"),)
    await bot.delete_my_commands(BotCommandScopeChat(anna.id))
    assert [one["command"] for one in telegram.menu(anna)] == ["ask"]
    for bad, reason in (
        ("Ask", "BOT_COMMAND_INVALID"),
        ("a-b", "BOT_COMMAND_INVALID"),
        ("x" * 33, "BOT_COMMAND_INVALID"),
    ):
        assert reason.lower() in await refused(bot.set_my_commands([(bad, "help")]))
    assert "description_invalid" in await refused(bot.set_my_commands([("ask", "x" * 257)]))
    assert "too_much" in await refused(bot.set_my_commands([(f"c{n}", "help") for n in range(101)]))
    assert "chat not found" in await refused(bot.delete_my_commands(BotCommandScopeChat(12)))


async def test_the_bot_describes_itself_looks_around_and_leaves(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna", "anna_k")
    group = telegram.group("JCA", anna, bot=Standing.ADMINISTRATOR)
    await bot.set_my_description("long")
    await bot.set_my_short_description("short")
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    await bot.send_chat_action(anna.id, "typing")
    assert (await bot.get_my_description()).description == "long"
    assert (await bot.get_chat(anna.id)).username == "anna_k"
    assert (await bot.get_chat_member(group.id, telegram.bot.id)).status == "administrator"
    assert (await bot.get_chat_member(group.id, anna.id)).status == "member"
    await telegram.leaves(anna, group)
    assert (await bot.get_chat_member(group.id, anna.id)).status == "left"
    await bot.leave_chat(group.id)
    await refused(bot.send_message(group.id, "x"), Forbidden)


async def test_a_revoked_token_is_unauthorized(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")
    telegram.misbehave("revoked", "sendMessage")
    await refused(bot.send_message(anna.id, "x"), InvalidToken)
    await bot.send_message(anna.id, "x")
    telegram.revoke()
    await refused(bot.send_message(anna.id, "x"), InvalidToken)


async def test_sending_before_a_retry_after_is_over_is_a_violation() -> None:
    now = [1_800_000_000.0]
    async with TelegramFake(clock=lambda: now[0]) as telegram, bot_of(telegram) as bot:
        anna, beom = telegram.person("Anna"), telegram.person("Beom")
        telegram.misbehave("rate_limited", "sendMessage", retry_after=30)
        assert "30" in await refused(bot.send_message(anna.id, "one"), RetryAfter)
        await bot.send_message(beom.id, "another chat")
        assert telegram.violations == []
        now[0] += 10
        assert "20" in await refused(bot.send_message(anna.id, "too early"), RetryAfter)
        assert [(one.chat_id, one.early_by) for one in telegram.violations] == [(str(anna.id), 20)]
        now[0] += 20
        await bot.send_message(anna.id, "in time")
        assert [one.text for one in telegram.said(anna)] == ["in time"]


async def test_errors_of_the_server_come_as_often_as_asked(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")
    bad = telegram.misbehave("server_error", "sendMessage", times=2, status=502)
    for _ in range(2):
        assert "bad gateway" in await refused(bot.send_message(anna.id, "x"), NetworkError)
    await bot.send_message(anna.id, "x")
    assert (bad.happened, len(telegram.said(anna)), len(telegram.calls_of("sendMessage"))) == (2, 1, 3)


async def test_errors_by_chance_are_the_same_with_the_same_seed() -> None:
    async def outcomes() -> list[bool]:
        async with TelegramFake() as telegram, bot_of(telegram) as bot:
            telegram.misbehave("server_error", times=math.inf, probability=0.5, seed=7, method="getChat")
            anna = telegram.person("Anna")
            return [
                not isinstance(one, Exception)
                for one in [(await asyncio.gather(bot.get_chat(anna.id), return_exceptions=True))[0] for _ in range(12)]
            ]

    first = await outcomes()
    assert first == await outcomes()
    assert {True, False} == set(first)


async def test_a_slow_answer_does_not_come_though_the_message_is_there(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna")
    telegram.misbehave("slow", "sendMessage")
    async with bot_of(telegram) as bot:
        sending = asyncio.create_task(bot.send_message(anna.id, "x"))
        [said] = await telegram.wait_for(lambda: telegram.said(anna))
        assert not (await asyncio.wait({sending}, timeout=0.1))[0]
        sending.cancel()
    assert said.text == "x"


@pytest.mark.parametrize(("kind", "there"), [("lost_reply", 1), ("dropped", 0)])
async def test_a_lost_reply_had_its_effect_and_a_dropped_call_had_none(
    telegram: TelegramFake, bot: Bot, kind: str, there: int
) -> None:
    anna = telegram.person("Anna")
    telegram.misbehave(kind, "sendMessage")
    await refused(bot.send_message(anna.id, "x"), NetworkError)
    assert len(telegram.said(anna)) == there
    [call] = telegram.calls_of("sendMessage")
    assert (call.misbehaviour, call.took_effect) == (kind, bool(there))


async def test_a_duplicated_update_comes_twice_with_one_id(telegram: TelegramFake, bot: Bot) -> None:
    anna = telegram.person("Anna")
    telegram.misbehave("duplicated", "message")
    await telegram.says(anna, "twice")
    [first] = await bot.get_updates()
    [second] = await bot.get_updates(offset=first.update_id + 1)
    assert first.update_id == second.update_id
    assert await bot.get_updates(offset=second.update_id + 1) == ()


async def test_a_duplicated_update_is_posted_twice(telegram: TelegramFake, bot: Bot) -> None:
    anna, heard = telegram.person("Anna"), list[tuple[str, str | None]]()
    telegram.misbehave("duplicated", "message")
    async with webhook_at([], heard) as url:
        await bot.set_webhook(url)
        await telegram.says(anna, "twice")
        await telegram.wait_for(lambda: telegram.pending_updates == 0)
    assert [text for text, _ in heard] == ["twice", "twice"]


async def test_an_unchecked_server_takes_everything() -> None:
    async with TelegramFake(check=False) as telegram, bot_of(telegram) as bot:
        anna = telegram.person("Anna")
        await bot.send_message(anna.id, "x" * 5000)
        assert len(telegram.said(anna)[0].text) == 5000


async def test_calls_may_come_as_json_too(telegram: TelegramFake) -> None:
    anna = telegram.person("Anna")
    body = {
        "chat_id": anna.id,
        "text": "x",
        "reply_markup": {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]},
    }
    async with ClientSession() as session:
        async with session.post(f"{telegram.base_url}{telegram.token}/sendMessage", json=body) as answer:
            assert (await answer.json())["ok"]
        async with session.get(f"{telegram.base_url}123:wrong/getMe") as answer:
            assert (answer.status, await answer.json()) == (
                401,
                {"ok": False, "error_code": 401, "description": "Unauthorized"},
            )
    assert telegram.said(anna)[0].labels == ["A"]


async def test_waiting_in_vain_names_the_last_calls(telegram: TelegramFake, bot: Bot) -> None:
    await bot.send_message(telegram.person("Anna").id, "the last words")
    with pytest.raises(TimeoutError, match="the last words"):
        await telegram.wait_for(lambda: False, timeout=0.01)
