"""How a person's choice becomes the state of an input element."""

from typing import Any

from tests.fakes.slack.reading import Control
from tests.fakes.slack.wire import Impossible, Json

WRITTEN = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
PICKED = {
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
}
ONE_OPTION = frozenset({"static_select", "external_select", "radio_buttons", "overflow"})
MANY_OPTIONS = frozenset({"multi_static_select", "multi_external_select", "checkboxes"})
STATELESS = frozenset({"button", "overflow"})


def untouched(control: Control) -> Json:
    """What the element holds before anybody touches it."""
    kind, element = control.kind, control.element
    if kind in WRITTEN:
        return {"type": kind, "value": element.get("initial_value")}
    if kind in ONE_OPTION:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": element.get("initial_options") or []}
    if kind in PICKED:
        name, initial = PICKED[kind]
        return {"type": kind, name: element.get(initial, [] if kind.startswith("multi_") else None)}
    return {"type": kind, "rich_text_value": element.get("initial_value")}


def filled(control: Control, given: Any, offered: list[Json]) -> Json:
    """What the element holds after a person gave `given`: a text, an option's text or value, or a list of them."""
    kind = control.kind
    if kind in WRITTEN:
        return {"type": kind, "value": _written(control, str(given)) or None}
    if kind in ONE_OPTION:
        chosen = None if given in (None, "") else _option(control, given, offered)
        return {"type": kind, "selected_option": chosen}
    if kind in MANY_OPTIONS:
        return {"type": kind, "selected_options": [_option(control, one, offered) for one in given]}
    if kind in PICKED:
        return {"type": kind, PICKED[kind][0]: given}
    return {"type": kind, "rich_text_value": given}


def is_empty(state: Json) -> bool:
    return not any(value for name, value in state.items() if name != "type")


def _written(control: Control, text: str) -> str:
    least, most = control.element.get("min_length", 0), control.element.get("max_length", 3000)
    if text and not least <= len(text) <= most:
        raise Impossible(f"{control.label!r} takes {least} to {most} characters, not {len(text)}")
    return text


def _option(control: Control, wanted: Any, offered: list[Json]) -> Json:
    for option in control.options or offered:
        if wanted in (option["value"], option["text"]["text"]):
            return option
    texts = [option["text"]["text"] for option in control.options or offered]
    raise Impossible(f"{control.label!r} does not offer {wanted!r}; it offers {texts}")
