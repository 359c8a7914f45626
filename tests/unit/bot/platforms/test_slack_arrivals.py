"""What Slack sends, in the shape that all platforms share."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arrival import Arrival
from bot.platforms.slack import arrivals
from bot.platforms.slack.buttons import Pressed, fitted, pressed, share_button
from bot.platforms.slack.modals import Errand
from bot.platforms.slack.payloads import EventDelivery, Press, SlashCommand, Submission, Typing, read
from bot.platforms.slack.said import said
from bot.platforms.slack.way import Way, place, way_of
from handlers.command import Button, Place

Json = dict[str, Any]


def event(**inner: Any) -> Arrival | None:
    told = {"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "text": "hi", "ts": "1.1", **inner}
    payload = read({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": told})
    assert isinstance(payload, EventDelivery)
    return arrivals.of_event(payload, "UBOT", 5.0)


def test_a_direct_message_is_a_private_message() -> None:
    arrival = event()
    assert arrival is not None
    assert (arrival.event_id, arrival.account, arrival.kind, arrival.text) == ("Ev1", "T1/U1", "message", "hi")
    assert arrival.place == Place("slack", "T1/U1", "", True)


def test_a_mention_belongs_to_the_thread_that_it_starts_or_stands_in() -> None:
    first = event(type="app_mention", channel="C1", channel_type=None, text="<@UBOT> hi")
    second = event(type="app_mention", channel="C1", text="hi <@UBOT>", thread_ts="0.9")
    assert first is not None
    assert second is not None
    assert (first.place, first.text) == (Place("slack", "T1/C1", "1.1", False), "hi")
    assert (second.place.thread, second.text) == ("0.9", "hi")


def test_a_visitor_of_another_workspace_keeps_the_own_account() -> None:
    arrival = event(type="app_mention", channel="C1", user_team="T2")
    assert arrival is not None
    assert (arrival.account, arrival.place.conversation) == ("T2/U1", "T1/C1")


@pytest.mark.parametrize(
    "inner",
    [
        {"channel_type": "channel", "channel": "C1"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"bot_id": "B1"},
        {"user": "UBOT"},
        {"user": ""},
        {"hidden": True},
        {"edited": {"user": "U1", "ts": "2.0"}},
        {"type": "reaction_added"},
    ],
)
def test_what_no_person_says_to_the_bot_is_ignored(inner: Json) -> None:
    assert event(**inner) is None


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("<@UBOT> a &lt; b &amp;amp;", "a < b &amp;"),
        ("<@U2> and <@U2|anna> in <#C1|general> and <#C2|>", "@U2 and @anna in #general and #C2"),
        ("<!here> <!channel|channel> <!subteam^S1|@team>", "@here @channel @team"),
        ("<https://a.example/x?y=1|a.example> <https://b.example>", "a.example https://b.example"),
        ("<mailto:a@b.example|a@b.example> <mailto:c@d.example>", "a@b.example c@d.example"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
        ("<>", "<>"),
    ],
)
def test_slacks_marking_becomes_plain_text(typed: str, text: str) -> None:
    assert said(typed, "UBOT") == text


@given(st.text())
def test_what_people_type_arrives_as_they_typed_it(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert said(escaped, "UBOT") == text.strip()


def test_a_slash_command_is_a_command_line_without_the_prefix() -> None:
    payload = read(
        {
            "command": "/jca-roadmap",
            "text": " show y3802 ",
            "team_id": "T1",
            "channel_id": "C1",
            "user_id": "U1",
            "trigger_id": "7.8",
            "response_url": "https://hooks.example/1",
        }
    )
    assert isinstance(payload, SlashCommand)
    arrival = arrivals.of_command(payload, "jca-", 5.0)
    assert (arrival.kind, arrival.text, arrival.event_id) == ("command", "roadmap show y3802", "7.8")
    assert arrival.place == Place("slack", "T1/C1", "", False)
    way = way_of(arrival.address)
    assert way == Way("U1", "C1", "", "https://hooks.example/1", "7.8", 5.0, True)
    assert way.can_ask(6.0)
    assert not way.can_ask(8.0)


def test_what_is_typed_into_a_menu_names_its_field() -> None:
    view = {"id": "V1", "hash": "1", "callback_id": "form", "private_metadata": "{}"}
    user = {"id": "U1", "team_id": "T1"}
    body = {"type": "block_suggestion", "user": user, "block_id": "group", "action_id": "value", "value": "qu"}
    payload = read({**body, "view": view})
    assert isinstance(payload, Typing)
    assert (payload.block_id, payload.value, payload.team_id) == ("group", "qu", "T1")


def test_commands_and_buttons_may_be_answered_with_a_form_and_messages_not() -> None:
    said = event()
    pressed = arrivals.of_press(press({"type": "view"}), Pressed("ask more"), 5.0)
    assert said is not None
    assert (said.modal, pressed.modal) == (0, 3000)


def press(container: Json, **more: Any) -> Press:
    body = {
        "type": "block_actions",
        "user": {"id": "U1", "team_id": "T1"},
        "team": None,
        "container": container,
        "trigger_id": "7.8",
        "actions": [{"type": "button", "action_id": "command:0", "value": "ask more"}],
        **more,
    }
    payload = read(body)
    assert isinstance(payload, Press)
    return payload


def test_a_button_in_app_home_is_answered_in_direct_messages() -> None:
    arrival = arrivals.of_press(press({"type": "view", "view_id": "V1"}), Pressed("ask more"), 5.0)
    assert arrival.place == Place("slack", "T1/U1", "", True)
    assert way_of(arrival.address).channel == "U1"


def test_a_shared_answer_is_not_quiet_though_its_button_was() -> None:
    where = {"type": "message", "channel_id": "C1", "is_ephemeral": True}
    quiet = arrivals.of_press(press(where), Pressed("ask more"), 5.0)
    shared = arrivals.of_press(press(where), Pressed("ask more", share=True), 5.0)
    assert (quiet.address.get("quiet"), quiet.address.get("share")) == ("1", None)
    assert (shared.address.get("quiet"), shared.address.get("share")) == (None, "1")


def test_a_form_sent_again_with_the_same_hash_is_a_new_arrival() -> None:
    def submitted(trigger: str) -> Arrival:
        state = {
            "group": {"value": {"type": "plain_text_input", "value": "SG13"}},
            "kind": {"value": {"type": "static_select", "selected_option": {"value": "alternate"}}},
            "remark": {"value": {"type": "plain_text_input", "value": None}},
        }
        view = {"id": "V1", "hash": "1", "callback_id": "form", "state": {"values": state}}
        user = {"id": "U1", "team_id": "T1"}
        payload = read({"type": "view_submission", "user": user, "view": view, "trigger_id": trigger})
        assert isinstance(payload, Submission)
        return arrivals.of_submission(payload, Errand(words="register", conversation="T1/C1", private=False), 5.0)

    first, second = submitted("1"), submitted("2")
    assert first.event_id != second.event_id
    assert (first.text, first.values) == ("register", {"group": "SG13", "kind": "alternate"})
    assert first.place == Place("slack", "T1/C1", "", False)


@pytest.mark.parametrize(
    "body",
    [{}, {"type": "shortcut"}, {"type": "event_callback"}, {"command": 1}, {"type": "block_actions", "actions": []}],
)
def test_a_payload_that_cannot_be_read_is_none(body: Json) -> None:
    assert read(body) is None


ways = st.builds(Way, *[st.text()] * 5, received=st.floats(0, 1e12), quiet=st.booleans(), share=st.booleans())


@given(ways)
def test_a_way_survives_being_kept(way: Way) -> None:
    assert way_of(way.address()) == way


def test_direct_messages_alone_are_private() -> None:
    assert [place("T1", Way("U1", channel)).private for channel in ("D1", "U1", "", "C1", "G1")] == [
        *[True] * 3,
        *[False] * 2,
    ]


@given(st.text(min_size=1).filter(lambda line: not line.startswith("!")), st.booleans())
async def test_a_button_means_its_command_line_however_long(line: str, share: bool) -> None:
    kept: list[str] = []

    async def shorten(command: str) -> str:
        kept.append(command)
        return str(len(kept) - 1)

    async def lengthen(token: str) -> str:
        return kept[int(token)]

    for one in (line, line * 2100):
        button = share_button(one) if share else Button("x", one)
        (short,) = await fitted([button], shorten)
        assert len(short.command) <= 2000
        assert await pressed(short.command, lengthen) == Pressed(one, share)
