"""The manifest of the Slack app, made from the declared commands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from bot.platforms.slack.address import PATH
from handlers.command import AnyCommand

Json = dict[str, object]

NAME = "Liaison Bot"
DESCRIPTION = "The roadmap, meetings and liaisons of a standards-coordination group, asked in plain words"
BOT_EVENTS = ("app_home_opened", "app_mention", "file_shared", "message.im")
SCOPES = ("app_mentions:read", "chat:write", "commands", "files:read", "files:write", "im:history", "users:read")
"""What Slack wants for the events above and for the methods that the platform calls, and nothing else."""
WISHED_SCOPES = ("users:read.email",)
"""What nothing fails without: forms that ask for somebody's own address have it filled in already."""

# Slack's documented limits; names are as its own commands are.
_SLASH_NAME = re.compile(r"/[a-z0-9_-]{1,31}")
_MOST_COMMANDS, _LONGEST_DESCRIPTION, _LONGEST_HINT = 50, 2000, 1000


def manifest(commands: Sequence[AnyCommand], prefix: str, socket_mode: bool, url: str | None) -> Json:
    """For Slack's "From a manifest". Without Socket Mode, `url` is where Slack reaches the bot."""
    if not socket_mode and not url:
        raise ValueError("without Socket Mode the manifest needs the bot's address")
    options_url = {} if socket_mode else {"message_menu_options_url": _events_url(url or "")}
    request_url = {} if socket_mode else {"request_url": _events_url(url or "")}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {"name": NAME, "description": DESCRIPTION, "background_color": "#1d3557"},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "liaison-bot", "always_online": True},
            "slash_commands": [
                {**slash, **({"url": _events_url(url or "")} if request_url else {})}
                for slash in slash_commands(commands, prefix)
            ],
        },
        "oauth_config": {"scopes": {"bot": [*SCOPES, *WISHED_SCOPES]}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": list(BOT_EVENTS)},
            "interactivity": {"is_enabled": True, **request_url, **options_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def slash_commands(commands: Sequence[AnyCommand], prefix: str) -> list[Json]:
    """One for each first word; raises `ValueError` when Slack would not take its name."""
    by_word = sorted(commands, key=_first_word)
    found = [_slash(f"/{prefix}{word}".lower(), list(group)) for word, group in groupby(by_word, _first_word)]
    if len(found) > _MOST_COMMANDS:
        raise ValueError(f"Slack takes {_MOST_COMMANDS} slash commands, not {len(found)}")
    return found


def _first_word(command: AnyCommand) -> str:
    return command.words.partition(" ")[0]


def _slash(name: str, group: list[AnyCommand]) -> Json:
    if not _SLASH_NAME.fullmatch(name):
        raise ValueError(f"{name} is no name of a slash command: Slack takes a-z, 0-9, - and _, at most 32 characters")
    slash: Json = {"command": name, "description": _description(group)[:_LONGEST_DESCRIPTION], "should_escape": False}
    hint = _hint(group)[:_LONGEST_HINT]
    return {**slash, "usage_hint": hint} if hint else slash


def _description(group: list[AnyCommand]) -> str:
    if len(group) == 1:
        return group[0].help
    first = _first_word(group[0]).capitalize()
    return f"{first}: {', '.join(_rest(command.words) or 'all' for command in group)}"


def _hint(group: list[AnyCommand]) -> str:
    if len(group) == 1:
        return _rest(group[0].example)
    return f"[{' | '.join(filter(None, (_rest(command.words) for command in group)))}]"


def _rest(line: str) -> str:
    return line.partition(" ")[2].strip()


def _events_url(url: str) -> str:
    """The whole address of the web endpoint; a bare host gets the endpoint's path."""
    scheme, _, rest = url.partition("://")
    return url if rest.partition("/")[2] else f"{scheme}://{rest.rstrip('/')}{PATH}"
