"""Blocks of messages, modals and App Home views."""

from collections.abc import Callable
from typing import Any

from tests.fakes.slack.checks.elements import IN_ACTIONS, IN_INPUT, IN_SECTION, check_element
from tests.fakes.slack.checks.rich_text import check_rich_text
from tests.fakes.slack.checks.shape import (
    Findings,
    boolean,
    items,
    keys,
    optional_string,
    optional_text,
    required_string,
    required_text,
    string,
    text_object,
)
from tests.fakes.slack.checks.tables import check_table
from tests.fakes.slack.wire import Json

BLOCK_KEYS: dict[str, frozenset[str]] = {
    kind: frozenset({"type", "block_id", *names})
    for kind, names in {
        "section": ("text", "fields", "accessory", "expand"),
        "header": ("text",),
        "divider": (),
        "context": ("elements",),
        "actions": ("elements",),
        "image": ("image_url", "slack_file", "alt_text", "title"),
        "input": ("label", "element", "hint", "optional", "dispatch_action"),
        "rich_text": ("elements",),
        "markdown": ("text",),
        "table": ("rows", "column_settings"),
    }.items()
}
EVERYWHERE = frozenset(BLOCK_KEYS) - {"markdown", "table"}
SURFACES = {"message": frozenset(BLOCK_KEYS), "modal": EVERYWHERE, "home": EVERYWHERE}
IMAGE_KEYS = frozenset({"type", "image_url", "slack_file", "alt_text"})


def check_blocks(blocks: list[Any], surface: str, at: str, most: int, found: Findings) -> None:
    if len(blocks) > most:
        found.add(f"no more than {most} items allowed", at)
    for number, block in enumerate(blocks):
        if isinstance(block, dict):
            _check_block(block, surface, f"{at}/{number}", found)
        else:
            found.add("must provide an object", f"{at}/{number}")


def _check_block(block: Json, surface: str, at: str, found: Findings) -> None:
    kind = block.get("type")
    if kind not in SURFACES[surface]:
        found.add(f"unsupported type: {kind}", f"{at}/type")
        return
    keys(block, at, BLOCK_KEYS[kind], found)
    block_id = block.get("block_id")
    if block_id is not None and string(block_id, f"{at}/block_id", 255, found):
        if block_id in found.block_ids:
            found.add(f'`block_id` "{block_id}" already exists', f"{at}/block_id")
        found.block_ids.add(block_id)
    CHECKS[kind](block, at, found)


def _section(block: Json, at: str, found: Findings) -> None:
    if block.get("text") is None and block.get("fields") is None:
        found.add("missing required field: text or fields", at)
    optional_text(block, "text", at, 3000, found)
    if block.get("fields") is not None:
        for number, one in enumerate(items(block, "fields", at, 10, found)):
            text_object(one, f"{at}/fields/{number}", 2000, found)
    accessory = block.get("accessory")
    if isinstance(accessory, dict) and accessory.get("type") == "image":
        _image_source(accessory, f"{at}/accessory", found, IMAGE_KEYS)
    elif accessory is not None:
        check_element(accessory, f"{at}/accessory", IN_SECTION, found, set())


def _header(block: Json, at: str, found: Findings) -> None:
    required_text(block, "text", at, 150, found, plain=True)


def _divider(block: Json, at: str, found: Findings) -> None:
    """A divider has nothing of its own."""


def _context(block: Json, at: str, found: Findings) -> None:
    for number, element in enumerate(items(block, "elements", at, 10, found)):
        if element.get("type") == "image":
            _image_source(element, f"{at}/elements/{number}", found, IMAGE_KEYS)
        else:
            text_object(element, f"{at}/elements/{number}", 3000, found)


def _actions(block: Json, at: str, found: Findings) -> None:
    in_block: set[str] = set()
    for number, element in enumerate(items(block, "elements", at, 25, found)):
        check_element(element, f"{at}/elements/{number}", IN_ACTIONS, found, in_block)


def _image(block: Json, at: str, found: Findings) -> None:
    _image_source(block, at, found, BLOCK_KEYS["image"])
    optional_text(block, "title", at, 2000, found, plain=True)


def _image_source(owner: Json, at: str, found: Findings, allowed: frozenset[str]) -> None:
    keys(owner, at, allowed, found)
    if ("image_url" in owner) == ("slack_file" in owner):
        found.add("must have one of image_url and slack_file", at)
    optional_string(owner, "image_url", at, 3000, found)
    required_string(owner, "alt_text", at, 2000, found)


def _input(block: Json, at: str, found: Findings) -> None:
    required_text(block, "label", at, 2000, found, plain=True)
    optional_text(block, "hint", at, 2000, found, plain=True)
    boolean(block, "optional", at, found)
    boolean(block, "dispatch_action", at, found)
    if isinstance(block.get("element"), dict):
        check_element(block["element"], f"{at}/element", IN_INPUT, found, set())
    else:
        found.add("missing required field: element", at)


def _markdown(block: Json, at: str, found: Findings) -> None:
    required_string(block, "text", at, 40_000, found)
    found.markdown_characters += len(block["text"]) if isinstance(block.get("text"), str) else 0


CHECKS: dict[str, Callable[[Json, str, Findings], None]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "image": _image,
    "input": _input,
    "rich_text": check_rich_text,
    "markdown": _markdown,
    "table": check_table,
}
