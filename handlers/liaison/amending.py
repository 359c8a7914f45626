"""Amending: what of a proposal may be changed when it is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from handlers.asking.dates import parse_point
from handlers.command import Refused, Request
from handlers.form import Form, field, problems
from handlers.meeting.fields import NONE
from handlers.representing.choosing import groups_meant
from handlers.situation import Situation
from storage.liaison import proposals
from storage.liaison.proposals import Proposal
from storage.words import ItemStatus

What = Literal["status", "date", "reference", "title", "type", "group"]

_OF_NEW_ITEMS = ("type", "group")


def _date(text: str) -> str:
    words = " ".join(text.split())
    found = "" if words.lower() in NONE else parse_point(words)
    if not found and words.lower() not in NONE:
        raise ValueError("write 2023, 2023-11 or 3 November 2023; “none” leaves it empty")
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())


_Date = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_date)]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_line)]
_Title = Annotated[str, StringConstraints(min_length=1, max_length=1_000), AfterValidator(_one_line)]
_Number = Annotated[int, Field(ge=1, le=2_000_000_000)]


class Change(Form):
    submit: ClassVar[str] = "Accept so"
    number: _Number = field("Number", help="of the proposal")
    status: ItemStatus | None = field("Status", default=None, named=True)
    date: _Date | None = field("Date", help="2023-11-03; “none” leaves it empty", default=None, named=True)
    reference: _Name | None = field("Reference", default=None, named=True)
    title: _Title | None = field("Title", default=None, named=True)
    type: _Name | None = field("Type", help="of a new item, such as Recommendation", default=None, named=True)
    group: _Name | None = field("Group", help="of a new item", default=None, named=True)

    @classmethod
    async def begins(cls, situation: Situation, values: Mapping[str, str]) -> Mapping[str, str]:
        number = values.get("number", "")
        one = await proposals.found(situation.session, int(number)) if number.isdecimal() else None
        return {name: one.changes[name][1] for name in labels(one) if name in one.changes} if one else {}

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        return wrong_group(situation, self.group)

    def given(self) -> Mapping[str, str]:
        """What shall be otherwise, as text."""
        dumped = self.model_dump(exclude_none=True, exclude={"number"})
        return {name: str(value) for name, value in dumped.items()}


class Setting(Form):
    number: _Number = field("Number", help="of the proposal")
    what: What = field("What is otherwise?")
    value: _Title = field("What is right?")

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        try:
            given = self.given()
        except ValidationError as error:
            return {"value": "; ".join(problems(error).values())}
        found = wrong_group(situation, given.get("group"))
        return {"value": found["group"]} if found else {}

    def given(self) -> Mapping[str, str]:
        """As `Change.given`. Raises `ValidationError`."""
        return Change.model_validate({"number": self.number, self.what: self.value}).given()


def wrong_group(situation: Situation, text: str | None) -> Mapping[str, str]:
    if text is None:
        return {}
    meant = groups_meant(situation, text)
    if not meant:
        return {"group": "I know no such group; type its code or name"}
    catalogue = situation.catalogue
    named = " or ".join(f"{catalogue.bodies[one.body_id].code} {one.code}" for one in meant[:4])
    return {"group": f"several groups are called so; type {named}"} if len(meant) > 1 else {}


def labels(one: Proposal) -> Mapping[str, str]:
    """What of this proposal may be changed, with the words for it."""
    named = {view.name: view.label for view in Change.fields() if view.name != "number"}
    return {name: label for name, label in named.items() if one.is_addition or name not in _OF_NEW_ITEMS}


def given_of(request: Request, one: Proposal, given: Mapping[str, str]) -> Mapping[str, str]:
    """The values by the roadmap's columns. Raises `Refused` for what only a new item is given."""
    shut = [name for name in given if name not in labels(one)]
    if shut:
        raise Refused(f"The {shut[0]} of {one.reference} stays: a statement changes it for no item.", field=shut[0])
    if "group" not in given:
        return given
    (group,) = groups_meant(request, given["group"])
    return {**given, "group": group.code, "body": request.catalogue.bodies[group.body_id].code}
