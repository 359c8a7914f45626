"""Rich text: sections, lists, quotes and preformatted text with their inline elements."""

from typing import Any

from tests.fakes.slack.checks.shape import Findings, choice, items, keys, optional_string, required_string
from tests.fakes.slack.wire import Json

OBJECT_KEYS: dict[str, frozenset[str]] = {
    "rich_text_section": frozenset({"type", "elements"}),
    "rich_text_list": frozenset({"type", "elements", "style", "indent", "offset", "border"}),
    "rich_text_preformatted": frozenset({"type", "elements", "border", "language"}),
    "rich_text_quote": frozenset({"type", "elements", "border"}),
}
INLINE: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "text": (frozenset({"type", "text", "style"}), ("text",)),
    "link": (frozenset({"type", "url", "text", "unsafe", "style"}), ("url",)),
    "emoji": (frozenset({"type", "name", "unicode", "skin_tone", "style"}), ("name",)),
    "user": (frozenset({"type", "user_id", "style"}), ("user_id",)),
    "usergroup": (frozenset({"type", "usergroup_id", "style"}), ("usergroup_id",)),
    "channel": (frozenset({"type", "channel_id", "style"}), ("channel_id",)),
    "team": (frozenset({"type", "team_id", "style"}), ("team_id",)),
    "broadcast": (frozenset({"type", "range", "style"}), ("range",)),
    "date": (frozenset({"type", "timestamp", "format", "url", "fallback", "style"}), ("format",)),
    "color": (frozenset({"type", "value", "style"}), ("value",)),
}
STYLES = frozenset({"bold", "italic", "strike", "code"})
MENTION_STYLES = STYLES | {"underline", "highlight", "client_highlight", "unlink"}
PREFORMATTED = frozenset({"text", "link", "emoji"})


def check_rich_text(block: Json, at: str, found: Findings) -> None:
    for number, part in enumerate(items(block, "elements", at, 10_000, found)):
        _check_part(part, f"{at}/elements/{number}", found)


def _check_part(part: Json, at: str, found: Findings) -> None:
    kind = part.get("type")
    allowed = OBJECT_KEYS.get(str(kind))
    if allowed is None:
        found.add(f"unsupported type: {kind}", f"{at}/type")
        return
    keys(part, at, allowed, found)
    elements = items(part, "elements", at, 10_000, found, least=0)
    if kind == "rich_text_list":
        _check_list(part, elements, at, found)
        return
    for number, element in enumerate(elements):
        if kind == "rich_text_preformatted" and element.get("type") not in PREFORMATTED:
            found.add(f"unsupported type: {element.get('type')}", f"{at}/elements/{number}/type")
        _check_inline(element, f"{at}/elements/{number}", found)


def _check_list(part: Json, elements: list[Json], at: str, found: Findings) -> None:
    if part.get("style") not in ("bullet", "ordered"):
        found.add("must be one of bullet, ordered", f"{at}/style")
    indent = part.get("indent", 0)
    if not isinstance(indent, int) or not 0 <= indent <= 8:
        found.add("must be between 0 and 8", f"{at}/indent")
    for number, element in enumerate(elements):
        if element.get("type") != "rich_text_section":
            found.add(f"unsupported type: {element.get('type')}", f"{at}/elements/{number}/type")
        else:
            _check_part(element, f"{at}/elements/{number}", found)


def _check_inline(element: Json, at: str, found: Findings) -> None:
    kind = element.get("type")
    rule = INLINE.get(str(kind))
    if rule is None:
        found.add(f"unsupported type: {kind}", f"{at}/type")
        return
    allowed, required = rule
    keys(element, at, allowed, found)
    for name in required:
        required_string(element, name, at, 40_000, found)
    if kind == "link":
        optional_string(element, "text", at, 40_000, found, least=0)
    if kind == "broadcast":
        choice(element, "range", at, ("here", "channel", "everyone"), found)
    if kind == "date" and not isinstance(element.get("timestamp"), int):
        found.add("missing required field: timestamp", at)
    if "style" in element:
        _check_style(element["style"], f"{at}/style", MENTION_STYLES if kind in ("user", "channel") else STYLES, found)


def _check_style(style: Any, at: str, allowed: frozenset[str], found: Findings) -> None:
    if not isinstance(style, dict):
        found.add("must provide an object", at)
        return
    keys(style, at, allowed, found)
    if not all(isinstance(value, bool) for value in style.values()):
        found.add("must be a valid boolean", at)
