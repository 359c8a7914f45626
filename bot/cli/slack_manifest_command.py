"""`liaison-bot slack-manifest`: the manifest of the Slack app."""

from __future__ import annotations

import argparse
import json
import sys
from urllib.parse import urlsplit

from bot.command_line import Usage
from bot.commands import declared
from bot.platforms.slack.manifest import manifest
from bot.settings import Settings


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--url", help="where Slack reaches the bot, https://…, for HTTP; without it the manifest is for Socket Mode"
    )


async def run(chosen: argparse.Namespace, settings: Settings) -> int:
    """Print the manifest as JSON, to be pasted at api.slack.com/apps."""
    url: str | None = chosen.url
    if url is not None and not _is_address(url):
        raise Usage(f"{url!r} is no address for Slack; type --url https://bot.example.org")
    try:
        made = manifest(declared(), settings.slack_command_prefix, url is None, url)
    except ValueError as error:
        raise Usage(f"{error}; change LIAISON_BOT_SLACK_COMMAND_PREFIX") from error
    sys.stdout.write(json.dumps(made, indent=2, ensure_ascii=False) + "\n")
    return 0


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not parts.query and not parts.fragment
