"""The Web API's methods about the app itself, people and conversations."""

from tests.fakes.slack.arguments import required, truth
from tests.fakes.slack.state import State
from tests.fakes.slack.wire import Json, SlackRefusal
from tests.fakes.slack.workspace import Channel, Person


def auth_test(state: State, args: Json) -> Json:
    workspace = state.workspace
    return {
        "url": "https://coordination.slack.com/",
        "team": workspace.team_name,
        "user": workspace.bot.name,
        "team_id": workspace.team,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def api_test(state: State, args: Json) -> Json:
    if args.get("error"):
        raise SlackRefusal(str(args["error"]), args=args)
    return {"args": args}


def connections_open(state: State, args: Json) -> Json:
    address = state.url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={state.book.number()}&app_id={state.workspace.app_id}"}


def users_info(state: State, args: Json) -> Json:
    person = state.workspace.people.get(str(args.get("user")))
    if person is None:
        raise SlackRefusal("user_not_found")
    return {"user": _person(state, person)}


def lookup_by_email(state: State, args: Json) -> Json:
    required(args, "email")
    wanted = str(args["email"]).lower()
    for person in state.workspace.people.values():
        if not person.is_bot and not person.deactivated and person.email.lower() == wanted:
            return {"user": _person(state, person)}
    raise SlackRefusal("users_not_found")


def _person(state: State, person: Person) -> Json:
    with_email = state.scopes is None or "users:read.email" in state.scopes
    return person.payload(state.workspace.team, with_email=with_email)


def conversations_open(state: State, args: Json) -> Json:
    if args.get("channel"):
        channel = state.workspace.reachable(args["channel"])
        return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}
    users = args.get("users") or ""
    names = users if isinstance(users, list) else str(users).split(",")
    if names == [""]:
        raise SlackRefusal("users_list_not_supplied")
    if len(names) > 1:
        raise SlackRefusal("not_enough_users")
    person = state.workspace.people.get(names[0])
    if person is None:
        raise SlackRefusal("user_not_found")
    if person.deactivated:
        raise SlackRefusal("user_disabled")
    if person.is_bot:
        raise SlackRefusal("cannot_dm_bot")
    channel = state.workspace.dm(person)
    shown = channel.payload(state.workspace.bot.id) if truth(args.get("return_im", False)) else {"id": channel.id}
    return {"channel": shown}


def conversations_info(state: State, args: Json) -> Json:
    channel = state.workspace.channels.get(str(args.get("channel")))
    if channel is None or not _visible(state, channel):
        raise SlackRefusal("channel_not_found")
    return {"channel": channel.payload(state.workspace.bot.id)}


def conversations_list(state: State, args: Json) -> Json:
    kinds = {
        {"public_channel": "public", "private_channel": "private"}.get(kind.strip(), kind.strip())
        for kind in str(args.get("types") or "public_channel").split(",")
    }
    found = [
        channel.payload(state.workspace.bot.id)
        for channel in state.workspace.channels.values()
        if channel.kind in kinds
        and _visible(state, channel)
        and not (channel.archived and truth(args.get("exclude_archived", False)))
    ]
    return _page(found, args, "channels")


def conversations_members(state: State, args: Json) -> Json:
    channel = state.workspace.channels.get(str(args.get("channel")))
    if channel is None or not _visible(state, channel):
        raise SlackRefusal("channel_not_found")
    return _page(sorted(channel.members), args, "members")


def _visible(state: State, channel: Channel) -> bool:
    return channel.kind == "public" or state.workspace.bot.id in channel.members


def _page(found: list[Json] | list[str], args: Json, name: str) -> Json:
    """At most `limit` (1 to 1,000; 100 unless told) from the cursor on."""
    try:
        limit, start = int(args.get("limit") or 100), int(args.get("cursor") or 0)
    except ValueError:
        raise SlackRefusal("invalid_cursor") from None
    if not 1 <= limit <= 1000:
        raise SlackRefusal("invalid_limit")
    rest = start + limit
    return {
        name: found[start:rest],
        "response_metadata": {"next_cursor": str(rest) if rest < len(found) else ""},
    }
