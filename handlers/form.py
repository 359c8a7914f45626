"""Forms: the fields of a command, which are its command line, modal, dialogue and checks at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import UnionType
from typing import Annotated, Any, ClassVar, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
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
    label: str,
    *,
    help: str = "",
    default: Any = PydanticUndefined,
    named: bool = False,
    searched: bool = False,
    asked: bool = False,
    likely: str = "",
    own: bool = False,
    also: str = "",
) -> Any:
    """A form's field: its label, what to type, and its default.

    A field without a default must be filled. A `named` one is never taken from its position in a line: only
    `name=value` sets it. For a `searched` one the form offers choices while somebody types (`Form.offers`). An `asked`
    one has a default, and a dialogue asks for it all the same; it may be skipped. Where a form is shown as a whole, a
    field has its `likely` value already, and an `own` one what the platform says of the person under that name. A line
    may name it by what it is `also` called.
    """
    extra: JsonDict = {"named": named, "searched": searched, "asked": asked, "likely": likely, "own": own}
    extra["also"] = also
    return Field(default=default, title=label, description=help, json_schema_extra=extra)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that a person may mean: the value that the form takes, and what they are shown.

    One that `fits` alone is taken for what was typed. One that does not, as a name that is only near or something new
    that would be made, is taken only by whoever chooses it.
    """

    value: str
    label: str
    fits: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out of what somebody gave, by field, and what they should look at: it is not sure."""

    values: Mapping[str, str]
    doubts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as the platforms show it. A `free` one takes any text."""

    name: str
    label: str
    help: str
    required: bool
    named: bool
    multiline: bool
    searched: bool
    asked: bool
    free: bool
    likely: str
    own: bool
    also: str
    choices: tuple[str, ...]

    def choice(self, value: str) -> str:
        """The choice that a value means, in any case and shortened; the value itself where it means none."""
        begun = [one for one in self.choices if value and one.lower().startswith(value.strip().lower())]
        exact = [one for one in begun if len(one) == len(value.strip())]
        return (exact or begun)[0] if len(exact or begun) == 1 else value


class Form(BaseModel):
    """The base of every form. Values arrive as text and are checked by pydantic."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    submit: ClassVar[str] = "Send"
    """What the button says that sends the form where it is shown as a whole; up to 24 characters."""

    reviewed: ClassVar[bool] = False
    """Whether it is shown once more, where it is filled in by steps, before it is sent."""

    reads_files: ClassVar[bool] = False
    """Whether what stands in a file is needed as soon as somebody uses it: it is read when it is dropped."""

    drop: ClassVar[str] = ""
    """What the button says that offers the command to whoever dropped a file; empty: its words."""

    @classmethod
    def fields(cls) -> Sequence[FieldView]:
        """The fields in the order in which they are asked for."""
        return [_view(name, info) for name, info in cls.model_fields.items()]

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Mapping[str, str]:
        """The values by field, where what was written into one field says what belongs into another."""
        return values

    @classmethod
    async def known(cls, situation: Situation) -> Mapping[str, str]:
        """Values that are known before anybody types, by field; a person may change them."""
        return {}

    @classmethod
    async def begins(cls, situation: Situation, values: Mapping[str, str]) -> Mapping[str, str]:
        """What empty fields hold at first where the form is shown as a whole, such as the text that is to be changed.

        `values` are those that are given already.
        """
        return {}

    @classmethod
    async def finds(cls, situation: Situation, values: Mapping[str, str]) -> Finding | None:
        """What can be found out of what was given, such as what stands in a file. None: there is nothing to find out.

        What is found is shown before anything is done, however complete the form is. Raises `Refused` for what there is
        not, so that nobody is asked for more of it.
        """
        return None

    @classmethod
    async def doubts(cls, situation: Situation, values: Mapping[str, str]) -> Mapping[str, str]:
        """What a person should look at before they send the form, by field, though nothing is wrong with it."""
        return {}

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        """What may be meant by what was typed so far into a searched field, best first.

        A value itself offers its choice, whose label is shown for it. Nothing typed offers what is likely, or nothing.
        """
        return ()

    @classmethod
    def doing(cls, values: Mapping[str, str]) -> str:
        """What somebody who filled in so much was doing: `registering for SG17`. Empty: it is not said specially."""
        return ""

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
        asked=bool(extra.get("asked")) and not info.is_required(),
        free=_is_free(info.annotation, info.metadata),
        likely=str(extra.get("likely") or ""),
        own=bool(extra.get("own")),
        also=str(extra.get("also") or ""),
        choices=_choices(info.annotation),
    )


def _is_free(annotation: Any, metadata: Sequence[Any]) -> bool:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        return _is_free(inner, [*more, *metadata])
    if origin in (Union, UnionType):
        parts = [part for part in get_args(annotation) if part is not type(None)]
        return len(parts) == 1 and _is_free(parts[0], metadata)
    return annotation is str and not any(
        isinstance(one, BeforeValidator | AfterValidator) or getattr(one, "pattern", None) for one in metadata
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
