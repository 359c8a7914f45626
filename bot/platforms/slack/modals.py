"""Modals: a command's form as a Slack view, and what is wrong with it shown in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from bot.arrival import Arrival, Asking
from bot.platforms.slack.way import way_of
from bot.render.escape import one_line, visible
from bot.render.slack_text import Json
from handlers.command import Place
from handlers.form import Choice, FieldView

T = TypeVar("T")

CALLBACK = "form"
# Slack's documented limits.
_LONGEST_TITLE, _LONGEST_LABEL, _LONGEST_HINT = 24, 2000, 2000
LONGEST_INPUT, _LONGEST_METADATA = 3000, 3000
_MOST_BLOCKS, _MOST_OPTIONS, _LONGEST_OPTION, _LONGEST_VALUE = 100, 100, 75, 150
_SEARCH = "Type a few letters"
_LONGEST_ERROR = 1000


class Errand(BaseModel):
    """What a modal remembers while it is filled: the command, where it was typed, how to answer there."""

    model_config = ConfigDict(frozen=True)

    words: str
    conversation: str
    thread: str = ""
    private: bool = True
    channel: str = ""
    thread_ts: str = ""
    response_url: str = ""
    quiet: bool = False

    @property
    def place(self) -> Place:
        return Place("slack", self.conversation, self.thread, self.private)


def errand(arrival: Arrival, words: str) -> Errand:
    way = way_of(arrival.address)
    return Errand(
        words=words,
        conversation=arrival.place.conversation,
        thread=arrival.place.thread,
        private=arrival.place.private,
        channel=way.channel,
        thread_ts=way.thread_ts,
        response_url=way.response_url,
        quiet=way.quiet,
    )


def view(arrival: Arrival, asking: Asking, own: Mapping[str, str] | None = None) -> Json | None:
    """The modal that asks for the form's fields; None when Slack could not show it without loss.

    `own` is what Slack says of the person, for the fields that ask for it.
    """
    fields = asking.command.form.fields()
    asking = replace(asking, values={**_likely(fields, own or {}), **_some(asking.values)})
    metadata = errand(arrival, asking.command.words).model_dump_json(exclude_defaults=True)
    too_long = any(len(value) > LONGEST_INPUT for value in asking.values.values())
    if not 0 < len(fields) < _MOST_BLOCKS or too_long or len(metadata) > _LONGEST_METADATA:
        return None
    names = {field.name for field in fields}
    intro = [asking.command.help, *(error for name, error in asking.errors.items() if name not in names)]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": _plain(_title(asking.command.words)),
        "submit": _plain(asking.command.form.submit),
        "close": _plain("Cancel"),
        "private_metadata": metadata,
        "blocks": [
            {"type": "section", "text": _plain(_cut("\n".join(filter(None, intro)) or "…", LONGEST_INPUT))},
            *(_input(field, asking) for field in fields),
        ],
    }


def refusal(arrival: Arrival, asking: Asking) -> Json:
    """The answer to a submission that cannot be accepted: errors at their fields, or the form once more."""
    fields = [field.name for field in asking.command.form.fields()]
    errors = {name: error for name, error in asking.errors.items() if name in fields}
    if elsewhere := [error for name, error in asking.errors.items() if name not in fields and fields]:
        errors[fields[0]] = "; ".join(filter(None, [errors.get(fields[0]), *elsewhere]))
    if errors:
        shown = {name: _cut(visible(error), _LONGEST_ERROR) or "…" for name, error in errors.items()}
        return {"response_action": "errors", "errors": shown}
    again = view(arrival, asking)
    return {"response_action": "update", "view": again} if again else {"response_action": "clear"}


def options(choices: Sequence[Choice]) -> Json:
    """The answer to what somebody types into a menu: what Slack could not give back whole is left out."""
    found = {choice.value: choice.label for choice in choices if 0 < len(choice.value) <= _LONGEST_VALUE}
    return {"options": [_option(value, label) for value, label in list(found.items())[:_MOST_OPTIONS]]}


def _likely(fields: Sequence[FieldView], own: Mapping[str, str]) -> dict[str, str]:
    """What the fields have before anybody fills them in."""
    return {one.name: (own.get(one.name, "") if one.own else "") or one.likely for one in fields}


def _input(field: FieldView, asking: Asking) -> Json:
    value, error = asking.values.get(field.name, ""), asking.errors.get(field.name, "")
    doubt = asking.doubts.get(field.name, "")
    block: Json = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(_cut(one_line(field.label) or field.name, _LONGEST_LABEL)),
        "optional": not field.required,
        "element": _element(field, value, "" if error else asking.labels.get(field.name, "")),
    }
    hint = ". ".join(one_line(part) for part in (error, doubt, field.help) if part)
    if hint:
        block["hint"] = _plain(_cut(hint, _LONGEST_HINT))
    return block


def _element(field: FieldView, value: str, label: str) -> Json:
    if field.searched:
        search: Json = {
            "type": "external_select",
            "action_id": "value",
            "placeholder": _plain(_SEARCH),
            "min_query_length": 0,
        }
        is_chosen = label and 0 < len(value) <= _LONGEST_VALUE
        return search | _some({"initial_option": _option(value, label) if is_chosen else None})
    if field.choices and _are_options(field.choices):
        menu: Json = {
            "type": "static_select",
            "action_id": "value",
            "options": [_option(choice, choice) for choice in field.choices],
        }
        return menu | _some({"initial_option": _option(value, value) if value in field.choices else None})
    text: Json = {"type": "plain_text_input", "action_id": "value"}
    return text | _some({"multiline": field.multiline or "\n" in value, "initial_value": value})


def _are_options(choices: tuple[str, ...]) -> bool:
    return len(choices) <= _MOST_OPTIONS and all(0 < len(choice) <= _LONGEST_OPTION for choice in choices)


def _option(value: str, label: str) -> Json:
    return {"text": _plain(_cut(one_line(label) or value, _LONGEST_OPTION)), "value": value}


def _some(values: Mapping[str, T]) -> dict[str, T]:
    return {name: value for name, value in values.items() if value}


def _title(words: str) -> str:
    return _cut(words[:1].upper() + words[1:], _LONGEST_TITLE)


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
