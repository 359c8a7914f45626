"""Slack's Block Kit: a document and its buttons as messages for chat.postMessage.

Only structural blocks are used, whose text Slack never searches for mentions; the fallback text, which notifications
show, is escaped as Slack documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from bot.render.document import Block, Blocks, Document, Heading, Rule, Table, text_of
from bot.render.escape import one_line, visible
from bot.render.plain import plain
from bot.render.slack_text import Json, cell, rich_text
from bot.render.split import split
from handlers.command import Button

# Slack's documented limits. The one on all text of a message is not documented: chat.postMessage refuses somewhat
# above 11,000 characters (msg_blocks_too_long, bolt-js issues 2509 and 2867), addresses and blocks counted.
_MOST_BLOCKS = 50
_MOST_ROWS, _MOST_COLUMNS = 100, 20
_LONGEST_MESSAGE = 8000
_LONGEST_HEADER, _LONGEST_FALLBACK = 150, 4000
_LONGEST_LABEL, _LONGEST_VALUE = 75, 2000
_BUTTONS_A_ROW = 5


class SlackMessage(TypedDict):
    """The content of a message: `text` for notifications, `blocks` for the window."""

    text: str
    blocks: list[Json]


def messages(document: Document, buttons: Sequence[Button] = ()) -> list[SlackMessage]:
    """The messages in order; the buttons stand under the last one.

    A button has the action id `command:N` and the command line as its value; one whose command line is longer than
    Slack's 2,000 characters is left out, since it can still be typed.
    """
    rows = _button_rows(buttons)
    room = _MOST_BLOCKS - len(rows[: _MOST_BLOCKS // 2])
    written = _messages(document, room)
    if rows and not written:
        written.append({"text": _fallback(", ".join(button.label for button in buttons)), "blocks": []})
    for row in rows:
        if len(written[-1]["blocks"]) == _MOST_BLOCKS:
            written.append({"text": written[-1]["text"], "blocks": []})
        written[-1]["blocks"].append(row)
    return written


def escaped(text: str) -> str:
    """Text as Slack wants it where it looks for mentions and links."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _messages(document: Document, room: int) -> list[SlackMessage]:
    blocks = _blocks(document.blocks)
    if document.blocks and _are_few(blocks, room):
        return [_message(document, blocks)]
    parts = split(document, lambda some: _are_few(_blocks(some), room))
    return [_message(part, _blocks(part.blocks)) for part in parts]


def _message(part: Document, blocks: list[Json]) -> SlackMessage:
    return {"text": _fallback(plain(part, links=False)), "blocks": blocks}


def _are_few(blocks: list[Json], room: int) -> bool:
    tables = [rows for block in blocks if isinstance(rows := block.get("rows"), list)]
    return (
        len(blocks) <= room
        and len(tables) <= 1
        and all(len(rows) <= _MOST_ROWS for rows in tables)
        and _written(blocks) <= _LONGEST_MESSAGE
    )


def _written(value: object) -> int:
    """The characters of text and of addresses in blocks."""
    if isinstance(value, list):
        return sum(map(_written, value))
    if not isinstance(value, dict):
        return 0
    if isinstance(text := value.get("text"), str):
        return len(text) + len(str(value.get("url", "")))
    return sum(_written(inner) for inner in value.values() if isinstance(inner, dict | list))


def _blocks(blocks: Blocks) -> list[Json]:
    return [_block(block) for block in blocks]


def _block(block: Block) -> Json:
    match block:
        case Heading(content=content) if 0 < len(one_line(text_of(content))) <= _LONGEST_HEADER:
            return {"type": "header", "text": _plain_text(text_of(content))}
        case Table(header, rows) if len(header) <= _MOST_COLUMNS:
            return {
                "type": "table",
                "rows": [[cell(name, bold=True) for name in header], *([cell(value) for value in row] for row in rows)],
                "column_settings": [{"is_wrapped": True} for _ in header],
            }
        case Rule():
            return {"type": "divider"}
    return rich_text(block)


def _plain_text(text: str) -> Json:
    return {"type": "plain_text", "text": one_line(text), "emoji": False}


def _button_rows(buttons: Sequence[Button]) -> list[Json]:
    usable = [button for button in buttons if len(button.command) <= _LONGEST_VALUE]
    elements = [_button(button, number) for number, button in enumerate(usable)]
    return [
        {"type": "actions", "elements": list(elements[start : start + _BUTTONS_A_ROW])}
        for start in range(0, len(elements), _BUTTONS_A_ROW)
    ]


def _button(button: Button, number: int) -> Json:
    label = _shortened(one_line(button.label) or "…", _LONGEST_LABEL)
    element: Json = {"type": "button", "action_id": f"command:{number}", "text": _plain_text(label)}
    if button.url:
        element["url"] = button.url
    if button.command:
        element["value"] = button.command
    if button.style != "plain":
        element["style"] = button.style
    return element


def _fallback(text: str) -> str:
    """The escaped text, cut at a word: nobody reads a long text in a notification."""
    text = visible(text)
    whole = escaped(text)
    if len(whole) <= _LONGEST_FALLBACK:
        return whole
    length = _LONGEST_FALLBACK
    while len(escaped(shortened := _shortened(text, length))) > _LONGEST_FALLBACK:
        length = length * 3 // 4
    return escaped(shortened)


def _shortened(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip() + "…"
