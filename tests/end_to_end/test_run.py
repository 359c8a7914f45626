"""`liaison-bot run` as people meet it: a real process, real clients, loopback platforms, both databases."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from bot.platforms.slack.manifest import SCOPES
from storage.database import Database
from storage.tables import Lease
from tests.conftest import MakeDatabase
from tests.end_to_end.running import Running, free_port, running, start
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import Shown, TelegramFake

PATIENCE = 60.0
SECRET = "a-secret-of-the-webhook"
REFERENCE, TITLE = "RFC 9340", "Architectural Principles for a Quantum Internet"

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("make_database", ["postgresql"], indirect=True)

Settings = dict[str, str]


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramFake]:
    async with TelegramFake() as fake:
        yield fake


@pytest.fixture
async def slack() -> AsyncIterator[SlackFake]:
    """With no more rights than the manifest asks for."""
    async with SlackFake() as fake:
        fake.scopes = SCOPES
        yield fake


@pytest.fixture
def base(make_database: MakeDatabase) -> Settings:
    """The sample on one engine, and any free port."""
    return {"DATABASE_URL": address_of(make_database(True)), "HTTP_BIND": "127.0.0.1:0"}


def address_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def by_polling(telegram: TelegramFake) -> Settings:
    return {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.api_url}


def by_webhook(telegram: TelegramFake, port: int) -> Settings:
    webhook = {
        "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "HTTP_BIND": f"127.0.0.1:{port}",
    }
    return {**by_polling(telegram), **webhook}


def by_sockets(slack: SlackFake) -> Settings:
    return {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "SLACK_API_URL": slack.api_url}


def by_http(slack: SlackFake, port: int) -> Settings:
    slack.mode, slack.app_url = "http", f"http://127.0.0.1:{port}/slack/events"
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "HTTP_BIND": f"127.0.0.1:{port}",
    }


def answered(telegram: TelegramFake, question: Shown) -> list[Shown]:
    """What the bot said after a question in a private chat."""
    return [one for one in telegram.said(question.sender) if one.message_id > question.message_id]


async def count_of(running: Running, name: str) -> float:
    _, page = await running.gets("/metrics")
    return next(float(line.rsplit(" ", 1)[1]) for line in page.splitlines() if line.startswith(name))


# Each of the four modes answers


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_a_question_on_telegram_is_answered_from_the_roadmap(
    telegram: TelegramFake, base: Settings, mode: str
) -> None:
    way = by_polling(telegram) if mode == "polling" else by_webhook(telegram, free_port())
    async with running({**base, **way}) as bot:
        anna = telegram.person("Anna", "anna")
        shown = await telegram.answer_to(await telegram.says(anna, "/roadmap show rfc 9340"), PATIENCE)
        assert (REFERENCE in shown.text, TITLE in shown.text) == (True, True)
        plain = await telegram.answer_to(await telegram.says(anna, "Which RFC has principles of a quantum internet?"))
        assert REFERENCE in plain.text
        assert await bot.stop() == 0
        assert telegram.token not in bot.output
        assert SECRET not in bot.output


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_question_on_slack_is_answered_from_the_roadmap(slack: SlackFake, base: Settings, mode: str) -> None:
    way = by_sockets(slack) if mode == "socket" else by_http(slack, free_port())
    async with running({**base, **way}) as bot:
        await bot.says("connected to Slack")
        delivery = await slack.command("anna", "/roadmap", "show rfc 9340", "general")
        assert delivery.acknowledged
        (shown,) = await slack.wait_for(lambda: slack.answers("general"), PATIENCE)
        assert shown.ephemeral_to == slack.workspace.person("anna").id
        assert (REFERENCE in slack.seen(shown), TITLE in slack.seen(shown)) == (True, True)
        await slack.says("chen", "Which RFC has principles of a quantum internet?")
        (plain,) = await slack.wait_for(lambda: slack.answers("chen"), PATIENCE)
        assert REFERENCE in slack.seen(plain)
        assert await bot.stop() == 0
        for secret in (slack.bot_token, slack.app_token, slack.signing_secret):
            assert secret not in bot.output


# Crashes and stops


async def test_an_answer_that_a_crash_cut_off_comes_after_the_restart_and_at_most_once_more(
    telegram: TelegramFake, base: Settings
) -> None:
    settings = {**base, **by_polling(telegram)}
    anna = telegram.person("Anna", "anna")
    hanging = telegram.misbehave("slow", "sendRichMessage")
    async with running(settings) as first:
        question = await telegram.says(anna, "/roadmap show rfc 9340")
        await telegram.wait_for(lambda: hanging.happened and not telegram.pending_updates, PATIENCE)
        await first.kill()
    assert len(answered(telegram, question)) == 1
    if "postgresql" in base["DATABASE_URL"]:
        await let_claims_run_out(base["DATABASE_URL"])
    async with running(settings) as second:
        await telegram.wait_for(lambda: len(answered(telegram, question)) == 2, PATIENCE)
        await telegram.answer_to(await telegram.says(anna, "/whoami"), PATIENCE)
        assert await second.stop() == 0
    assert len(answered(telegram, question)) == 3


@ON_SQLITE
async def test_a_question_asked_while_the_bot_was_down_is_answered_when_it_is_up_again(
    telegram: TelegramFake, base: Settings
) -> None:
    settings = {**base, **by_polling(telegram)}
    anna = telegram.person("Anna", "anna")
    async with running(settings) as first:
        await telegram.answer_to(await telegram.says(anna, "/whoami"), PATIENCE)
        assert await first.stop() == 0
    question = await telegram.says(anna, "/roadmap show rfc 9340")
    async with running(settings):
        assert REFERENCE in (await telegram.answer_to(question, PATIENCE)).text


@ON_SQLITE
async def test_a_stop_waits_for_an_answer_under_way_and_not_for_ever(telegram: TelegramFake, base: Settings) -> None:
    settings = {**base, **by_polling(telegram)}
    anna = telegram.person("Anna", "anna")
    async with running(settings) as bot:
        brief = telegram.misbehave("slow", "sendRichMessage", delay=1)
        await telegram.says(anna, "/roadmap show rfc 9340")
        await telegram.wait_for(lambda: brief.happened, PATIENCE)
        assert await bot.stop() == 0
        assert "without waiting longer" not in bot.output
    async with running(settings) as bot:
        endless = telegram.misbehave("slow", "sendRichMessage")
        await telegram.says(anna, "/roadmap show rfc 9340")
        await telegram.wait_for(lambda: endless.happened, PATIENCE)
        assert await bot.stop() == 0
        assert "stopped without waiting longer for all answers" in bot.output


@ON_SQLITE
async def test_an_answer_waits_while_telegram_is_away_and_comes_when_it_is_back(
    telegram: TelegramFake, base: Settings
) -> None:
    anna = telegram.person("Anna", "anna")
    async with running({**base, **by_polling(telegram)}) as bot:
        await bot.says("receives by polling")
        away = telegram.misbehave("server_error", "sendRichMessage", times=3, status=500)
        question = await telegram.says(anna, "/roadmap show rfc 9340")
        await telegram.wait_for(lambda: away.happened == 3, PATIENCE)
        assert len(await telegram.wait_for(lambda: answered(telegram, question), PATIENCE)) == 1


# Several processes


@ON_POSTGRESQL
async def test_an_event_that_reaches_two_processes_is_answered_once(telegram: TelegramFake, base: Settings) -> None:
    anna = telegram.person("Anna", "anna")
    update = {
        "update_id": 4711,
        "message": {
            "message_id": 11,
            "date": 1_700_000_000,
            "text": "/roadmap show rfc 9340",
            "chat": {"id": anna.id, "type": "private", "first_name": "Anna"},
            "from": {"id": anna.id, "is_bot": False, "first_name": "Anna"},
        },
    }
    settings = [{**base, **by_webhook(telegram, free_port())} for _ in range(2)]
    async with running(settings[0]) as first, running(settings[1]) as second, ClientSession() as people:
        both = await asyncio.gather(*(bot.says(r"receives by webhook") for bot in (first, second)))
        assert len(both) == 2

        async def post(bot: Running) -> int:
            headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
            async with people.post(f"{await bot.address()}/telegram", json=update, headers=headers) as answer:
                return answer.status

        assert set(await asyncio.gather(*(post(bot) for bot in (first, second, first, second)))) == {200}
        await telegram.wait_for(lambda: telegram.said(anna), PATIENCE)
        assert [await first.stop(), await second.stop()] == [0, 0]
        assert len(telegram.said(anna)) == 1


@ON_POSTGRESQL
async def test_polling_is_taken_over_from_a_process_that_died(telegram: TelegramFake, base: Settings) -> None:
    settings = {**base, **by_polling(telegram)}
    anna = telegram.person("Anna", "anna")
    async with running(settings) as first:
        await first.says("receives by polling")
        async with running(settings) as second:
            await second.says("telegram is standing by")
            assert "Conflict" not in first.output + second.output
            await first.kill()
            question = await telegram.says(anna, "/roadmap show rfc 9340")
            assert REFERENCE in (await telegram.answer_to(question, PATIENCE)).text
            assert await second.stop() == 0


@ON_POSTGRESQL
async def test_a_stop_hands_polling_over(telegram: TelegramFake, base: Settings) -> None:
    settings = {**base, **by_polling(telegram)}
    async with running(settings) as first:
        await first.says("receives by polling")
        async with running(settings) as second:
            await second.says("telegram is standing by")
            held = await holder_of_polling(base["DATABASE_URL"])
            assert held
            assert await first.stop() == 0
            assert await holder_of_polling(base["DATABASE_URL"]) != held
            await second.says("receives by polling")


# What whoever runs it sees


async def test_health_and_metrics_tell_how_the_bot_is(telegram: TelegramFake, slack: SlackFake, base: Settings) -> None:
    anna = telegram.person("Anna", "anna")
    async with running({**base, **by_polling(telegram), **by_sockets(slack)}) as bot:
        await telegram.answer_to(await telegram.says(anna, "/whoami"), PATIENCE)
        await bot.says("connected to Slack")
        status, body = await bot.gets("/healthz")
        health = json.loads(body)
        assert (status, health["status"], health["database"]) == (200, "ok", "ok")
        assert health["platforms"] == {"slack": "connected", "telegram": "connected"}
        assert await count_of(bot, 'liaison_bot_events_received_total{platform="telegram"}') == 1
        assert await count_of(bot, 'liaison_bot_platform_up{platform="slack"}') == 1
        assert (await bot.gets("/nowhere"))[0] == 404


@ON_SQLITE
async def test_a_refused_token_stops_its_platform_alone(
    telegram: TelegramFake, slack: SlackFake, base: Settings
) -> None:
    slack.auth_error = "token_revoked"
    anna = telegram.person("Anna", "anna")
    async with running({**base, **by_polling(telegram), **by_sockets(slack)}) as bot:
        await bot.says("ERROR .*slack refuses this bot and is stopped: token_revoked; do: liaison-bot doctor")
        await telegram.answer_to(await telegram.says(anna, "/whoami"), PATIENCE)
        assert json.loads((await bot.gets("/healthz"))[1])["platforms"]["slack"] == "refused"


@ON_SQLITE
async def test_a_platform_that_is_away_at_the_start_is_reached_later(telegram: TelegramFake, base: Settings) -> None:
    away = telegram.misbehave("dropped", "getMe", times=1)
    async with running({**base, **by_polling(telegram)}) as bot:
        await bot.says("telegram cannot be reached: .*; again in 1 s")
        await bot.says("receives by polling")
        assert away.happened == 1


@ON_SQLITE
async def test_without_any_platform_that_answers_health_is_failing(telegram: TelegramFake, base: Settings) -> None:
    telegram.revoke()
    async with running({**base, **by_polling(telegram)}) as bot:
        await bot.says("telegram refuses this bot and is stopped")
        status, body = await bot.gets("/healthz")
        assert (status, json.loads(body)["status"]) == (503, "failing")
        assert await bot.stop() == 0


@ON_SQLITE
async def test_logs_can_be_json(telegram: TelegramFake, base: Settings) -> None:
    async with running({**base, **by_polling(telegram), "LOG_FORMAT": "json"}) as bot:
        await bot.says("receives by polling")
        assert await bot.stop() == 0
        entries = [json.loads(line) for line in bot.output.splitlines()]
        # A machine that stands still is worth a warning.
        assert "INFO" in {entry["level"] for entry in entries} <= {"INFO", "WARNING"}


# What it refuses to start with


@ON_SQLITE
@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({}, "no platform has a token"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "LIAISON_BOT_SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "LIAISON_BOT_SLACK_BOT_TOKEN"),
        ({"TELEGRAM_TOKEN": "1:x", "TELEGRAM_WEBHOOK_URL": "https://x.example/telegram"}, "WEBHOOK_SECRET"),
        ({"TELEGRAM_TOKEN": "1:x", "TELEGRAM_WEBHOOK_URL": "https://x", "TELEGRAM_WEBHOOK_SECRET": "ü"}, "letters"),
        ({"SLACK_BOT_TOKEN": "x", "SLACK_APP_TOKEN": "y", "SLACK_COMMAND_PREFIX": "J C A"}, "name of a slash command"),
    ],
)
async def test_it_does_not_start_with_settings_set_by_half(base: Settings, given: Settings, missing: str) -> None:
    bot = await start({**base, **given})
    assert await bot.ends() == 2
    assert missing in bot.output
    assert bot.output.count("\n") == 1


@ON_SQLITE
async def test_it_does_not_start_without_a_database(base: Settings, telegram: TelegramFake) -> None:
    bot = await start({**base, **by_polling(telegram), "DATABASE_URL": "sqlite:///nowhere/none.db"})
    assert await bot.ends() == 1
    assert "liaison-bot init" in bot.output
    assert bot.output.count("\n") == 1


@pytest.mark.parametrize(("version", "remedy"), [("0000", "liaison-bot migrate"), ("9999", "upgrade liaison-bot")])
async def test_it_does_not_start_with_a_database_of_another_version(
    make_database: MakeDatabase, telegram: TelegramFake, version: str, remedy: str
) -> None:
    database = make_database(False)
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
    await database.close()
    bot = await start({"DATABASE_URL": address_of(database), **by_polling(telegram)})
    assert await bot.ends() == 1
    assert remedy in bot.output
    assert not telegram.calls


async def test_it_does_not_start_where_it_cannot_write(make_database: MakeDatabase, telegram: TelegramFake) -> None:
    database = make_database(False)
    await make_read_only(database)
    bot = await start({"DATABASE_URL": address_of(database), **by_polling(telegram)})
    assert await bot.ends() == 1
    assert "cannot be written" in bot.output
    assert bot.output.count("\n") == 1


@ON_SQLITE
async def test_it_does_not_start_at_an_address_in_use(base: Settings, telegram: TelegramFake) -> None:
    bot = await start({**base, **by_polling(telegram), "HTTP_BIND": f"127.0.0.1:{telegram.port}"})
    assert await bot.ends() == 1
    assert "change LIAISON_BOT_HTTP_BIND" in bot.output.splitlines()[-1]


async def holder_of_polling(address: str) -> str | None:
    """Which process has the lease, or had it last."""
    database = Database(address)
    async with database.reading() as session:
        holder = await session.scalar(select(Lease.holder).where(Lease.name == "telegram-poller"))
    await database.close()
    return holder


async def let_claims_run_out(address: str) -> None:
    """As a minute would: other processes may go on with what a dead one began. On SQLite there are no others."""
    database = Database(address)
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE inbox SET claimed_until = received_at")
    await database.close()


async def make_read_only(database: Database) -> None:
    """So that nobody, not even root, may write it."""
    async with database.engine.begin() as connection:
        if not database.is_sqlite:
            name = database.url.database
            await connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    await database.close()
    if database.is_sqlite:
        spoil(Path(str(database.url.database)))


def spoil(file: Path) -> None:
    """With a write version that no SQLite knows; such a file may only be read."""
    content = bytearray(file.read_bytes())
    content[18] = 3
    file.write_bytes(content)
