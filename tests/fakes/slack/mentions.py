"""Which words of a message would be active on Slack: mentions that notify, links that can be followed."""

import re
from collections.abc import Iterator
from typing import Any

from tests.fakes.slack.wire import Json

CONTROL = re.compile(r"<(!(?:channel|here|everyone)|!subteam\^\w+|@[UW]\w+|#C\w+)(?:\|[^>]*)?>")
BROADCAST = re.compile(r"(?<![\w@.])@(channel|here|everyone)\b")
NAMED = re.compile(r"(?<![\w@.])([@#][a-z0-9][\w.-]*)")
MRKDWN_LINK = re.compile(r"<((?:https?|mailto|tel|slack)[^|>]*)(?:\|[^>]*)?>")
MARKDOWN_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)")
BARE_LINK = re.compile(r"(?<![<\w|(])https?://[^\s<>|)]+")


def active_mentions(text: str, blocks: list[Json], args: Json) -> list[str]:
    """`text` counts even beside blocks: it is what the notification shows."""
    found = [match[1] for match in CONTROL.finditer(text)]
    if args.get("parse") == "full" or str(args.get("link_names", "")).lower() in {"1", "true"}:
        found += [match[1] for match in NAMED.finditer(text)]
    for node in _nodes(blocks):
        found += _in_node(node)
    return found


def _in_node(node: Json) -> Iterator[str]:
    match node.get("type"):
        case "mrkdwn":
            yield from (match[1] for match in CONTROL.finditer(node["text"]))
            # "verbatim" false, the default, lets Slack parse "certain mentions" out of plain words.
            if not node.get("verbatim"):
                yield from (f"!{match[1]}" for match in BROADCAST.finditer(node["text"]))
        case "markdown":
            yield from (match[1] for match in CONTROL.finditer(node["text"]))
        case "user":
            yield f"@{node['user_id']}"
        case "usergroup":
            yield f"!subteam^{node['usergroup_id']}"
        case "channel":
            yield f"#{node['channel_id']}"
        case "broadcast":
            yield f"!{node['range']}"


def active_links(text: str, blocks: list[Json], args: Json) -> list[str]:
    found: list[str] = []
    if not blocks:
        found += [match[1] for match in MRKDWN_LINK.finditer(text)] + BARE_LINK.findall(text)
    for node in _nodes(blocks):
        match node.get("type"):
            case "mrkdwn":
                found += [match[1] for match in MRKDWN_LINK.finditer(node["text"])] + BARE_LINK.findall(node["text"])
            case "markdown":
                found += MARKDOWN_LINK.findall(node["text"]) + BARE_LINK.findall(node["text"])
            case "link" | "button" | "workflow_button":
                if node.get("url"):
                    found.append(str(node["url"]))
    return found


def _nodes(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            if isinstance(inner, dict | list):
                yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)
