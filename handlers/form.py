"""Forms: the fields of a command, which are its command line, modal, dialogue and checks at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.config import JsonDict
from pydantic_core import PydanticUndefined

from handlers.situation import Situation

LINE_LIMIT = 300
TEXT_LIMIT = 20_000

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LINE_LIMIT)]
"""One line of text, 1 to 300 characters."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_LIMIT), "multiline"]
"""Several lines of text, 1 to 20,000 characters."""


def field(
    label: str, *, help: str = "", default: Any = PydanticUndefined, named: bool = False, searched: bool = False
) -> Any:
    """A form's field: its label, what to type, and its default.

    A field without a default must be filled. A `named` one is never taken from its position in a line: only
    `name=value` sets it. For a `searched` one the form offers choices while somebody types (`Form.offers`).
    """
    extra: JsonDict = {"named": named, "searched": searched}
    return Field(default=default, title=label, description=help, json_schema_extra=extra)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a person may mean: the value that the form takes, and what they are shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as the platforms show it."""

    name: str
    label: str
    help: str
    required: bool
    named: bool
    multiline: bool
    searched: bool
    choices: tuple[str, ...]

    def choice(self, value: str) -> str:
        """The choice that a value means, in any case and shortened; the value itself where it means none."""
        begun = [one for one in self.choices if value and one.lower().startswith(value.strip().lower())]
        exact = [one for one in begun if len(one) == len(value.strip())]
        return (exact or begun)[0] if len(exact or begun) == 1 else value


class Form(BaseModel):
    """The base of every form. Values arrive as text and are checked by pydantic."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @classmethod
    def fields(cls) -> Sequence[FieldView]:
        """The fields in the order in which they are asked for."""
        return [_view(name, info) for name, info in cls.model_fields.items()]

    @classmethod
    async def known(cls, situation: Situation) -> Mapping[str, str]:
        """Values that are known before anybody types, by field; a person may change them."""
        return {}

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        """What may be meant by what was typed so far into a searched field, best first."""
        return ()

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        """What is wrong with values that are right each by itself, by field, in words for the person."""
        return {}


def problems(error: ValidationError) -> Mapping[str, str]:
    """What is wrong with each field, in words for the person who filled it."""
    return {str(fault["loc"][0]) if fault["loc"] else "": _in_words(dict(fault)) for fault in error.errors()}


def _view(name: str, info: Any) -> FieldView:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    return FieldView(
        name=name,
        label=info.title or name.replace("_", " ").capitalize(),
        help=info.description or "",
        required=info.is_required(),
        named=bool(extra.get("named")),
        multiline="multiline" in info.metadata,
        searched=bool(extra.get("searched")),
        choices=_choices(info.annotation),
    )


def _choices(annotation: Any) -> tuple[str, ...]:
    origin = get_origin(annotation)
    if origin is Literal:
        return tuple(str(value) for value in get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(str(member.value) for member in annotation)
    if origin in (Union, UnionType):
        return tuple(choice for part in get_args(annotation) for choice in _choices(part))
    return ()


def _in_words(fault: dict[str, Any]) -> str:
    context = fault.get("ctx", {})
    match fault["type"]:
        case "missing":
            return "this is needed"
        case "extra_forbidden":
            return "there is no such field"
        case "string_too_short":
            return "this is empty"
        case "string_too_long":
            return f"this is longer than {context['max_length']} characters"
        case "enum" | "literal_error":
            return f"allowed are {context['expected'].replace(chr(39), '')}"
        case "int_parsing":
            return "a whole number is needed"
        case "greater_than_equal":
            return f"it must be at least {context['ge']}"
        case "less_than_equal":
            return f"it must be at most {context['le']}"
        case "value_error":
            return str(context["error"])
        case _:
            return str(fault["msg"])
