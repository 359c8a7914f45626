"""The service is killed between the drop of a liaison statement and its logging: nothing is lost."""

from __future__ import annotations

import pytest

from bot.platforms.slack.manifest import SCOPES
from tests.conftest import MakeDatabase
from tests.end_to_end.registry import PATIENCE
from tests.end_to_end.running import Running, running
from tests.end_to_end.statements import LS23, WORD, form_of, sample, values
from tests.fakes.slack import Message, SlackFake
from tests.fakes.telegram import Person, Shown, TelegramFake

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)


@ON_SQLITE
async def test_the_form_is_found_again_after_a_kill_and_logs_what_was_dropped(make_database: MakeDatabase) -> None:
    database = make_database(True)
    async with SlackFake() as slack, TelegramFake() as telegram:
        slack.scopes = SCOPES
        sam = telegram.person("Sam", "sam")
        settings = {
            "DATABASE_URL": database.url.render_as_string(hide_password=False),
            "HTTP_BIND": "127.0.0.1:0",
            "ADMINISTRATORS": f"slack:{slack.workspace.team}/{slack.workspace.person('anna').id},telegram:{sam.id}",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "TELEGRAM_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.api_url,
        }
        async with running(settings) as first:
            await is_ready(first)
            dropped = await drops(slack)
            asked = await is_half_way(telegram, sam)
            await first.kill()
        async with running(settings) as second:
            await is_ready(second)
            await logs_on_telegram(telegram, sam, asked)
            await is_known_on_slack(slack, dropped)
            assert await second.stop() == 0
            assert "Traceback" not in second.output
    await database.close()


async def is_ready(bot: Running) -> None:
    await bot.says("connected to Slack")
    await bot.says("receives by polling")


async def drops(slack: SlackFake) -> Message:
    """Anna drops a file, opens the form, and does not log it."""
    await slack.says("anna", "", files=[slack.file("other.docx", sample("sg15-reply.docx"), WORD)])
    (dropped,) = await slack.wait_for(lambda: slack.answers("anna"), PATIENCE)
    await slack.presses("anna", dropped, "Log it")
    await slack.wait_for(lambda: form_of(slack, "anna", "Liaison log"), PATIENCE)
    await slack.closes("anna")
    return dropped


async def is_half_way(telegram: TelegramFake, sam: Person) -> Shown:
    """Sam corrects a field, and has not logged it."""
    received = await telegram.answer_to(await telegram.sends_document(sam, sample(), LS23), PATIENCE)
    await telegram.presses(sam, received, "Log it")
    await telegram.wait_for(lambda: len(telegram.said(sam)) == 2, PATIENCE)
    return await telegram.answer_to(await telegram.says(sam, "deadline='2 October 2025'"), PATIENCE)


async def logs_on_telegram(telegram: TelegramFake, sam: Person, asked: Shown) -> None:
    """What was typed before the kill is logged with the button of the old message."""
    await telegram.presses(sam, asked, "Log it")
    # What was in flight when it was killed may be said once more before.
    logged = await telegram.wait_for(lambda: [one for one in telegram.said(sam) if "Logged as" in one.text], PATIENCE)
    assert "Logged as SG17-LS23 (ours: JCA-QKDN-IN1)" in logged[0].text
    await telegram.says(sam, "/liaison_show LS23")
    shown = await telegram.wait_for(
        lambda: [one for one in telegram.said(sam) if f"Files: {LS23}" in one.text], PATIENCE
    )
    assert "Deadline: 2 October 2025" in shown[0].text


async def is_known_on_slack(slack: SlackFake, dropped: Message) -> None:
    """The button of the message from before the kill opens the same form, and logs."""
    await slack.presses("anna", dropped, "Log it")
    view = await slack.wait_for(lambda: form_of(slack, "anna", "Liaison log"), PATIENCE)
    assert values(view)["Number"] == "SG15-LS42"
    await slack.submits("anna", view)
    found = await slack.wait_for(lambda: [one for one in slack.answers("anna") if "Logged as" in one.text], PATIENCE)
    assert "Logged as SG15-LS42 (ours: JCA-QKDN-IN2)" in slack.seen(found[0])
