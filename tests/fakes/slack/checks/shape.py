"""The measures that all checks share: required fields, lengths, numbers of things, text objects."""

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.wire import Json


@dataclass
class Findings:
    """The reasons for a refusal so far, worded as Slack words them."""

    reasons: list[str] = field(default_factory=list)
    action_ids: set[str] = field(default_factory=set)
    block_ids: set[str] = field(default_factory=set)
    unique_actions: str = "message"
    tables: int = 0
    table_characters: int = 0
    markdown_characters: int = 0

    def add(self, reason: str, at: str) -> None:
        self.reasons.append(f"{reason} [json-pointer:{at}]")


def keys(value: Json, at: str, allowed: frozenset[str], found: Findings) -> None:
    if not value.keys() <= allowed:
        for key in value.keys() - allowed:
            found.add(f"invalid additional property: {key}", at)


def string(value: Any, at: str, limit: int, found: Findings, *, least: int = 1) -> bool:
    if not isinstance(value, str):
        found.add("must provide a string", at)
        return False
    if len(value) > limit:
        found.add(f"must be less than {limit + 1} characters", at)
    elif len(value) < least:
        found.add(f"must be more than {least - 1} characters", at)
    return True


def optional_string(owner: Json, name: str, at: str, limit: int, found: Findings, *, least: int = 1) -> None:
    value = owner.get(name)
    if value is not None:
        string(value, f"{at}/{name}", limit, found, least=least)


def required_string(owner: Json, name: str, at: str, limit: int, found: Findings) -> None:
    if name not in owner:
        found.add(f"missing required field: {name}", at)
    else:
        string(owner[name], f"{at}/{name}", limit, found)


def choice(owner: Json, name: str, at: str, allowed: tuple[str, ...], found: Findings) -> None:
    value = owner.get(name)
    if value is not None and value not in allowed:
        found.add(f"must be one of {', '.join(allowed)}", f"{at}/{name}")


def boolean(owner: Json, name: str, at: str, found: Findings) -> None:
    if not isinstance(owner.get(name, False), bool):
        found.add("must be a valid boolean", f"{at}/{name}")


def items(owner: Json, name: str, at: str, most: int, found: Findings, *, least: int = 1) -> list[Json]:
    """The objects of a list; those that are none are reported and left out."""
    value = owner.get(name)
    if value is None:
        found.add(f"missing required field: {name}", at)
        return []
    if not isinstance(value, list):
        found.add("must provide an array", f"{at}/{name}")
        return []
    if len(value) > most:
        found.add(f"no more than {most} items allowed", f"{at}/{name}")
    if len(value) < least:
        found.add(f"no fewer than {least} items allowed", f"{at}/{name}")
    if not all(isinstance(item, dict) for item in value):
        found.add("must provide an object", f"{at}/{name}")
        return []
    return value


PLAIN_KEYS = frozenset({"type", "text", "emoji"})
MRKDWN_KEYS = frozenset({"type", "text", "verbatim"})


def text_object(value: Any, at: str, limit: int, found: Findings, *, plain: bool = False) -> None:
    if not isinstance(value, dict):
        found.add("must provide an object", at)
        return
    kind = value.get("type")
    if kind == "plain_text":
        keys(value, at, PLAIN_KEYS, found)
        boolean(value, "emoji", at, found)
    elif kind == "mrkdwn" and not plain:
        keys(value, at, MRKDWN_KEYS, found)
        boolean(value, "verbatim", at, found)
    else:
        found.add("must be of type plain_text" if plain else f"unsupported type: {kind}", f"{at}/type")
        return
    required_string(value, "text", at, limit, found)


def required_text(owner: Json, name: str, at: str, limit: int, found: Findings, *, plain: bool = False) -> None:
    if owner.get(name) is None:
        found.add(f"missing required field: {name}", at)
    else:
        text_object(owner[name], f"{at}/{name}", limit, found, plain=plain)


def optional_text(owner: Json, name: str, at: str, limit: int, found: Findings, *, plain: bool = False) -> None:
    if owner.get(name) is not None:
        text_object(owner[name], f"{at}/{name}", limit, found, plain=plain)
