"""The things that a person can press, choose or fill in."""

import re

from tests.fakes.slack.checks.options import check_confirm, check_menu, check_options
from tests.fakes.slack.checks.shape import (
    Findings,
    boolean,
    choice,
    keys,
    optional_string,
    optional_text,
    required_string,
    required_text,
)
from tests.fakes.slack.wire import Json

_COMMON = {"type", "action_id", "confirm"}
_INPUT = _COMMON | {"placeholder", "focus_on_load"}
_TEXT = _INPUT | {"initial_value", "dispatch_action_config"}
_MULTI = {"initial_options", "max_selected_items"}
_FILTER = {"filter", "default_to_current_conversation"}

ELEMENT_KEYS: dict[str, frozenset[str]] = {
    kind: frozenset(names)
    for kind, names in {
        "button": _COMMON | {"text", "url", "value", "style", "accessibility_label"},
        "overflow": _COMMON | {"options"},
        "checkboxes": (_INPUT - {"placeholder"}) | {"options", "initial_options"},
        "radio_buttons": (_INPUT - {"placeholder"}) | {"options", "initial_option"},
        "datepicker": _INPUT | {"initial_date"},
        "timepicker": _INPUT | {"initial_time", "timezone"},
        "datetimepicker": (_INPUT - {"placeholder"}) | {"initial_date_time"},
        "static_select": _INPUT | {"options", "option_groups", "initial_option"},
        "multi_static_select": _INPUT | _MULTI | {"options", "option_groups"},
        "external_select": _INPUT | {"initial_option", "min_query_length"},
        "multi_external_select": _INPUT | _MULTI | {"min_query_length"},
        "users_select": _INPUT | {"initial_user"},
        "multi_users_select": _INPUT | {"initial_users", "max_selected_items"},
        "conversations_select": _INPUT | _FILTER | {"initial_conversation", "response_url_enabled"},
        "multi_conversations_select": _INPUT | _FILTER | {"initial_conversations", "max_selected_items"},
        "channels_select": _INPUT | {"initial_channel", "response_url_enabled"},
        "multi_channels_select": _INPUT | {"initial_channels", "max_selected_items"},
        "plain_text_input": (_TEXT - {"confirm"}) | {"multiline", "min_length", "max_length"},
        "email_text_input": _TEXT - {"confirm"},
        "url_text_input": _TEXT - {"confirm"},
        "number_input": (_TEXT - {"confirm"}) | {"is_decimal_allowed", "min_value", "max_value"},
        "rich_text_input": _TEXT - {"confirm"},
        "file_input": {"type", "action_id", "filetypes", "max_files"},
    }.items()
}
PRESSABLE = frozenset({"button", "overflow", "checkboxes", "radio_buttons", "datepicker", "timepicker"})
SELECTS = frozenset(kind for kind in ELEMENT_KEYS if kind.endswith("_select"))
SINGLE_SELECTS = frozenset(kind for kind in SELECTS if not kind.startswith("multi_"))
IN_ACTIONS = PRESSABLE | SINGLE_SELECTS | {"datetimepicker", "rich_text_input"}
IN_SECTION = PRESSABLE | SELECTS
IN_INPUT = frozenset(ELEMENT_KEYS) - {"button", "overflow"}
DATE = re.compile(r"\d{4}-\d\d-\d\d")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def check_element(element: Json, at: str, allowed: frozenset[str], found: Findings, in_block: set[str]) -> None:
    """One interactive element; `in_block` holds the action ids that its block has already."""
    kind = element.get("type")
    if kind not in allowed or kind not in ELEMENT_KEYS:
        found.add(f"unsupported type: {kind}", f"{at}/type")
        return
    keys(element, at, ELEMENT_KEYS[kind], found)
    _check_action_id(element, at, found, in_block)
    if "confirm" in element:
        check_confirm(element["confirm"], f"{at}/confirm", found)
    if kind == "button":
        _check_button(element, at, found)
        return
    optional_text(element, "placeholder", at, 150, found, plain=True)
    boolean(element, "focus_on_load", at, found)
    _check_own(kind, element, at, found)


def _check_action_id(element: Json, at: str, found: Findings, in_block: set[str]) -> None:
    action_id = element.get("action_id")
    if action_id is None:
        return
    required_string(element, "action_id", at, 255, found)
    taken = found.action_ids if found.unique_actions == "message" else in_block
    if action_id in taken:
        found.add(f'`action_id` "{action_id}" already exists', f"{at}/action_id")
    taken.add(str(action_id))


def _check_button(element: Json, at: str, found: Findings) -> None:
    required_text(element, "text", at, 75, found, plain=True)
    optional_string(element, "value", at, 2000, found)
    optional_string(element, "url", at, 3000, found)
    optional_string(element, "accessibility_label", at, 75, found)
    choice(element, "style", at, ("primary", "danger"), found)
    if isinstance(element.get("url"), str) and not re.match(r"[a-z][a-z0-9+.-]*:", element["url"]):
        found.add("must be a valid URL", f"{at}/url")


def _check_own(kind: str, element: Json, at: str, found: Findings) -> None:
    """What is particular to one kind of element."""
    match kind:
        case "static_select" | "multi_static_select":
            check_menu(element, at, found)
        case "checkboxes" | "radio_buttons":
            check_options(element, at, 10, found, plain=False)
        case "overflow":
            check_options(element, at, 5, found, url=True)
        case "datepicker":
            _check_pattern(element, "initial_date", at, DATE, found)
        case "timepicker":
            _check_pattern(element, "initial_time", at, TIME, found)
        case "plain_text_input":
            _check_text_input(element, at, found)
        case "number_input":
            if not isinstance(element.get("is_decimal_allowed"), bool):
                found.add("missing required field: is_decimal_allowed", at)
    if kind.startswith("multi_") and element.get("max_selected_items", 1) < 1:
        found.add("must be at least 1", f"{at}/max_selected_items")


def _check_pattern(element: Json, name: str, at: str, pattern: re.Pattern[str], found: Findings) -> None:
    value = element.get(name)
    if value is not None and not (isinstance(value, str) and pattern.fullmatch(value)):
        found.add("must be in a valid format", f"{at}/{name}")


def _check_text_input(element: Json, at: str, found: Findings) -> None:
    optional_string(element, "initial_value", at, 3000, found, least=0)
    boolean(element, "multiline", at, found)
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if not isinstance(least, int) or not 0 <= least <= 3000:
        found.add("must be between 0 and 3000", f"{at}/min_length")
    elif not isinstance(most, int) or not 1 <= most <= 3000:
        found.add("must be between 1 and 3000", f"{at}/max_length")
    elif least > most:
        found.add("must be less than or equal to max_length", f"{at}/min_length")
    elif len(element.get("initial_value") or "") > most:
        found.add("must not be longer than max_length", f"{at}/initial_value")
