"""The chat.* methods of the Web API."""

from tests.fakes.slack.arguments import required
from tests.fakes.slack.posting import UPDATED_TEXT_LIMIT, change, post
from tests.fakes.slack.records import Message
from tests.fakes.slack.state import State
from tests.fakes.slack.wire import Json, SlackRefusal
from tests.fakes.slack.workspace import Channel


def post_message(state: State, args: Json) -> Json:
    channel = _writable(state, args)
    message = post(state, channel.id, args)
    state.limits.posted(channel.id, state.clock.now())
    return {"channel": channel.id, "ts": message.ts, "message": _payload(state, message)}


def post_ephemeral(state: State, args: Json) -> Json:
    required(args, "user")
    channel = _writable(state, args)
    if args["user"] not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    message = post(state, channel.id, args, ephemeral_to=args["user"])
    return {"message_ts": message.ts}


def update(state: State, args: Json) -> Json:
    required(args, "ts")
    channel, message = _own(state, args, "cant_update_message")
    if channel.archived:
        raise SlackRefusal("is_inactive")
    change(state, message, args, longest=UPDATED_TEXT_LIMIT)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": _payload(state, message)}


def delete(state: State, args: Json) -> Json:
    required(args, "ts")
    channel, message = _own(state, args, "cant_delete_message")
    message.deleted = True
    return {"channel": channel.id, "ts": message.ts}


def _writable(state: State, args: Json) -> Channel:
    channel = state.workspace.reachable(args.get("channel"))
    if channel.archived:
        raise SlackRefusal("is_archived")
    if state.workspace.bot.id not in channel.members and "chat:write.public" not in (state.scopes or ()):
        raise SlackRefusal("not_in_channel")
    if channel.partner and state.workspace.people[channel.partner].deactivated:
        raise SlackRefusal("channel_not_found")
    if channel.partner and not state.workspace.people[channel.partner].takes_messages:
        raise SlackRefusal("messages_tab_disabled")
    return channel


def _own(state: State, args: Json, refusal: str) -> tuple[Channel, Message]:
    channel = state.workspace.channels.get(str(args.get("channel")))
    if channel is None:
        raise SlackRefusal("channel_not_found")
    message = state.book.message(channel.id, str(args["ts"]))
    if message is None or message.ephemeral_to:
        raise SlackRefusal("message_not_found")
    if not message.by_app or message.frozen:
        raise SlackRefusal(refusal)
    return channel, message


def _payload(state: State, message: Message) -> Json:
    workspace = state.workspace
    return {**message.payload(workspace.team), "bot_id": workspace.bot_id, "app_id": workspace.app_id}
