"""Slack from what a person does to what they see, over loopback, in Socket Mode and by HTTP."""

import json
import logging
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.arrival import Message
from bot.platforms import PlatformError, RateLimited, Revoked, Unavailable, Unreachable
from bot.platforms.slack.manifest import SCOPES
from handlers.command import Attachment, Button
from tests.end_to_end.patience import LONG
from tests.end_to_end.slack_desk import Desk, a_platform, at_work
from tests.fakes.slack import SlackFake

HOSTILE = "<!channel> @here <@U1> *b* <https://evil.example|x> [a](https://evil.example) {{ 7*7 }} '; DROP TABLE \u202e"


@pytest.fixture
async def slack() -> AsyncIterator[SlackFake]:
    """With no more rights than the manifest asks for."""
    async with SlackFake() as slack:
        slack.scopes = SCOPES
        yield slack


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture(params=["socket", "http"])
async def running(slack: SlackFake, desk: Desk, request: pytest.FixtureRequest) -> AsyncIterator[SlackFake]:
    """A Slack whose workspace has the bot, in both modes."""
    slack.mode = request.param
    async with at_work(slack, desk):
        yield slack


@pytest.fixture
async def socket(slack: SlackFake, desk: Desk) -> AsyncIterator[SlackFake]:
    async with at_work(slack, desk):
        yield slack


@pytest.fixture
async def http(slack: SlackFake, desk: Desk) -> AsyncIterator[SlackFake]:
    slack.mode = "http"
    async with at_work(slack, desk):
        yield slack


async def test_a_slash_command_is_answered_to_the_asker_alone_with_a_share_button(
    running: SlackFake, desk: Desk
) -> None:
    delivery = await running.command("anna", "/ask", "what is a payload &amp; key?", "general")
    assert delivery.acknowledged
    (answer,) = await running.wait_for(lambda: running.answers("general"))
    assert answer.ephemeral_to == running.workspace.person("anna").id
    assert running.seen(answer) == "You said: ask what is a payload & key?\n[More] [Share]"
    (arrival,) = desk.arrivals.values()
    assert (arrival.kind, arrival.name, arrival.zone) == ("command", "Anna", "Europe/Zurich")
    assert arrival.account == f"{running.workspace.team}/{running.workspace.person('anna').id}"
    assert not arrival.place.private


async def test_a_shared_answer_is_seen_by_everybody_and_says_who_shared_it(running: SlackFake) -> None:
    await running.command("anna", "/ask", "this", "general")
    (quiet,) = await running.wait_for(lambda: running.answers("general"))
    await running.presses("anna", quiet, "Share")
    await running.wait_for(lambda: len(running.answers("general")) == 2)
    shared = running.answers("general")[1]
    assert shared.ephemeral_to is None
    assert running.seen(shared) == "@anna: ask this\nYou said: ask this\n[More]"
    assert shared.mentions == [f"@{running.workspace.person('anna').id}"]


async def test_an_answer_can_be_shared_where_the_bot_is_no_member(socket: SlackFake) -> None:
    await socket.command("anna", "/ask", "this", "lobby")
    (quiet,) = await socket.wait_for(lambda: socket.answers("lobby"))
    await socket.presses("anna", quiet, "Share")
    await socket.wait_for(lambda: len(socket.answers("lobby")) == 2)
    shared = socket.answers("lobby")[1]
    assert shared.ephemeral_to is None


async def test_a_private_answer_cannot_be_shared(socket: SlackFake, desk: Desk) -> None:
    desk.answer = lambda arrival: Message("between us", private=True)
    await socket.command("anna", "/ask", "this", "general")
    (quiet,) = await socket.wait_for(lambda: socket.answers("general"))
    assert socket.seen(quiet) == "between us"
    assert socket.buttons(quiet) == []


async def test_a_mention_is_answered_in_its_thread(running: SlackFake, desk: Desk) -> None:
    delivery = await running.says("boris", "@liaison what is a < b?", "general")
    (answer,) = await running.wait_for(lambda: running.answers("general", thread_ts=delivery.ts))
    assert running.seen(answer) == "You said: what is a < b?\n[More]"
    assert answer.thread_ts == delivery.ts
    assert [arrival.place.thread for arrival in desk.arrivals.values()] == [delivery.ts]


async def test_a_private_answer_to_a_mention_is_for_the_asker_alone(socket: SlackFake, desk: Desk) -> None:
    desk.answer = lambda arrival: Message("between us", private=True)
    delivery = await socket.says("boris", "@liaison who am I?", "general")
    (answer,) = await socket.wait_for(lambda: socket.answers("general"))
    assert answer.ephemeral_to == socket.workspace.person("boris").id
    assert answer.thread_ts == delivery.ts


async def test_a_direct_message_is_answered_there(running: SlackFake, desk: Desk) -> None:
    await running.says("chen", "hello")
    (answer,) = await running.wait_for(lambda: running.answers("chen"))
    assert running.seen(answer) == "You said: hello\n[More]"
    assert answer.thread_ts is None
    (arrival,) = desk.arrivals.values()
    assert arrival.place.private
    assert arrival.zone == "Asia/Shanghai"


async def test_a_button_is_a_command_line_answered_in_place(running: SlackFake, desk: Desk) -> None:
    delivery = await running.says("boris", "@liaison hello", "general")
    (answer,) = await running.wait_for(lambda: running.answers("general"))
    await running.presses("chen", answer, "More")
    await running.wait_for(lambda: len(running.answers("general", thread_ts=delivery.ts)) == 2)
    assert [arrival.text for arrival in desk.arrivals.values()] == ["hello", "ask more"]
    assert running.seen(running.answers("general")[1]) == "You said: ask more\n[More]"


async def test_a_button_under_an_answer_for_one_is_answered_to_that_one(socket: SlackFake) -> None:
    await socket.command("anna", "/ask", "this", "general")
    (first,) = await socket.wait_for(lambda: socket.answers("general"))
    await socket.presses("anna", first, "More")
    await socket.wait_for(lambda: len(socket.answers("general")) == 2)
    assert {answer.ephemeral_to for answer in socket.answers("general")} == {socket.workspace.person("anna").id}
    assert not first.edited


async def test_a_command_line_too_long_for_a_button_comes_back_whole(socket: SlackFake, desk: Desk) -> None:
    line = "ask " + "x" * 3000
    desk.answer = lambda arrival: Message("done", (Button("Long", line),))
    await socket.says("anna", "hello")
    (answer,) = await socket.wait_for(lambda: socket.answers("anna"))
    await socket.presses("anna", answer, "Long")
    await socket.wait_for(lambda: len(desk.arrivals) == 2)
    assert list(desk.arrivals.values())[1].text == line
    desk.commands.clear()
    await socket.presses("anna", answer, "Long")
    await socket.wait_for(lambda: any("too old" in socket.seen(one) for one in socket.answers("anna")))


async def test_a_form_shows_errors_in_place_and_then_succeeds(running: SlackFake, desk: Desk) -> None:
    await running.command("anna", "/register", "", "general")
    (view,) = await running.wait_for(lambda: running.views("anna"))
    assert view.title == "Register"
    assert "SG 13" in running.seen(view)
    refused = await running.submits("anna", view, {"Group": "SG99", "Kind": "alternate"})
    assert refused.errors == {"group": "there is no such group"}
    assert refused.problems == []
    assert running.answers("general") == []
    accepted = await running.submits("anna", view, {"Group": "SG13"})
    assert accepted.problems == []
    assert running.views("anna") == []
    (answer,) = await running.wait_for(lambda: running.answers("general"))
    assert running.seen(answer) == "Registered for SG13"
    assert answer.ephemeral_to == running.workspace.person("anna").id
    assert list(desk.arrivals.values())[-1].values == {"group": "SG13", "kind": "alternate"}


async def test_a_form_asked_for_in_a_direct_message_is_a_question(socket: SlackFake) -> None:
    await socket.says("anna", "register")
    (answer,) = await socket.wait_for(lambda: socket.answers("anna"))
    assert socket.seen(answer) == "Which group?"


async def test_a_form_that_cannot_be_opened_any_more_is_a_question(socket: SlackFake) -> None:
    socket.misbehave("error", "views.open", error="expired_trigger_id")
    await socket.command("anna", "/register", "", "general")
    (answer,) = await socket.wait_for(lambda: socket.answers("general"))
    assert socket.seen(answer) == "Which group?"


async def test_a_form_of_before_a_restart_is_answered_in_direct_messages(socket: SlackFake, desk: Desk) -> None:
    await socket.command("anna", "/register", "", "general")
    (view,) = await socket.wait_for(lambda: socket.views("anna"))
    await socket.submits("anna", view, {"Group": "SG13", "Kind": "alternate"})
    submitted = list(desk.arrivals.values())[-1]
    earlier = str(float(submitted.address["received"]) - 600)
    assert desk.platform is not None
    address = {**submitted.address, "received": earlier}
    await desk.platform.answer(submitted.model_copy(update={"address": address}), Message("At last"))
    (answer,) = socket.answers("anna")
    assert socket.seen(answer) == "At last"


async def test_a_form_that_takes_long_is_closed_and_answered_later(
    socket: SlackFake, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await socket.command("anna", "/register", "", "general")
    (view,) = await socket.wait_for(lambda: socket.views("anna"))
    desk.silent = True
    monkeypatch.setattr("bot.platforms.slack.forms._PATIENCE", 0.2)
    accepted = await socket.submits("anna", view, {"Group": "SG13", "Kind": "alternate"})
    assert accepted.response_action == "clear"
    assert desk.platform is not None
    await desk.platform.answer(list(desk.arrivals.values())[-1], Message("Done"))
    assert [socket.seen(answer) for answer in socket.answers("general")] == ["Done"]


async def test_the_home_page_shows_who_one_is_and_its_buttons_answer_in_direct_messages(
    running: SlackFake, desk: Desk
) -> None:
    await running.opens_home("anna")
    home = await running.wait_for(lambda: running.home("anna"))
    assert running.seen(home).startswith(f"Anna is {running.workspace.team}/")
    await running.presses("anna", home, "What is new?")
    (answer,) = await running.wait_for(lambda: running.answers("anna"))
    assert running.seen(answer) == "You said: ask what is new\n[More]"
    assert [arrival.place.private for arrival in desk.arrivals.values()] == [True]


@pytest.mark.parametrize("kind", ["events_api", "slash_commands", "interactive"])
async def test_what_comes_twice_is_answered_once(running: SlackFake, desk: Desk, kind: str) -> None:
    await running.says("anna", "hello")
    (answer,) = await running.wait_for(lambda: running.answers("anna"))
    running.misbehave("duplicate", kind)
    match kind:
        case "events_api":
            delivery = await running.says("anna", "again")
        case "slash_commands":
            delivery = await running.command("anna", "/ask", "again")
        case _:
            delivery = await running.presses("anna", answer, "More")
    await desk.settled()
    assert [attempt.outcome for attempt in delivery.attempts] == ["acknowledged"] * 2
    assert (desk.deliveries, len(running.answers("anna"))) == (3, 2)


async def test_an_event_that_could_not_be_kept_is_not_acknowledged_and_comes_again(
    running: SlackFake, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    running.patience, running.retries = 0.3, 1
    desk.broken = True
    lost = await running.says("anna", "hello")
    assert not lost.acknowledged
    assert len(lost.attempts) == 2
    desk.broken = False
    running.patience = LONG
    assert (await running.says("anna", "hello again")).acknowledged
    assert "could not be kept" in caplog.text


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "close", "abrupt"])
async def test_one_socket_may_close_while_the_other_serves(socket: SlackFake, reason: str) -> None:
    await socket.connected(2)
    await socket.disconnect(reason, 1)
    assert (await socket.says("anna", "hello")).acknowledged
    await socket.wait_for(lambda: socket.answers("anna"))
    if reason != "abrupt":
        await socket.connected(2)


@pytest.mark.parametrize("reason", ["refresh_requested", "close", "abrupt"])
async def test_both_sockets_are_renewed(
    slack: SlackFake, desk: Desk, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.slack.sockets._PING_SECONDS", 0.5)
    async with at_work(slack, desk):
        await slack.connected(2)
        await slack.disconnect(reason)
        await slack.wait_for(lambda: len(slack.called("apps.connections.open")) >= 4)
        await slack.connected(2)
        assert (await slack.says("anna", "hello")).acknowledged
        await slack.wait_for(lambda: slack.answers("anna"))


@pytest.mark.parametrize("method", ["chat.postMessage", "response_url"])
async def test_an_answer_waits_a_little_when_slack_asks_for_it(socket: SlackFake, desk: Desk, method: str) -> None:
    socket.misbehave("rate_limited", method, retry_after=1)
    await (socket.says("anna", "hello") if method == "chat.postMessage" else socket.command("anna", "/ask", "hello"))
    await socket.wait_for(lambda: socket.answers("anna"))
    await desk.settled()
    assert desk.failures == []


@pytest.mark.parametrize("method", ["chat.postMessage", "response_url"])
async def test_an_answer_that_must_wait_long_says_how_long(socket: SlackFake, desk: Desk, method: str) -> None:
    socket.misbehave("rate_limited", method, retry_after=40)
    await (socket.says("anna", "hello") if method == "chat.postMessage" else socket.command("anna", "/ask", "hello"))
    await desk.settled()
    (failure,) = desk.failures
    assert isinstance(failure, RateLimited)
    assert failure.retry_after == 40


async def test_one_socket_is_renewed_after_the_other(socket: SlackFake) -> None:
    await socket.connected(2)
    socket.misbehave("slow", "apps.connections.open")
    await socket.disconnect("refresh_requested")
    await socket.wait_for(lambda: len(socket.called("apps.connections.open")) == 3)
    for _ in range(5):
        await AsyncWebClient(socket.bot_token, base_url=socket.api_url).auth_test()
    assert len(socket.called("apps.connections.open")) == 3
    socket.release()
    await socket.connected(2)


async def test_a_long_answer_is_not_begun_again_when_slack_asks_to_wait(socket: SlackFake, desk: Desk) -> None:
    desk.answer = lambda arrival: Message("\n\n".join(f"{number} " + "word " * 1500 for number in range(3)))
    socket.misbehave("rate_limited", "chat.postMessage", retry_after=40, when=lambda args: args["text"].startswith("1"))
    await socket.says("anna", "a lot")
    await desk.settled()
    assert [type(failure) for failure in desk.failures] == [Unavailable]


@pytest.mark.parametrize("method", ["chat.postMessage", "response_url"])
async def test_a_lost_reply_does_not_post_twice(socket: SlackFake, desk: Desk, method: str) -> None:
    socket.misbehave("lost_reply", method)
    await (socket.says("anna", "hello") if method == "chat.postMessage" else socket.command("anna", "/ask", "hello"))
    await desk.settled()
    assert len(socket.answers("anna")) == 1
    (failure,) = desk.failures
    assert isinstance(failure, Unavailable)
    assert failure.uncertain


async def test_a_used_up_response_url_falls_back_to_an_answer_for_one(socket: SlackFake, desk: Desk) -> None:
    desk.answer = lambda arrival: Message("\n\n".join(f"{number} " + "word " * 1500 for number in range(7)))
    await socket.command("anna", "/ask", "a lot", "general")
    await desk.settled()
    answers = socket.answers("general")
    assert len(answers) > 5
    assert {answer.ephemeral_to for answer in answers} == {socket.workspace.person("anna").id}
    assert "".join(map(socket.seen, answers)).count("word") == 7 * 1500
    assert len(socket.called("chat.postEphemeral")) == len(answers) - 5


async def test_an_expired_response_url_falls_back_to_direct_messages_where_the_bot_is_no_member(
    socket: SlackFake, desk: Desk
) -> None:
    await socket.command("anna", "/ask", "this", "lobby")
    (arrival,) = await socket.wait_for(lambda: list(desk.arrivals.values()))
    await desk.settled()
    assert desk.platform is not None
    address = {**arrival.address, "response_url": f"{arrival.address['response_url']}0"}
    await desk.platform.answer(arrival.model_copy(update={"address": address}), Message("Later", shareable=True))
    assert [socket.seen(answer) for answer in socket.answers("anna")] == ["Later\n[Share]"]


@pytest.mark.parametrize(
    ("error", "kind"), [("is_archived", Unreachable), ("token_revoked", Revoked), ("fatal_error", Unavailable)]
)
async def test_a_refusal_says_what_can_be_done(
    socket: SlackFake, desk: Desk, error: str, kind: type[PlatformError]
) -> None:
    socket.misbehave("error", "chat.postMessage", error=error)
    await socket.says("anna", "hello")
    await desk.settled()
    assert [type(failure) for failure in desk.failures] == [kind]


@pytest.mark.parametrize("signature", ["bad", "old"])
async def test_a_wrong_signature_is_refused_with_one_line_in_the_log(
    http: SlackFake, desk: Desk, caplog: pytest.LogCaptureFixture, signature: str
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    delivery = await http.says("anna", "hello", signature="bad" if signature == "bad" else "old")
    assert delivery.status == 401
    assert desk.arrivals == {}
    assert len([record for record in caplog.records if record.name.startswith(("bot", "slack"))]) == 1


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"{}", 401),
        ({"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"}, b"{}", 401),
        ({"X-Slack-Request-Timestamp": "NOW", "X-Slack-Signature": "v0=\u00e9"}, b"{}", 401),
        ({"X-Slack-Request-Timestamp": "NOW", "X-Slack-Signature": "v0=1"}, b"\xff", 401),
        ({"X-Slack-Request-Timestamp": "NOW", "X-Slack-Signature": "GOOD"}, b"{", 400),
        ({"X-Slack-Request-Timestamp": "NOW", "X-Slack-Signature": "GOOD"}, b"[1]", 400),
        ({"X-Slack-Request-Timestamp": "NOW", "X-Slack-Signature": "GOOD"}, b'{"type": "moon"}', 200),
    ],
)
async def test_a_request_that_slack_would_not_send_is_refused(
    http: SlackFake, desk: Desk, headers: dict[str, str], body: bytes, status: int
) -> None:
    now = str(int(time.time()))
    signature = SignatureVerifier(http.signing_secret).generate_signature(
        timestamp=now, body=b"" if body == b"\xff" else body
    )
    sent = {name: value.replace("NOW", now).replace("GOOD", signature or "") for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.post(http.app_url, data=body, headers={**sent, "Content-Type": "application/json"}) as response,
    ):
        assert response.status == status
    assert desk.arrivals == {}


async def test_slack_may_verify_the_address(http: SlackFake) -> None:
    body = json.dumps({"type": "url_verification", "token": "t", "challenge": "3eZbrw1a"})
    now = str(int(time.time()))
    signature = SignatureVerifier(http.signing_secret).generate_signature(timestamp=now, body=body) or ""
    headers = {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": signature, "Content-Type": "application/json"}
    async with aiohttp.ClientSession() as session, session.post(http.app_url, data=body, headers=headers) as response:
        assert (response.status, await response.json()) == (200, {"challenge": "3eZbrw1a"})


async def test_a_hundred_thousand_characters_are_answered(socket: SlackFake, desk: Desk) -> None:
    await socket.says("anna", "word " * 20_000)
    await desk.settled()
    assert desk.failures == []
    assert "".join(map(socket.seen, socket.answers("anna"))).count("word") == 20_000


@pytest.mark.parametrize("directory", ["right", "closed"])
async def test_slack_is_asked_once_for_a_persons_name(socket: SlackFake, desk: Desk, directory: str) -> None:
    if directory == "closed":
        socket.misbehave("error", "users.info", times=None)
    await socket.says("anna", "hello")
    await socket.says("anna", "hello again")
    assert len(socket.called("users.info")) == 1
    assert {arrival.name for arrival in desk.arrivals.values()} == {"Anna" if directory == "right" else ""}


async def test_an_event_of_an_unknown_kind_is_acknowledged_and_ignored(running: SlackFake, desk: Desk) -> None:
    for inner in ({"type": "moon_landed"}, {"type": "message", "subtype": "message_changed", "channel_type": "im"}):
        assert (await running.event(inner)).acknowledged
    assert desk.arrivals == {}


async def test_files_follow_the_answer_in_place_or_to_direct_messages(socket: SlackFake, desk: Desk) -> None:
    file = Attachment("report.txt", "text/plain", b"words")
    desk.answer = lambda arrival: Message("Here it is", attachments=(file,))
    await socket.says("anna", "@liaison report", "general")
    await socket.command("anna", "/ask", "report", "general")
    await desk.settled()
    assert desk.failures == []
    assert [sent.content for sent in socket.files] == [b"words", b"words"]
    shared = [channel for sent in socket.files for channel in sent.shared_in]
    assert sorted(shared) == sorted(socket.workspace.channel(name).id for name in ("general", "anna"))


async def test_no_words_of_a_person_become_a_mention_or_a_link(running: SlackFake, desk: Desk) -> None:
    await running.says("anna", HOSTILE)
    await running.says("anna", f"@liaison {HOSTILE}", "general")
    await running.command("anna", "/ask", HOSTILE, "general")
    await desk.settled()
    quiet = next(answer for answer in running.answers("general") if answer.ephemeral_to)
    await running.presses("anna", quiet, "Share")
    await desk.settled()
    answers = [*running.answers("anna"), *running.answers("general")]
    assert len(answers) == 4
    anna = f"@{running.workspace.person('anna').id}"
    assert [answer.mentions for answer in answers] == [[], [], [], [anna]]
    assert [link for answer in answers for link in answer.links] == []


async def test_a_slow_directory_does_not_delay_the_acknowledgement(
    socket: SlackFake, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.platforms.slack.people._PATIENCE", 0.3)
    socket.misbehave("slow", "users.info")
    delivery = await socket.says("anna", "hello")
    assert delivery.seconds is not None
    assert delivery.seconds < 15  # the directory would take 20
    assert [arrival.name for arrival in desk.arrivals.values()] == [""]


async def test_the_prefix_is_no_part_of_the_command_line(slack: SlackFake, desk: Desk) -> None:
    async with at_work(slack, desk, "jca-"):
        await slack.command("anna", "/jca-ask", " what? ")
        await slack.wait_for(lambda: slack.answers("anna"))
    assert [arrival.text for arrival in desk.arrivals.values()] == ["ask what?"]


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_refused_token_is_said_at_the_start(slack: SlackFake, desk: Desk, mode: str) -> None:
    slack.mode = "socket" if mode == "socket" else "http"
    slack.auth_error = "token_revoked"
    with pytest.raises(Unreachable, match="token_revoked"):
        await a_platform(slack).start(desk)


async def test_stopping_finishes_what_is_being_answered(slack: SlackFake, desk: Desk) -> None:
    async with at_work(slack, desk) as platform:
        slack.misbehave("rate_limited", "chat.postMessage", retry_after=1)
        await slack.says("anna", "hello")
        await slack.wait_for(lambda: slack.called("chat.postMessage"))
        await platform.stop()
        assert len(slack.answers("anna")) == 1
        await slack.wait_for(lambda: slack.sockets == 0)


async def test_no_log_holds_a_token_or_a_response_url_even_when_a_socket_cannot_be_renewed_at_once(
    slack: SlackFake, desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("bot.platforms.slack.sockets._PING_SECONDS", 0.5)
    async with at_work(slack, desk):
        await slack.command("anna", "/ask", "hello", "general")
        slack.misbehave("server_error", "response_url")
        await slack.command("anna", "/ask", "hello", "general")
        await desk.settled()
        desk.broken = True
        slack.patience = 0.3
        assert not (await slack.command("anna", "/ask", "hello", "general")).acknowledged
        slack.misbehave("dropped", "apps.connections.open")
        await slack.disconnect("close", 1)
        await slack.wait_for(lambda: len(slack.called("apps.connections.open")) >= 4)
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("bot", "slack")))
    for secret in (slack.bot_token, slack.app_token, slack.signing_secret, "/response/", "ticket="):
        assert secret not in ours
