"""Changing an entry: which field, and its new value, in one form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import ModelWrapValidatorHandler, PrivateAttr, TypeAdapter, ValidationError, model_validator

from handlers.form import field, problems
from handlers.representing.entries import OfRepresentative, may_change
from handlers.representing.fields import (
    Affiliation,
    Email,
    Number,
    PersonName,
    Since,
    Until,
    on_calendar,
    wrong_since,
    wrong_until,
)
from handlers.representing.registration import NOT_YOURS
from handlers.situation import Situation
from storage import representatives
from storage.representing import owners
from storage.words import RepresentativeKind

What = Literal["name", "email", "affiliation", "kind", "since", "until"]
WHATS: tuple[What, ...] = ("name", "email", "affiliation", "kind", "since", "until")
_ASSIGNED = re.compile(rf"\s*({'|'.join(WHATS)})=(.*)", re.DOTALL | re.IGNORECASE)
_EMPTY = ("none", "-")
_TYPES: Mapping[What, TypeAdapter[Any]] = {
    "name": TypeAdapter(PersonName),
    "email": TypeAdapter(Email),
    "affiliation": TypeAdapter(Affiliation),
    "kind": TypeAdapter(RepresentativeKind),
    "since": TypeAdapter(Since),
    "until": TypeAdapter(Until),
}


class Changing(OfRepresentative):
    number: Number = field("Number", help="of the representative")
    what: What = field("What is to change?")
    value: str = field("The new value", help="“none” leaves an affiliation or a date empty")

    _in_one: bool = PrivateAttr(default=False)

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, values: Any, make: ModelWrapValidatorHandler[Self]) -> Self:
        """`affiliation='ETRI Korea'` is a field and its value."""
        written = " ".join(str(values.get(name, "")) for name in ("what", "value")).strip()
        match = _ASSIGNED.fullmatch(written)
        if match is None:
            return make(values)
        made = make({**values, "what": match[1].lower(), "value": match[2].strip().strip("'\"")})
        made._in_one = True
        return made

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        problem = await self._problem(situation)
        return {"what" if self._in_one else "value": problem} if problem else {}

    def parsed(self, situation: Situation) -> str:
        """The value as it is kept. Raises `ValidationError`."""
        if self.what == "affiliation" and self.value.lower() in _EMPTY:
            return ""
        value = str(_TYPES[self.what].validate_python(self.value))
        return on_calendar(value, situation) if self.what in ("since", "until") else value

    async def _problem(self, situation: Situation) -> str:
        try:
            value = self.parsed(situation)
        except ValidationError as error:
            return "; ".join(problems(error).values())
        one = await representatives.found(situation.session, self.number)
        if one is None or not may_change(situation, one):
            return ""
        if self.what == "since":
            return wrong_since(value, situation)
        if self.what == "until":
            return wrong_until(value, one.since, situation)
        if self.what == "email":
            return "" if await owners.owner(situation.session, value) in (None, one.person_id) else NOT_YOURS
        return ""
