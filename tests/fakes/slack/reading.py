"""A message or a view as a person reads it: plain words, and the things that can be pressed or filled in."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack.records import Message, View
from tests.fakes.slack.wire import Impossible, Json
from tests.fakes.slack.workspace import Workspace

ANGLE = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
MARKS = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")
CODE = re.compile(r"```\n?|`")
MARKDOWN_LINK = re.compile(r"!?\[((?:\\.|[^\]\\])*)\]\([^)]*\)")
MARKDOWN_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
MARKDOWN_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)


@dataclass(frozen=True)
class Control:
    """Something to press, choose or fill in, with the block that holds it."""

    label: str
    kind: str
    action_id: str
    block_id: str
    element: Json
    block: Json

    @property
    def value(self) -> str:
        return str(self.element.get("value", ""))

    @property
    def url(self) -> str | None:
        return self.element.get("url")

    @property
    def style(self) -> str | None:
        return self.element.get("style")

    @property
    def options(self) -> list[Json]:
        flat = list(self.element.get("options") or [])
        for group in self.element.get("option_groups") or []:
            flat.extend(group["options"])
        return flat


class Reader:
    """Eyes of a person in the workspace: ids become names."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def seen(self, shown: Message | View) -> str:
        if isinstance(shown, View):
            frame = [shown.title, *map(self._block, shown.blocks)]
            frame += [f"[{_text(shown.content.get(name))}]" for name in ("close", "submit") if shown.content.get(name)]
            return "\n".join(part for part in frame if part)
        if shown.blocks:
            return "\n".join(part for part in map(self._block, shown.blocks) if part)
        return self.mrkdwn(shown.text) if shown.args.get("mrkdwn", True) else html.unescape(shown.text)

    def mrkdwn(self, text: str) -> str:
        plain = CODE.sub("", ANGLE.sub(self._angle, text))
        for _ in range(3):
            plain = MARKS.sub(r"\2", plain)
        return html.unescape(plain)

    def _angle(self, match: re.Match[str]) -> str:
        target, label = match[1], match[2]
        if target.startswith("@"):
            person = self._workspace.people.get(target[1:])
            return f"@{person.name if person else target[1:]}"
        if target.startswith("#"):
            channel = self._workspace.channels.get(target[1:])
            return f"#{channel.name if channel else target[1:]}"
        if target.startswith("!"):
            return label if label is not None else f"@{target[1:]}"
        return label or target

    def _object(self, value: Json | None) -> str:
        if not value:
            return ""
        return self.mrkdwn(value["text"]) if value["type"] == "mrkdwn" else str(value["text"])

    def _block(self, block: Json) -> str:
        match block["type"]:
            case "header":
                return self._object(block["text"])
            case "section":
                parts = [self._object(block.get("text")), *map(self._object, block.get("fields") or [])]
                parts.append(self._element(block.get("accessory")))
                return "\n".join(part for part in parts if part)
            case "context" | "actions":
                return " ".join(filter(None, map(self._element, block["elements"])))
            case "image":
                return "\n".join(filter(None, [self._object(block.get("title")), block["alt_text"]]))
            case "input":
                parts = [self._object(block["label"]), self._element(block["element"]), self._object(block.get("hint"))]
                return "\n".join(part for part in parts if part)
            case "rich_text":
                return self._rich(block)
            case "markdown":
                return _markdown(block["text"])
            case "table":
                return "\n".join(" | ".join(map(self._cell, row)) for row in block["rows"])
            case _:
                return ""

    def _cell(self, cell: Json) -> str:
        return str(cell["text"]) if cell["type"] == "raw_text" else self._rich(cell)

    def _element(self, element: Json | None) -> str:
        if element is None:
            return ""
        match element["type"]:
            case "plain_text" | "mrkdwn":
                return self._object(element)
            case "image":
                return str(element["alt_text"])
            case "button":
                return f"[{_text(element['text'])}]"
            case "checkboxes" | "radio_buttons":
                return "\n".join(f"( ) {self._object(option['text'])}" for option in element["options"])
            case _:
                chosen = element.get("initial_option")
                given = element.get("initial_value") or (_text(chosen["text"]) if chosen else "")
                return str(given or _text(element.get("placeholder")))

    def _rich(self, block: Json) -> str:
        lines: list[str] = []
        for part in block["elements"]:
            if part["type"] == "rich_text_list":
                for number, item in enumerate(part["elements"], part.get("offset", 0) + 1):
                    mark = "•" if part["style"] == "bullet" else f"{number}."
                    lines.append(f"{mark} {self._inline(item)}")
            else:
                lines.append(self._inline(part))
        return "\n".join(lines)

    def _inline(self, part: Json) -> str:
        return "".join(map(self._word, part["elements"]))

    def _word(self, element: Json) -> str:
        match element["type"]:
            case "text":
                return str(element["text"])
            case "link":
                return str(element.get("text") or element["url"])
            case "user":
                return self._angle_of(f"@{element['user_id']}")
            case "channel":
                return self._angle_of(f"#{element['channel_id']}")
            case "emoji":
                return f":{element['name']}:"
            case "broadcast":
                return f"@{element['range']}"
            case _:
                return str(element.get("fallback") or element.get("value") or "")

    def _angle_of(self, target: str) -> str:
        return ANGLE.sub(self._angle, f"<{target}>")


def _text(value: Json | None) -> str:
    return str(value["text"]) if value else ""


def _markdown(text: str) -> str:
    plain = MARKDOWN_LINK.sub(r"\1", HEADING.sub("", text))
    plain = MARKS.sub(r"\2", MARKDOWN_BOLD.sub(r"\2", plain))
    return html.unescape(MARKDOWN_ESCAPE.sub(r"\1", CODE.sub("", plain)))


def controls(shown: Message | View) -> list[Control]:
    return [
        Control(_label(block, element), element["type"], element["action_id"], block["block_id"], element, block)
        for block in shown.blocks
        for element in _elements(block)
    ]


def buttons(shown: Message | View) -> list[Control]:
    return [control for control in controls(shown) if control.kind == "button"]


def find(shown: Message | View, name: str, among: list[Control] | None = None) -> Control:
    """The control with that label, action id or block id."""
    offered = controls(shown) if among is None else among
    for control in offered:
        if name in (control.label, control.action_id, control.block_id):
            return control
    raise Impossible(f"nothing is called {name!r}; there is {[control.label for control in offered]}")


def _label(block: Json, element: Json) -> str:
    if block["type"] == "input":
        return _text(block["label"])
    return _text(element.get("text")) or _text(element.get("placeholder")) or str(element["action_id"])


def _elements(block: Json) -> Iterator[Json]:
    candidates: list[Any] = [block.get("accessory"), block.get("element")]
    if block["type"] == "actions":
        candidates += block["elements"]
    return (one for one in candidates if one and one["type"] != "image")
