"""The payloads with which Slack tells an app what a person did."""

import html
import re

from tests.fakes.slack import web_api_views as views
from tests.fakes.slack.reading import Control
from tests.fakes.slack.records import Message, View
from tests.fakes.slack.state import ResponseUrl, State
from tests.fakes.slack.wire import Json
from tests.fakes.slack.workspace import Channel, Person

TOKEN = "loopback-verification"
ACTION_KEYS = ("text", "value", "style", "url")


def typed(state: State, text: str) -> str:
    """What a person types, as it arrives: control characters escaped, a mention of the bot made one."""
    bot = state.workspace.bot
    parts = re.split(rf"<@{bot.id}>|@{re.escape(bot.name)}\b", text)
    return f"<@{bot.id}>".join(html.escape(part, quote=False) for part in parts)


def event(state: State, inner: Json) -> Json:
    workspace = state.workspace
    return {
        "token": TOKEN,
        "team_id": workspace.team,
        "context_team_id": workspace.team,
        "api_app_id": workspace.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": f"Ev{state.book.number():08d}",
        "event_time": int(state.clock.now()),
        "authorizations": [
            {"team_id": workspace.team, "user_id": workspace.bot.id, "is_bot": True, "is_enterprise_install": False}
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{state.book.number()}",
    }


def message_event(state: State, kind: str, channel: Channel, message: Message) -> Json:
    """`kind` is 'message' or 'app_mention'."""
    words: Json = {"type": "rich_text_section", "elements": [{"type": "text", "text": html.unescape(message.text)}]}
    inner: Json = {
        "type": kind,
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        "event_ts": message.ts,
        "team": state.workspace.team,
        "channel": channel.id,
        "client_msg_id": f"{state.book.number()}",
        "blocks": [{"type": "rich_text", "block_id": "typed", "elements": [words]}],
    }
    if message.files:
        inner["files"] = [file.payload(state.url) for file in message.files]
        inner["upload"] = True
        if kind == "message":
            inner["subtype"] = "file_share"
    if message.thread_ts:
        inner["thread_ts"] = message.thread_ts
    if kind == "message":
        inner["channel_type"] = channel.channel_type
    return event(state, inner)


def file_shared(state: State, channel: Channel, person: Person, file: str) -> Json:
    """Slack tells of every file that is shared where the bot is; of the message with it nothing is said."""
    inner: Json = {
        "type": "file_shared",
        "channel_id": channel.id,
        "file_id": file,
        "user_id": person.id,
        "file": {"id": file},
        "event_ts": state.book.ts(),
    }
    return event(state, inner)


def command(state: State, person: Person, channel: Channel, name: str, text: str, place: ResponseUrl) -> Json:
    workspace = state.workspace
    return {
        "token": TOKEN,
        "team_id": workspace.team,
        "team_domain": "coordination",
        "channel_id": channel.id,
        "channel_name": channel.name or "directmessage",
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": state.response_url(place),
        "trigger_id": state.trigger(person.id),
    }


def interaction(state: State, kind: str, person: Person) -> Json:
    workspace = state.workspace
    return {
        "type": kind,
        "token": TOKEN,
        "api_app_id": workspace.app_id,
        "team": {"id": workspace.team, "domain": "coordination"},
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": workspace.team},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def within(state: State, shown: Message | View, person: Person) -> Json:
    """Where something was pressed: a message with its response URL, or a view."""
    if isinstance(shown, View):
        return {
            "container": {"type": "view", "view_id": shown.id},
            "view": views.payload(state, shown),
            "trigger_id": state.trigger(person.id, shown.id),
        }
    channel = state.workspace.channels[shown.channel]
    container: Json = {
        "type": "message",
        "message_ts": shown.ts,
        "channel_id": channel.id,
        "is_ephemeral": shown.ephemeral_to is not None,
    }
    place = ResponseUrl(channel.id, person.id, state.clock.now(), shown.ts, shown.thread_ts)
    found: Json = {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
        "state": {"values": {}},
        "trigger_id": state.trigger(person.id),
        "response_url": state.response_url(place),
    }
    if shown.thread_ts:
        container["thread_ts"] = shown.thread_ts
    if shown.ephemeral_to is None:
        found["message"] = {**shown.payload(state.workspace.team), "bot_id": state.workspace.bot_id}
    return found


def action(state: State, control: Control, holds: Json) -> Json:
    element = control.element
    return {
        "action_id": control.action_id,
        "block_id": control.block_id,
        "type": control.kind,
        "action_ts": state.book.ts(),
        **{name: element[name] for name in ACTION_KEYS if name in element},
        **holds,
    }
