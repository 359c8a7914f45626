"""Forms on Slack: the modal that searches while somebody types, and what becomes of it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.platforms.slack.manifest import SCOPES
from bot.platforms.slack.platform import SlackPlatform
from storage.database import Database
from tests.end_to_end.delegates import delegate
from tests.fakes.slack import SlackFake
from tests.fakes.slack.records import View
from tests.talk import Talk


@pytest.fixture(params=["socket", "http"])
async def slack(sample: Database, request: pytest.FixtureRequest) -> AsyncIterator[SlackFake]:
    """A workspace with the bot at work on a real database, in both modes."""
    async with SlackFake() as fake:
        fake.scopes, fake.mode = SCOPES, request.param
        talk = Talk(sample, delegate)
        platform = SlackPlatform(
            bot_token=fake.bot_token,
            app_token=fake.app_token if fake.mode == "socket" else None,
            signing_secret=fake.signing_secret,
            api_url=fake.api_url,
            command_prefix="",
            commands=[delegate],
            render=talk.renderer,
        )
        talk.desk.add(platform)
        app = web.Application()
        for path, handler in platform.http_routes():
            app.router.add_post(path, handler)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        fake.app_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        try:
            await platform.start(talk.desk)
            yield fake
            await talk.desk.settled()
        finally:
            await platform.stop()
            await runner.cleanup()


async def modal(slack: SlackFake, text: str = "") -> View:
    await slack.command("anna", "/delegate", text, "general")
    (view,) = await slack.wait_for(lambda: slack.views("anna"))
    return view


async def test_the_modal_searches_while_somebody_types(slack: SlackFake) -> None:
    view = await modal(slack)
    assert "Anna" in slack.seen(view)
    offered = await slack.suggests("anna", view, "Group", "quantum")
    assert offered.options == ["ETSI ISG QKD Quantum keys", "SG11 Quantum signalling"]
    assert offered.problems == []
    sent = await slack.submits("anna", view, {"Group": "ISG QKD", "Kind": "alternate"})
    assert sent.response_action == "clear"
    (answer,) = await slack.wait_for(lambda: slack.answers("general"))
    assert "ISG QKD/alternate/Anna" in slack.seen(answer)
    assert answer.ephemeral_to == slack.workspace.person("anna").id


async def test_before_anything_is_typed_there_is_a_choice_already(slack: SlackFake) -> None:
    view = await modal(slack)
    assert len((await slack.suggests("anna", view, "Group", "")).options) == 4


async def test_a_group_that_was_typed_behind_the_command_is_chosen_already(slack: SlackFake) -> None:
    view = await modal(slack, "secur")
    assert "SG17 Security" in slack.seen(view)
    await slack.submits("anna", view, {"Kind": "representative"})
    (answer,) = await slack.wait_for(lambda: slack.answers("general"))
    assert "SG17/representative/Anna" in slack.seen(answer)


async def test_a_text_that_fits_several_is_said_to_in_the_modal(slack: SlackFake) -> None:
    view = await modal(slack, "quantum")
    assert "2 fit “quantum”: choose one" in slack.seen(view)


async def test_the_forms_own_rule_is_shown_at_its_field_and_the_modal_stays(slack: SlackFake) -> None:
    view = await modal(slack, "SG11")
    sent = await slack.submits("anna", view, {"Kind": "alternate"})
    assert sent.errors == {"group": "it ended"}
    assert sent.problems == []
    await slack.suggests("anna", view, "Group", "sec")
    again = await slack.submits("anna", view, {"Group": "SG17"})
    assert again.response_action == "clear"
    (answer,) = await slack.wait_for(lambda: slack.answers("general"))
    assert "SG17/alternate/Anna" in slack.seen(answer)


async def test_a_form_that_was_closed_takes_no_message_for_its_answer(slack: SlackFake) -> None:
    await slack.command("anna", "/delegate", "SG17")
    await slack.wait_for(lambda: slack.views("anna"))
    await slack.closes("anna")
    await slack.says("anna", "when is the next meeting?")
    (answer,) = await slack.wait_for(lambda: slack.answers("anna"))
    assert "Kind" not in slack.seen(answer)


async def test_what_was_sent_is_there_when_the_form_is_opened_again(slack: SlackFake) -> None:
    view = await modal(slack, "SG11")
    await slack.submits("anna", view, {"Kind": "alternate", "Name": "Ada"})
    await slack.closes("anna")
    again = await modal(slack)
    assert "Ada" in slack.seen(again)
    assert "alternate" in slack.seen(again)


async def test_in_a_channel_a_private_form_opens_by_a_button_that_only_the_asker_sees(slack: SlackFake) -> None:
    await slack.says("anna", "@liaison delegate SG17", "general")
    (answer,) = await slack.wait_for(lambda: slack.answers("general"))
    assert answer.ephemeral_to == slack.workspace.person("anna").id
    await slack.presses("anna", answer, "Open the form")
    (view,) = await slack.wait_for(lambda: slack.views("anna"))
    assert "SG17 Security" in slack.seen(view)


async def test_a_question_in_direct_messages_goes_on_as_a_modal(slack: SlackFake) -> None:
    await slack.says("anna", "delegate quantum")
    (question,) = await slack.wait_for(lambda: slack.answers("anna"))
    await slack.presses("anna", question, "ETSI ISG QKD Quantum keys")
    (view,) = await slack.wait_for(lambda: slack.views("anna"))
    assert "ETSI ISG QKD Quantum keys" in slack.seen(view)
    await slack.submits("anna", view, {"Kind": "alternate"})
    await slack.wait_for(lambda: len(slack.answers("anna")) == 2)
    assert "ISG QKD/alternate/Anna" in slack.seen(slack.answers("anna")[1])
