"""Inline keyboards and what Telegram refuses in them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .errors import bad_request
from .params import Object

ACTIONS = (
    "callback_data",
    "url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "web_app",
    "login_url",
)
WEB = re.compile(
    r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?(?:[/?#]\S*)?$|https?://[\w.-]+(?::\d+)?(?:[/?#]\S*)?$"
)
APP = re.compile(r"(?:tg|ton)://\S+$")
MOST_BUTTONS = 100


@dataclass(frozen=True)
class Button:
    """A button under a message."""

    label: str
    data: str | None = None
    url: str | None = None
    inline_query: str | None = None

    def payload(self) -> Object:
        answer: Object = {"text": self.label}
        if self.data is not None:
            answer["callback_data"] = self.data
        if self.url is not None:
            answer["url"] = self.url
        if self.inline_query is not None:
            answer["switch_inline_query_current_chat"] = self.inline_query
        return answer


def is_web_address(url: str) -> bool:
    return bool(WEB.match(url) or APP.match(url))


def read_keyboard(markup: Object | None, *, check: bool = True) -> list[list[Button]]:
    """The rows of an inline keyboard; other kinds of markup show no buttons under a message."""
    if markup is None or "inline_keyboard" not in markup:
        return []
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse reply keyboard markup JSON object")
    keyboard = [[_button(raw, check) for raw in row] for row in rows]
    if check and sum(map(len, keyboard)) > MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return [row for row in keyboard if row]


def _button(raw: object, check: bool) -> Button:
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    data, url = raw.get("callback_data"), raw.get("url")
    query = raw.get("switch_inline_query_current_chat", raw.get("switch_inline_query"))
    button = Button(raw["text"], data, url, query)
    if check:
        _check(raw, button)
    return button


def _check(raw: dict[str, object], button: Button) -> None:
    if not button.label.strip():
        raise bad_request("can't parse inline keyboard button: Button text must be non-empty")
    actions = [name for name in ACTIONS if raw.get(name) is not None]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if button.data is not None and not 1 <= len(button.data.encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if button.url is not None and not is_web_address(button.url):
        raise bad_request(f"inline keyboard button URL '{button.url}' is invalid: Wrong HTTP URL")
