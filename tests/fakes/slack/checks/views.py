"""Modals and App Home views."""

import json
from typing import Any

from tests.fakes.slack.checks.blocks import check_blocks
from tests.fakes.slack.checks.shape import Findings, boolean, keys, optional_string, optional_text, required_text
from tests.fakes.slack.wire import SlackRefusal

MOST_BLOCKS = 100
LARGEST = 250_000
HOME_KEYS = frozenset({"type", "blocks", "private_metadata", "callback_id", "external_id"})
MODAL_KEYS = HOME_KEYS | {"title", "close", "submit", "clear_on_close", "notify_on_close", "submit_disabled"}


def check_view(view: Any, kind: str) -> None:
    """`kind` is 'modal' or 'home'; raises Slack's refusal."""
    if not isinstance(view, dict):
        raise SlackRefusal("invalid_arguments", ["must provide an object [json-pointer:/view]"])
    found = Findings(unique_actions="block")
    if view.get("type") != kind:
        found.add(f"must be of type {kind}", "/view/type")
    keys(view, "/view", MODAL_KEYS if kind == "modal" else HOME_KEYS, found)
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        check_blocks(blocks, kind, "/view/blocks", MOST_BLOCKS, found)
    else:
        found.add("missing required field: blocks", "/view")
    optional_string(view, "private_metadata", "/view", 3000, found, least=0)
    optional_string(view, "callback_id", "/view", 255, found, least=0)
    optional_string(view, "external_id", "/view", 255, found, least=0)
    if kind == "modal":
        _check_frame(view, found)
    if found.reasons:
        raise SlackRefusal("invalid_arguments", found.reasons)
    if len(json.dumps(view)) > LARGEST:
        raise SlackRefusal("view_too_large")


def _check_frame(view: dict[str, Any], found: Findings) -> None:
    required_text(view, "title", "/view", 24, found, plain=True)
    optional_text(view, "submit", "/view", 24, found, plain=True)
    optional_text(view, "close", "/view", 24, found, plain=True)
    boolean(view, "clear_on_close", "/view", found)
    boolean(view, "notify_on_close", "/view", found)
    if view.get("submit") is None and any(
        isinstance(block, dict) and block.get("type") == "input" for block in view.get("blocks") or []
    ):
        found.add("missing required field: submit", "/view")
