"""Representatives on Slack, from registering to being forgotten: a real process, in both modes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable

import pytest

from bot.platforms.slack.manifest import SCOPES, WISHED_SCOPES
from tests.conftest import MakeDatabase
from tests.end_to_end.registry import PATIENCE, all_answered, code_for, mailed, settings_of
from tests.end_to_end.running import Running, free_port, running
from tests.fakes.slack import SlackFake
from tests.fakes.slack.records import Message, View
from tests.fakes.smtp import SmtpFake

ON_SQLITE = pytest.mark.parametrize("make_database", ["sqlite"], indirect=True)
SOCKET, HTTP = "socket", "http"
BOTH_MODES = pytest.mark.parametrize("mode", [SOCKET, HTTP])
IN_SOCKET_MODE = pytest.mark.parametrize("mode", [SOCKET])


@pytest.fixture
async def server() -> AsyncIterator[SmtpFake]:
    async with SmtpFake() as fake:
        yield fake


@pytest.fixture
async def slack(mode: str) -> AsyncIterator[SlackFake]:
    """With the rights of the manifest; anna is an administrator."""
    async with SlackFake() as fake:
        fake.scopes = (*SCOPES, *WISHED_SCOPES)
        fake.mode = "http" if mode == HTTP else "socket"
        yield fake


@pytest.fixture
def settings(slack: SlackFake, server: SmtpFake, make_database: MakeDatabase) -> dict[str, str]:
    anna = f"slack:{slack.workspace.team}/{slack.workspace.person('anna').id}"
    common = settings_of(make_database(True), server, anna)
    common |= {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url}
    if slack.mode == "socket":
        return {**common, "SLACK_APP_TOKEN": slack.app_token}
    port = free_port()
    slack.app_url = f"http://127.0.0.1:{port}/slack/events"
    return {**common, "SLACK_SIGNING_SECRET": slack.signing_secret, "HTTP_BIND": f"127.0.0.1:{port}"}


@pytest.fixture
async def bot(settings: dict[str, str]) -> AsyncIterator[Running]:
    async with running(settings) as process:
        await process.says("connected to Slack")
        yield process
        assert "Traceback" not in process.output


class Desk:
    """What people do on Slack, each with what they then see."""

    def __init__(self, slack: SlackFake, address: str) -> None:
        """`address` is that of the bot's database."""
        self.slack = slack
        self._address = address

    async def answer(self, where: str, deed: Awaitable[object]) -> Message:
        """The next message of the bot there after a deed."""
        await all_answered(self._address)
        before = len(self.slack.answers(where))
        await deed
        return await self.next(where, before)

    async def next(self, where: str, before: int) -> Message:
        found = await self.slack.wait_for(lambda: self.slack.answers(where)[before:], PATIENCE)
        return found[0]

    async def says(self, who: str, text: str) -> Message:
        return await self.answer(who, self.slack.says(who, text))

    async def modal(self, who: str, deed: Awaitable[object]) -> View:
        await deed
        (view,) = await self.slack.wait_for(lambda: self.slack.views(who), PATIENCE)
        return view

    async def reads(self, message: Message, *words: str) -> str:
        """Wait until the message, which may be edited, says all this."""
        await self.slack.wait_for(lambda: all(one in self.slack.seen(message) for one in words), PATIENCE)
        return self.slack.seen(message)

    def labels(self, shown: Message | View) -> list[str]:
        return [one.label for one in self.slack.buttons(shown)]


@pytest.fixture
async def desk(slack: SlackFake, settings: dict[str, str], bot: Running) -> Desk:
    """The secretariat listens in its channel."""
    made = Desk(slack, settings["DATABASE_URL"])
    here = slack.says("anna", f"{slack.mention} secretariat here", "secretariat", raw=True)
    assert "come here" in slack.seen(await made.answer("secretariat", here))
    return made


async def registered(desk: Desk, who: str = "boris", group: str = "SG17") -> Message:
    """Somebody registers in three taps; gives the request in the secretariat's channel."""
    slack, before = desk.slack, len(desk.slack.answers("secretariat"))
    await slack.opens_home(who)
    home = await slack.wait_for(lambda: slack.home(who), PATIENCE)
    view = await desk.modal(who, slack.presses(who, home, "Register"))
    offered = await slack.suggests(who, view, "Group", group)
    assert offered.problems == []
    thanks = await desk.answer(who, slack.submits(who, view, {"Group": offered.options[0]}))
    assert f"{who}@example.org" in slack.seen(thanks)
    return await desk.next("secretariat", before)


async def confirmed(desk: Desk, server: SmtpFake) -> Message:
    """Boris represents SG17, and has proved his address."""
    request = await registered(desk)
    await desk.says("boris", await code_for(server, "boris@example.org"))
    await desk.reads(request, "Address verified")
    told = await desk.answer("boris", desk.slack.presses("anna", request, "Confirm"))
    assert "You are confirmed" in desk.slack.seen(told)
    return request


@ON_SQLITE
@BOTH_MODES
async def test_a_representative_registers_and_the_secretariat_confirms_with_one_tap(
    desk: Desk, server: SmtpFake
) -> None:
    slack = desk.slack
    request = await registered(desk)
    assert desk.labels(request) == ["Confirm", "Decline", "Show the address"]
    assert "Address not verified" in slack.seen(request)
    proved = await desk.says("boris", await code_for(server, "boris@example.org"))
    assert "stands verified" in slack.seen(proved)
    await desk.reads(request, "Boris, representative of SG17", "Address verified")
    confirm = next(one for one in slack.buttons(request) if one.label == "Confirm")
    told = await desk.answer("boris", slack.presses("anna", request, confirm))
    assert "You are confirmed: Boris, representative of SG17" in slack.seen(told)
    assert "Change…" in desk.labels(told)
    await desk.reads(request, "Confirmed by Anna")
    assert desk.labels(request) == []
    again = await desk.answer("secretariat", slack.presses("anna", request, confirm))
    assert again.ephemeral_to == slack.workspace.person("anna").id
    assert "Confirmed by Anna" in slack.seen(again)
    assert not [one for one in slack.answers("secretariat") if "@" in slack.seen(one)]
    asked = await desk.says("chen", "who represents SG17?")
    assert "Boris, representative of SG17" in slack.seen(asked)


@ON_SQLITE
@BOTH_MODES
async def test_a_hand_over_goes_to_the_next_one_and_ends(desk: Desk, server: SmtpFake) -> None:
    slack = desk.slack
    await confirmed(desk, server)
    view = await desk.modal("boris", slack.command("boris", "/representative", "handover 1"))
    before = len(slack.answers("secretariat"))
    filled = {"Who takes over?": "Chen Wei", "Their e-mail": "chen@example.org"}
    handing = await desk.answer("boris", slack.submits("boris", view, filled))
    assert "Until then Boris stays representative of SG17" in slack.seen(handing)
    assert "Boris hands over to you" in await mailed(server, "chen@example.org", "hands over")
    request = await desk.next("secretariat", before)
    assert "Takes over from Boris" in slack.seen(request)
    gone = await desk.answer("boris", slack.presses("anna", request, "Confirm"))
    assert "Chen Wei has taken over from you" in slack.seen(gone)
    await desk.says("chen", "address chen@example.org")
    proved = await desk.says("chen", f"code {await code_for(server, 'chen@example.org')}")
    mine = await desk.answer("chen", slack.presses("chen", proved, "My groups"))
    sure = await desk.answer("chen", slack.presses("chen", mine, "End SG17"))
    assert "Shall that end today?" in slack.seen(sure)
    over = await desk.answer("chen", slack.presses("chen", sure, "Yes, end it"))
    assert "representative of SG17 no more" in slack.seen(over)
    nobody = await desk.says("boris", "who represents SG17?")
    assert "SG17 has no representative" in slack.seen(nobody)


@ON_SQLITE
@BOTH_MODES
async def test_who_asks_to_be_forgotten_gets_their_data_and_is_gone(desk: Desk, server: SmtpFake) -> None:
    slack = desk.slack
    request = await confirmed(desk, server)
    data = await desk.says("boris", "my data")
    (file,) = await slack.wait_for(lambda: [one for one in slack.files if one.shared_in], PATIENCE)
    assert file.name == "my-data.json"
    assert file.shared_in == [slack.workspace.dm(slack.workspace.person("boris")).id]
    assert "boris@example.org" in json.dumps(json.loads(file.content or b""))
    question = await desk.modal("boris", slack.presses("boris", data, "Forget me"))
    await slack.submits("boris", question, {"Type the word forget": "forget"})
    await desk.reads(request, "somebody who asked to be forgotten, representative of SG17")
    assert "Boris" not in slack.seen(request)


@ON_SQLITE
@IN_SOCKET_MODE
async def test_declining_asks_for_the_reason_in_a_modal(desk: Desk) -> None:
    slack = desk.slack
    request = await registered(desk)
    view = await desk.modal("anna", slack.presses("anna", request, "Decline"))
    told = await desk.answer("boris", slack.submits("anna", view, {"Reason": "SG17 named somebody else"}))
    assert "was declined: SG17 named somebody else" in slack.seen(told)
    assert desk.labels(told) == ["Register again"]
    await desk.reads(request, "Declined by Anna", "SG17 named somebody else")
    assert desk.labels(request) == []


@ON_SQLITE
@IN_SOCKET_MODE
async def test_the_modal_knows_what_slack_knows_and_keeps_what_was_typed_behind_the_command(desk: Desk) -> None:
    slack = desk.slack
    view = await desk.modal("boris", slack.command("boris", "/register", "SG17 alternate"))
    shown = slack.seen(view)
    assert [one for one in ("SG17 (ITU-T)", "alternate", "Boris", "boris@example.org") if one not in shown] == []
    thanks = await desk.answer("boris", slack.submits("boris", view))
    assert "Boris, alternate of SG17" in slack.seen(thanks)


@ON_SQLITE
@IN_SOCKET_MODE
async def test_without_the_right_to_see_addresses_the_modal_asks_for_one(desk: Desk) -> None:
    desk.slack.scopes = SCOPES
    view = await desk.modal("chen", desk.slack.command("chen", "/register", "SG17"))
    assert "chen@example.org" not in desk.slack.seen(view)


@IN_SOCKET_MODE
async def test_a_request_that_a_crash_met_is_decided_after_the_restart(
    slack: SlackFake, server: SmtpFake, settings: dict[str, str]
) -> None:
    async with running(settings) as first:
        await first.says("connected to Slack")
        desk = Desk(slack, settings["DATABASE_URL"])
        await desk.answer(
            "secretariat", slack.says("anna", f"{slack.mention} secretariat here", "secretariat", raw=True)
        )
        request = await registered(desk)
        code = await code_for(server, "boris@example.org")
        await all_answered(settings["DATABASE_URL"])
        await first.kill()
    async with running(settings) as second:
        await second.says("connected to Slack")
        await desk.says("boris", code)
        await desk.reads(request, "Address verified")
        told = await desk.answer("boris", slack.presses("anna", request, "Confirm"))
        assert "You are confirmed" in slack.seen(told)
        await desk.reads(request, "Confirmed by Anna")
    assert len(server.messages_to("boris@example.org")) == 1
