"""Options of select menus, checkboxes and radio buttons; confirmation dialogues."""

from typing import Any

from tests.fakes.slack.checks.shape import (
    Findings,
    choice,
    items,
    keys,
    optional_string,
    optional_text,
    required_string,
    required_text,
)
from tests.fakes.slack.wire import Json

OPTION_KEYS = frozenset({"text", "value", "description", "url"})
CONFIRM_KEYS = frozenset({"title", "text", "confirm", "deny", "style"})
GROUP_KEYS = frozenset({"label", "options"})


def check_option(option: Json, at: str, found: Findings, *, plain: bool = True, url: bool = False) -> None:
    keys(option, at, OPTION_KEYS if url else OPTION_KEYS - {"url"}, found)
    required_text(option, "text", at, 75, found, plain=plain)
    required_string(option, "value", at, 150, found)
    optional_text(option, "description", at, 75, found, plain=plain)
    optional_string(option, "url", at, 3000, found)


def check_options(element: Json, at: str, most: int, found: Findings, *, plain: bool = True, url: bool = False) -> None:
    options = items(element, "options", at, most, found)
    for number, option in enumerate(options):
        check_option(option, f"{at}/options/{number}", found, plain=plain, url=url)
    _check_initial(element, at, options, found)


def check_menu(element: Json, at: str, found: Findings) -> None:
    """A static select menu: options or groups of options, not both."""
    groups = element.get("option_groups")
    if groups is None:
        check_options(element, at, 100, found)
        return
    if element.get("options") is not None:
        found.add("must have only one of options and option_groups", at)
    every: list[Json] = []
    for number, group in enumerate(items(element, "option_groups", at, 100, found)):
        where = f"{at}/option_groups/{number}"
        keys(group, where, GROUP_KEYS, found)
        required_text(group, "label", where, 75, found, plain=True)
        check_options(group, where, 100, found)
        every.extend(group.get("options") or [])
    _check_initial(element, at, every, found)


def _check_initial(element: Json, at: str, options: list[Json], found: Findings) -> None:
    chosen = element.get("initial_option")
    many = element.get("initial_options")
    if chosen is not None and chosen not in options:
        found.add("must match one of the options", f"{at}/initial_option")
    if many is not None and not (isinstance(many, list) and many and all(one in options for one in many)):
        found.add("must match the options", f"{at}/initial_options")


def check_confirm(confirm: Any, at: str, found: Findings) -> None:
    if not isinstance(confirm, dict):
        found.add("must provide an object", at)
        return
    keys(confirm, at, CONFIRM_KEYS, found)
    required_text(confirm, "title", at, 100, found, plain=True)
    required_text(confirm, "text", at, 300, found)
    optional_text(confirm, "confirm", at, 30, found, plain=True)
    optional_text(confirm, "deny", at, 30, found, plain=True)
    choice(confirm, "style", at, ("primary", "danger"), found)
