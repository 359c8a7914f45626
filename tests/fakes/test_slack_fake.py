"""The loopback Slack against the real slack_sdk and the real bolt."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Impossible, SlackFake

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(label: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(label), **more}


def raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def table(rows: int = 2, columns: int = 2, cell: str = "x") -> Json:
    return {"type": "table", "rows": [[raw(cell)] * columns for _ in range(rows)]}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def form(**more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "register",
        "title": plain("Register"),
        "submit": plain("Send"),
        "blocks": [
            {
                "type": "input",
                "block_id": "name",
                "label": plain("Name"),
                "element": {"type": "plain_text_input", "action_id": "value", "max_length": 20},
            },
            {
                "type": "input",
                "block_id": "group",
                "optional": True,
                "label": plain("Group"),
                "element": {"type": "external_select", "action_id": "groups", "min_query_length": 1},
            },
        ],
        **more,
    }


@pytest.fixture
async def slack() -> AsyncIterator[SlackFake]:
    async with SlackFake() as slack:
        yield slack


@pytest.fixture
def client(slack: SlackFake) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url)


def an_app(slack: SlackFake) -> AsyncApp:
    """A small bolt application with one of everything."""
    app = AsyncApp(
        client=AsyncWebClient(slack.bot_token, base_url=slack.api_url),
        signing_secret=slack.signing_secret,
        request_verification_enabled=slack.mode == "http",
    )

    async def ask(ack: Any, respond: Any, command: Json) -> None:
        await ack()
        await respond(f"You asked {command['text']}", blocks=[section(f"*You asked* {command['text']}")])

    async def at_once(ack: Any) -> None:
        await ack("said in the acknowledgement")

    async def opens(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    async def mentioned(event: Json, say: Any) -> None:
        await say("In the thread", thread_ts=event.get("thread_ts") or event["ts"])

    async def told(event: Json, say: Any) -> None:
        if event.get("channel_type") == "im":
            choice = {"type": "actions", "elements": [button("More", action_id="more", value="3")]}
            await say(text=f"Heard {event['text']}", blocks=[section(f"Heard {event['text']}"), choice])

    async def more(ack: Any, respond: Any, action: Json) -> None:
        await ack()
        await respond(f"{action['value']} more", replace_original=True)

    async def submitted(ack: Any, view: Json, client: AsyncWebClient, body: Json) -> None:
        values = view["state"]["values"]
        if values["name"]["value"]["value"] == "nobody":
            await ack(response_action="errors", errors={"name": "Who?"})
            return
        await ack()
        group = values["group"]["groups"]["selected_option"]
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Welcome from {group and group['value']}")

    async def options(ack: Any, payload: Json) -> None:
        await ack(options=[{"text": plain(f"{payload['value']}13"), "value": "sg13"}])

    async def home(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Your *home*")]})

    async def lists(ack: Any, respond: Any) -> None:
        await ack()
        menu = {"type": "static_select", "action_id": "pick", "options": [{"text": plain("ETSI"), "value": "etsi"}]}
        await respond("Pick", blocks=[section("Pick", accessory=menu)])

    async def picked(ack: Any, body: Json, action: Json, respond: Any) -> None:
        await ack()
        known = "with" if "message" in body else "without"
        await respond(f"{action['selected_option']['value']} {known} its message", replace_original=True)

    app.command("/list")(lists)
    app.action("pick")(picked)
    app.command("/ask")(ask)
    app.command("/at-once")(at_once)
    app.command("/form")(opens)
    app.event("app_mention")(mentioned)
    app.event("message")(told)
    app.event("app_home_opened")(home)
    app.action("more")(more)
    app.view("register")(submitted)
    app.options("groups")(options)
    return app


@asynccontextmanager
async def by_socket(slack: SlackFake, app: AsyncApp, *, ping_interval: float = 10) -> AsyncIterator[None]:
    slack.mode = "socket"
    handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=ping_interval)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt does not type it
    await slack.connected()
    try:
        yield
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # bolt does not type it


@asynccontextmanager
async def by_http(slack: SlackFake, app: AsyncApp) -> AsyncIterator[None]:
    slack.mode = "http"
    runner = web.AppRunner(app.web_app("/slack/events"), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.app_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield
    finally:
        await runner.cleanup()


@pytest.fixture(params=["socket", "http"])
async def running(slack: SlackFake, request: pytest.FixtureRequest) -> AsyncIterator[SlackFake]:
    """A Slack whose workspace has the small application, in both modes."""
    slack.mode = request.param
    async with (by_socket if slack.mode == "socket" else by_http)(slack, an_app(slack)):
        yield slack


async def refusal(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


# What a real bolt application does with it, through Socket Mode and through HTTP.


async def test_a_slash_command_is_answered_to_the_asker_alone(running: SlackFake) -> None:
    delivery = await running.command("anna", "/ask", "when <!channel>?", "general")
    assert delivery.acknowledged
    (answer,) = await running.wait_for(lambda: running.answers("general"))
    assert answer.ephemeral_to == running.workspace.person("anna").id
    assert running.seen(answer) == "You asked when @channel?"
    assert answer.mentions == ["!channel", "!channel"]


async def test_a_text_in_the_acknowledgement_of_a_command_is_shown(running: SlackFake) -> None:
    delivery = await running.command("anna", "/at-once", "", "general")
    assert delivery.body == {"text": "said in the acknowledgement"}
    assert running.seen(running.answers("general")[0]) == "said in the acknowledgement"


async def test_a_mention_is_answered_in_its_thread(running: SlackFake) -> None:
    delivery = await running.says("boris", "@liaison hello", "general")
    (answer,) = await running.wait_for(lambda: running.answers("general", thread_ts=delivery.ts))
    assert answer.thread_ts == delivery.ts
    assert [one.payload["event"]["type"] for one in (delivery, *delivery.also)] == ["app_mention", "message"]


async def test_nothing_said_where_the_bot_is_not_reaches_it(running: SlackFake) -> None:
    delivery = await running.says("boris", f"{running.mention} hello", "lobby")
    assert not delivery.attempts


async def test_a_button_in_a_direct_message_replaces_the_message(running: SlackFake) -> None:
    await running.says("chen", "a < b")
    (answer,) = await running.wait_for(lambda: running.answers("chen"))
    assert running.seen(answer) == "Heard a < b\n[More]"
    assert [one.label for one in running.buttons(answer)] == ["More"]
    await running.presses("chen", answer, "More")
    await running.wait_for(lambda: answer.edited)
    assert running.seen(answer) == "3 more"


async def test_a_form_says_what_is_wrong_and_closes_when_right(running: SlackFake) -> None:
    await running.command("anna", "/form")
    (view,) = await running.wait_for(lambda: running.views("anna"))
    refused = await running.submits("anna", view, {"Name": "nobody"})
    assert refused.errors == {"name": "Who?"}
    assert not refused.problems
    suggestion = await running.suggests("anna", view, "Group", "SG")
    assert suggestion.options == ["SG13"]
    await running.submits("anna", view, {"Name": "Anna", "Group": "SG13"})
    assert running.views("anna") == []
    (answer,) = await running.wait_for(lambda: running.answers("anna"))
    assert running.seen(answer) == "Welcome from sg13"


async def test_an_answer_for_one_person_is_pressed_by_that_person_only(running: SlackFake) -> None:
    await running.command("anna", "/list", "", "general")
    (answer,) = await running.wait_for(lambda: running.answers("general"))
    with pytest.raises(Impossible, match="does not see"):
        await running.chooses("boris", answer, "pick", "ETSI")
    with pytest.raises(Impossible, match="does not offer"):
        await running.chooses("anna", answer, "pick", "IETF")
    await running.chooses("anna", answer, "pick", "ETSI")
    await running.wait_for(lambda: answer.edited)
    assert running.seen(answer) == "etsi without its message"


async def test_the_home_tab_is_shown(running: SlackFake) -> None:
    await running.opens_home("anna")
    home = await running.wait_for(lambda: running.home("anna"))
    assert running.seen(home) == "Your home"


async def test_an_event_can_be_delivered_twice(running: SlackFake) -> None:
    running.misbehave("duplicate", "events_api")
    delivery = await running.says("chen", "hello")
    answers = await running.wait_for(lambda: len(running.answers("chen")) == 2 and running.answers("chen"))
    assert [attempt.outcome for attempt in delivery.attempts] == ["acknowledged", "acknowledged"]
    assert answers


async def test_people_cannot_do_what_they_do_not_see(running: SlackFake) -> None:
    await running.command("anna", "/form")
    (view,) = await running.wait_for(lambda: running.views("anna"))
    with pytest.raises(Impossible, match="no such form"):
        await running.submits("boris", view, {"Name": "Boris"})
    with pytest.raises(Impossible, match="must be filled in"):
        await running.submits("anna", view)
    with pytest.raises(Impossible, match="0 to 20 characters"):
        await running.submits("anna", view, {"Name": "x" * 21})
    with pytest.raises(Impossible, match="nothing is called"):
        await running.presses("anna", view, "More")


@pytest.mark.parametrize("signature", ["bad", "old"])
async def test_bolt_refuses_a_bad_or_old_signature(slack: SlackFake, signature: Any) -> None:
    slack.mode = "http"
    async with by_http(slack, an_app(slack)):
        delivery = await slack.says("anna", "hello", signature=signature)
    assert (delivery.status, delivery.acknowledged, len(delivery.attempts)) == (401, False, 1)


async def test_an_event_that_is_not_acknowledged_comes_again_with_its_number(slack: SlackFake) -> None:
    seen: list[tuple[str | None, str | None]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        return web.Response(status=500 if len(seen) < 3 else 200)

    runner = web.AppRunner(_one_route(answer), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.mode, slack.app_url = "http", f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        delivery = await slack.says("anna", "hello")
    finally:
        await runner.cleanup()
    assert seen == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert [attempt.status for attempt in delivery.attempts] == [500, 500, 200]


def _one_route(answer: Callable[[web.Request], Awaitable[web.Response]]) -> web.Application:
    app = web.Application()
    app.router.add_post("/", answer)
    return app


async def test_a_silent_socket_gets_the_event_again(slack: SlackFake) -> None:
    slack.patience, slack.retries = 0.05, 2
    async with aiohttp.ClientSession() as session:
        url = (await AsyncWebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.app_token))["url"]
        async with session.ws_connect(url) as websocket:
            assert (await websocket.receive_json())["type"] == "hello"
            delivery = await slack.says("anna", "hello")
            numbers = [(await websocket.receive_json())["retry_attempt"] for _ in range(3)]
    assert numbers == [0, 1, 2]
    assert not delivery.acknowledged


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "close", "abrupt"])
async def test_bolt_comes_back_after_a_disconnect(slack: SlackFake, reason: str) -> None:
    async with by_socket(slack, an_app(slack), ping_interval=0.1):
        await slack.disconnect(reason)
        await slack.wait_for(lambda: len(slack.called("apps.connections.open")) >= 2)
        await slack.connected()
        delivery = await slack.says("chen", "still there?")
        assert delivery.acknowledged


async def test_one_of_two_connections_is_enough(slack: SlackFake) -> None:
    app = an_app(slack)
    async with by_socket(slack, app), by_socket(slack, app):
        await slack.connected(2)
        await slack.disconnect("warning", 1)
        assert (await slack.says("chen", "hello")).acknowledged
        await slack.connected(2)


# The Web API, with the real client.


async def test_a_message_is_posted_changed_and_deleted(slack: SlackFake, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="#general", text="one")
    where, ts = posted["channel"], posted["ts"]
    await client.chat_update(channel=where, ts=ts, text="two")
    (message,) = slack.messages("general")
    assert (message.text, message.edited, message.earlier) == ("two", True, ["one"])
    await client.chat_delete(channel=where, ts=ts)
    assert slack.messages("general") == []
    assert [call.method for call in slack.calls] == ["chat.postMessage", "chat.update", "chat.delete"]


async def test_people_and_channels_are_found(slack: SlackFake, client: AsyncWebClient) -> None:
    anna = slack.workspace.person("anna")
    assert (await client.users_info(user=anna.id))["user"]["tz"] == "Europe/Zurich"
    assert (await client.users_lookupByEmail(email="ANNA@example.org"))["user"]["id"] == anna.id
    opened = await client.conversations_open(users=[anna.id])
    posted = await client.chat_postMessage(channel=anna.id, text="hello")
    assert posted["channel"] == opened["channel"]["id"] == slack.workspace.channel("anna").id
    general = slack.workspace.channel("general").id
    assert (await client.conversations_info(channel=general))["channel"]["is_member"]
    assert anna.id in (await client.conversations_members(channel=general))["members"]
    names = [one["name"] async for page in await client.conversations_list(limit=1) for one in page["channels"]]
    assert names == ["general", "lobby"]
    assert (await client.auth_test())["user_id"] == slack.workspace.bot.id


async def test_methods_that_take_forms_only_overlook_json(slack: SlackFake, client: AsyncWebClient) -> None:
    anna = slack.workspace.person("anna")
    assert await refusal(client.api_call("users.info", json={"user": anna.id})) == "user_not_found"
    await client.api_call("users.info", data={"user": anna.id})


async def test_the_record_can_be_emptied(slack: SlackFake, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="#general", text="x")
    slack.forget()
    assert (slack.calls, slack.messages("general")) == ([], [])


async def test_a_file_is_uploaded_in_three_steps(slack: SlackFake, client: AsyncWebClient) -> None:
    await client.files_upload_v2(
        content="a,b\n", filename="roadmap.csv", channel=slack.workspace.channel("general").id, initial_comment="here"
    )
    (file,) = slack.files
    assert (file.name, file.content) == ("roadmap.csv", b"a,b\n")
    assert slack.messages("general")[0].files == [file]


async def test_slack_refuses_targets_that_cannot_be_reached(slack: SlackFake, client: AsyncWebClient) -> None:
    slack.workspace.add_channel("old", archived=True)
    slack.workspace.add_channel("hidden", kind="private", bot=False)
    gone = slack.workspace.add_person("gone")
    gone.deactivated = True
    said: Json = {"text": "hello"}
    assert await refusal(client.chat_postMessage(channel="C404", **said)) == "channel_not_found"
    assert await refusal(client.chat_postMessage(channel="#hidden", **said)) == "channel_not_found"
    assert await refusal(client.chat_postMessage(channel="#lobby", **said)) == "not_in_channel"
    assert await refusal(client.chat_postMessage(channel="#old", **said)) == "is_archived"
    assert await refusal(client.chat_postMessage(channel=gone.id, **said)) == "channel_not_found"
    assert await refusal(client.users_lookupByEmail(email="x@example.org")) == "users_not_found"
    assert await refusal(client.api_call("chat.shout")) == "unknown_method"


async def test_slack_refuses_wrong_tokens_and_missing_scopes(slack: SlackFake, client: AsyncWebClient) -> None:
    assert await refusal(AsyncWebClient("xoxb-no", base_url=slack.api_url).auth_test()) == "invalid_auth"
    assert await refusal(AsyncWebClient(base_url=slack.api_url).auth_test()) == "not_authed"
    assert await refusal(client.apps_connections_open(app_token=slack.bot_token)) == "not_allowed_token_type"
    slack.scopes = {"users:read"}
    assert await refusal(client.chat_postMessage(channel="#general", text="x")) == "missing_scope"
    slack.scopes, slack.auth_error = None, "account_inactive"
    assert await refusal(client.auth_test()) == "account_inactive"


# What Slack documents about content.

REFUSED: list[tuple[str, str, list[Json]]] = [
    ("51 blocks", "no more than 50 items allowed [json-pointer:/blocks]", [{"type": "divider"}] * 51),
    ("long section", "must be less than 3001 characters", [section("x" * 3001)]),
    ("empty section", "must be more than 0 characters", [section("")]),
    ("long header", "must be less than 151 characters", [{"type": "header", "text": plain("x" * 151)}]),
    ("mrkdwn header", "must be of type plain_text", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]),
    ("11 fields", "no more than 10 items", [{"type": "section", "fields": [plain("x")] * 11}]),
    ("long field", "must be less than 2001", [{"type": "section", "fields": [plain("x" * 2001)]}]),
    ("long button", "less than 76", [{"type": "actions", "elements": [button("x" * 76)]}]),
    ("long value", "less than 2001", [{"type": "actions", "elements": [button("x", value="x" * 2001)]}]),
    ("long url", "less than 3001", [{"type": "actions", "elements": [button("x", url="https://" + "x" * 3000)]}]),
    ("twin actions", "already exists", [section("x", accessory=button("x", action_id="a")) for _ in range(2)]),
    ("twin blocks", "already exists", [{"type": "divider", "block_id": "a"}] * 2),
    ("26 buttons", "no more than 25", [{"type": "actions", "elements": [button("x")] * 26}]),
    ("11 in context", "no more than 10", [{"type": "context", "elements": [plain("x")] * 11}]),
    ("no alt", "missing required field: alt_text", [{"type": "image", "image_url": "https://example.org/a.png"}]),
    ("unknown key", "invalid additional property: colour", [section("x", colour="red")]),
    ("unknown block", "unsupported type: paragraph", [{"type": "paragraph"}]),
    ("101 rows", "no more than 100 items", [table(101)]),
    ("21 columns", "no more than 20 items", [table(1, 21)]),
    ("empty cell", "must be more than 0", [table(cell="")]),
    ("large table", "all table cells together", [table(10, 2, "x" * 501)]),
    ("no style", "invalid additional property: big", [rich({"type": "text", "text": "x", "style": {"big": True}})]),
    ("no such word", "unsupported type: shout", [rich({"type": "shout"})]),
    (
        "101 options",
        "no more than 100",
        [
            section(
                "x", accessory={"type": "static_select", "options": [{"text": plain("x"), "value": "x"}] * 101}
            )
        ],
    ),
    (
        "long option",
        "less than 76",
        [section("x", accessory={"type": "static_select", "options": [{"text": plain("x" * 76), "value": "x"}]})],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "blocks"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
async def test_slack_refuses_blocks_that_it_documents_as_wrong(
    client: AsyncWebClient, reason: str, blocks: list[Json]
) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="#general", text="x", blocks=blocks)
    assert caught.value.response["error"] == "invalid_blocks"
    assert any(reason in one for one in caught.value.response["response_metadata"]["messages"])


async def test_slack_refuses_messages_as_a_whole(slack: SlackFake, client: AsyncWebClient) -> None:
    async def sent(**said: Any) -> str:
        return await refusal(client.chat_postMessage(channel="#general", **said))

    markdown = {"type": "markdown", "text": "x" * 6001}
    assert await sent(text="") == "no_text"
    assert await sent(text="x", blocks="[nonsense") == "invalid_blocks_format"
    assert await sent(text="x", blocks=[table(), table()]) == "invalid_attachments"
    assert await sent(text="x", blocks=[markdown, markdown]) == "msg_blocks_too_long"
    assert await sent(markdown_text="x" * 12001) == "msg_too_long"
    posted = await client.chat_postMessage(channel="#general", text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    long = client.chat_update(channel=posted["channel"], ts=posted["ts"], text="x" * 4001)
    assert await refusal(long) == "msg_too_long"


async def test_what_slack_allows_goes_through(slack: SlackFake, client: AsyncWebClient) -> None:
    blocks = [
        {"type": "header", "text": plain("Roadmap")},
        section("*bold* _a_b <https://example.org|Y.3800> &lt;3 <!date^1^{date}|1 May>"),
        {"type": "table", "rows": [[raw("Ref"), raw("Status")], [rich({"type": "text", "text": "Y.1"}), raw("held")]]},
        {"type": "markdown", "text": "## Heading\n**bold** and [a link](https://example.org/b)"},
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "ordered", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "first", "style": {"bold": True}}]}]}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "understood: `ETSI`"}]},
        {"type": "actions", "elements": [button("Next", action_id="n"), button("Open", url="https://example.org/c")]},
    ]  # fmt: skip
    await client.chat_postMessage(channel="#general", text="Roadmap", blocks=blocks)
    (message,) = slack.messages("general")
    assert slack.seen(message).split("\n") == [
        "Roadmap",
        "bold _a_b Y.3800 <3 1 May",
        "Ref | Status",
        "Y.1 | held",
        "Heading",
        "bold and a link",
        "1. first",
        "understood: ETSI",
        "[Next] [Open]",
    ]
    assert message.mentions == []
    assert message.links == ["https://example.org", "https://example.org/b", "https://example.org/c"]


@pytest.mark.parametrize(
    ("said", "mentions"),
    [
        ({"text": "<!here> <@U0LIAISON|x> <!subteam^S1> <#C1>"}, ["!here", "@U0LIAISON", "!subteam^S1", "#C1"]),
        ({"text": "&lt;!channel&gt; @channel"}, []),
        ({"text": "@channel", "parse": "full"}, ["@channel"]),
        ({"text": "x", "blocks": [section("@everyone")]}, ["!everyone"]),
        ({"text": "x", "blocks": [{"type": "section", "text": plain("<!channel>")}]}, []),
        ({"text": "x", "blocks": [rich({"type": "user", "user_id": "U1"})]}, ["@U1"]),
        ({"text": "x", "blocks": [rich({"type": "broadcast", "range": "here"})]}, ["!here"]),
        ({"text": "x", "blocks": [rich({"type": "text", "text": "<!channel>"})]}, []),
    ],
)
async def test_active_mentions_are_listed(
    slack: SlackFake, client: AsyncWebClient, said: Json, mentions: list[str]
) -> None:
    await client.chat_postMessage(channel="#general", **said)
    assert slack.messages("general")[0].mentions == mentions


WRONG_VIEWS: list[tuple[str, Json]] = [
    ("must be less than 25 characters [json-pointer:/view/title/text]", form(title=plain("x" * 25))),
    ("must be less than 25 characters [json-pointer:/view/submit/text]", form(submit=plain("x" * 25))),
    ("missing required field: submit", form(submit=None)),
    ("must be less than 3001", form(private_metadata="x" * 3001)),
    ("must be less than 256", form(callback_id="x" * 256)),
    ("no more than 100 items", form(blocks=[{"type": "divider"}] * 101)),
    ("unsupported type: table", form(blocks=[table()])),
    ("already exists", form(blocks=[form()["blocks"][0]] * 2)),
]


@pytest.mark.parametrize(("reason", "view"), WRONG_VIEWS)
async def test_slack_refuses_wrong_views(client: AsyncWebClient, reason: str, view: Json) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.views_open(trigger_id="1", view=view)
    assert caught.value.response["error"] == "invalid_arguments"
    assert any(reason in one for one in caught.value.response["response_metadata"]["messages"])


@pytest.fixture
async def trigger(slack: SlackFake) -> str:
    """The trigger id of a command that nobody has acknowledged."""
    slack.patience = 0.01
    return str((await slack.command("anna", "/form")).payload["trigger_id"])


async def test_a_trigger_is_good_once(client: AsyncWebClient, trigger: str) -> None:
    await client.views_open(trigger_id=trigger, view=form())
    assert await refusal(client.views_open(trigger_id=trigger, view=form())) == "exchanged_trigger_id"
    assert await refusal(client.views_open(trigger_id="no", view=form())) == "invalid_trigger_id"


async def test_a_trigger_is_good_for_a_few_seconds(slack: SlackFake, client: AsyncWebClient, trigger: str) -> None:
    slack.clock.advance(15.1)
    assert await refusal(client.views_open(trigger_id=trigger, view=form())) == "expired_trigger_id"


async def test_a_view_is_updated_unless_it_changed_meanwhile(
    slack: SlackFake, client: AsyncWebClient, trigger: str
) -> None:
    opened = (await client.views_open(trigger_id=trigger, view=form()))["view"]
    await client.views_update(view_id=opened["id"], hash=opened["hash"], view=form(title=plain("Again")))
    assert slack.seen(slack.views("anna")[0]).startswith("Again\nName\n")
    late = client.views_update(view_id=opened["id"], hash=opened["hash"], view=form())
    assert await refusal(late) == "hash_conflict"


async def test_a_response_url_works_five_times_in_thirty_minutes(slack: SlackFake) -> None:
    slack.patience = 0.01
    urls = [(await slack.command("anna", "/ask", "", "general")).payload["response_url"] for _ in range(2)]
    async with aiohttp.ClientSession() as session:

        async def respond(url: str, **body: Any) -> tuple[int, str]:
            async with session.post(url, json=body) as response:
                return response.status, json.loads(await response.text()).get("error", "")

        assert await respond(urls[0], text="to all", response_type="in_channel") == (200, "")
        assert slack.answers("general")[0].ephemeral_to is None
        assert await respond(urls[0], text="changed", replace_original=True) == (200, "")
        assert [one.text for one in slack.answers("general")] == ["changed"]
        assert await respond(urls[0], delete_original=True) == (200, "")
        assert slack.answers("general") == []
        assert await respond(urls[0], text="4") == await respond(urls[0], text="5") == (200, "")
        assert await respond(urls[0], text="6") == (404, "used_url")
        slack.clock.advance(30 * 60 + 1)
        assert await respond(urls[1], text="late") == (404, "expired_url")


# Misbehaviour, as the real client meets it.


async def test_slack_can_ask_for_patience(slack: SlackFake, client: AsyncWebClient) -> None:
    slack.misbehave("rate_limited", "chat.postMessage", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="#general", text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")
    await client.chat_postMessage(channel="#general", text="x")


async def test_slack_can_refuse_with_status_200(slack: SlackFake, client: AsyncWebClient) -> None:
    slack.misbehave("message_limit_exceeded", "chat.postMessage")
    assert await refusal(client.chat_postMessage(channel="#general", text="x")) == "message_limit_exceeded"


async def test_slack_can_fail(slack: SlackFake, client: AsyncWebClient) -> None:
    slack.misbehave("server_error", times=None)
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert caught.value.response.status_code == 500
    slack.behave()
    await client.auth_test()


async def test_a_revoked_token_stays_revoked(slack: SlackFake, client: AsyncWebClient) -> None:
    slack.misbehave("revoked")
    assert [await refusal(client.auth_test()) for _ in range(2)] == ["token_revoked"] * 2


async def test_only_one_channel_can_be_trouble(slack: SlackFake, client: AsyncWebClient) -> None:
    slack.misbehave("error", error="restricted_action", when=lambda args: args["channel"] == "#secretariat")
    await client.chat_postMessage(channel="#general", text="x")
    assert await refusal(client.chat_postMessage(channel="#secretariat", text="x")) == "restricted_action"


async def test_a_lost_reply_makes_the_default_client_post_twice(slack: SlackFake, client: AsyncWebClient) -> None:
    slack.misbehave("lost_reply", "chat.postMessage")
    await client.chat_postMessage(channel="#general", text="x")
    assert len(slack.messages("general")) == 2


async def test_a_dropped_call_has_no_effect(slack: SlackFake) -> None:
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    slack.misbehave("dropped", "chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="#general", text="x")
    assert slack.messages("general") == []


async def test_a_slow_answer_does_not_come_though_the_message_is_there(slack: SlackFake) -> None:
    slack.misbehave("slow", "chat.postMessage")
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
    posting = asyncio.create_task(client.chat_postMessage(channel="#general", text="x"))
    await slack.wait_for(lambda: slack.messages("general"))
    assert not (await asyncio.wait({posting}, timeout=0.1))[0]
    posting.cancel()


async def test_chance_follows_its_seed(slack: SlackFake, client: AsyncWebClient) -> None:
    async def outcomes() -> list[str]:
        before = len(slack.calls)
        slack.misbehave("rate_limited", times=None, probability=0.5, seed=4)
        for _ in range(12):
            with suppress(SlackApiError):
                await client.auth_test()
        slack.behave()
        return [call.outcome for call in slack.calls[before:]]

    first = await outcomes()
    assert first == await outcomes()
    assert set(first) == {"ok", "rate_limited"}


async def test_waiting_in_vain_says_what_happened_instead(slack: SlackFake, client: AsyncWebClient) -> None:
    await client.auth_test()
    with pytest.raises(AssertionError, match=r"auth\.test"):
        await slack.wait_for(lambda: slack.called("views.open"), timeout=0.01)
