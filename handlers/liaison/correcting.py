"""Correcting: which fields of a logged statement can be corrected, and what becomes of its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, StringConstraints, ValidationError

from handlers.form import Choice, Form, Line, Text, field, problems
from handlers.liaison import entries
from handlers.liaison.entering import addressees
from handlers.liaison.fields import (
    NOTHING,
    DeadlineText,
    Name,
    Number,
    Title,
    day_of,
    deadline_of,
    deadline_text,
    groups_text,
    questions_text,
    url_text,
)
from handlers.liaison.naming import group_id
from handlers.situation import Situation
from storage.addresses import as_address
from storage.catalogue import Catalogue
from storage.liaison import texts
from storage.liaison.log import Addressee
from storage.liaisons import Statement
from storage.words import DeadlineKind, Purpose

What = Literal[
    "called",
    "source",
    "title",
    "date",
    "for_action",
    "for_comment",
    "for_information",
    "deadline",
    "in_response_to",
    "questions",
    "contact",
    "contact_email",
    "abstract",
    "summary",
    "url",
]
_ADDRESSED = {f"for_{purpose.value}": purpose for purpose in Purpose}
_NOT_COLUMNS = ("called", "deadline", *_ADDRESSED)
_LONGEST_GROUPS = 5_000
_LONGEST_URL = 2_000


def _or_nothing(check: Callable[[str], str] = str) -> AfterValidator:
    """As `check`, but “none” is nothing."""
    return AfterValidator(lambda text: "" if text.lower() in NOTHING else check(text))


Some = Annotated[Line, _or_nothing()]
SomeText = Annotated[Text, _or_nothing()]
SomeDay = Annotated[Line, _or_nothing(day_of)]
SomeGroups = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_GROUPS), _or_nothing(groups_text)]
SomeQuestions = Annotated[Line, _or_nothing(questions_text)]
SomeAddress = Annotated[Line, _or_nothing(as_address)]
SomeUrl = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_URL), _or_nothing(url_text)]


class Change(Form):
    submit: ClassVar[str] = "Correct it"
    number: Name = field("Number", help="of the statement, or the end of it", searched=True)
    called: Number | None = field("Its number", help="by which everybody calls it", default=None, named=True)
    source: Name | None = field("Source", default=None, named=True)
    title: Title | None = field("Title", default=None, named=True)
    date: SomeDay | None = field("Date", help="2024-04-30; “none” empties a field", default=None, named=True)
    for_action: SomeGroups | None = field("For action to", default=None, named=True, also="action")
    for_comment: SomeGroups | None = field("For comment to", default=None, named=True, also="comment")
    for_information: SomeGroups | None = field("For information to", default=None, named=True, also="information")
    deadline: DeadlineText | None = field(
        "Deadline", help="a day, “none”, “not stated”, or words", default=None, named=True
    )
    in_response_to: Some | None = field("In response to", default=None, named=True)
    questions: SomeQuestions | None = field("Questions", help="Q16/13; Q2/17", default=None, named=True)
    contact: Some | None = field("Contact", default=None, named=True)
    contact_email: SomeAddress | None = field("Contact's e-mail", default=None, named=True, also="email")
    abstract: SomeText | None = field("Abstract", default=None, named=True)
    summary: SomeText | None = field("Summary", help="a line for lists", default=None, named=True)
    url: SomeUrl | None = field("Web address", default=None, named=True)
    reason: Line | None = field("Why", default=None, named=True)

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await entries.offers(situation, typed)

    @classmethod
    async def begins(cls, situation: Situation, values: Mapping[str, str]) -> Mapping[str, str]:
        found = await entries.meant(situation, values.get("number", ""))
        return await _now(situation, found[0]) if len(found) == 1 else {}

    def given(self) -> Mapping[str, str]:
        """What is to change, as text."""
        return self.model_dump(exclude_none=True, exclude={"number", "reason"})


class Setting(Form):
    submit: ClassVar[str] = "Correct it"
    number: Name = field("Number", help="of the statement, or the end of it", searched=True)
    what: What = field("What is to be corrected?")
    value: Text = field("What is right?", help="“none” leaves it empty")

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await entries.offers(situation, typed)

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        try:
            self.given()
        except ValidationError as error:
            return {"value": "; ".join(problems(error).values())}
        return {}

    def given(self) -> Mapping[str, str]:
        """What is to change, as text. Raises `ValidationError`."""
        return Change.model_validate({"number": self.number, self.what: self.value}).given()


def described() -> Mapping[str, str]:
    """What can be corrected, with the words for it."""
    return {one.name: one.label for one in Change.fields() if one.name not in ("number", "reason")}


def columns(catalogue: Catalogue, given: Mapping[str, str]) -> dict[str, object]:
    """The columns as they will be."""
    found: dict[str, object] = {name: value for name, value in given.items() if name not in _NOT_COLUMNS}
    if "called" in given:
        found["number"] = given["called"]
    if "source" in given:
        found["source_id"] = group_id(catalogue, given["source"])
    if "deadline" in given:
        found["deadline_kind"], found["deadline"] = deadline_of(given["deadline"])
    return found


def readdressed(catalogue: Catalogue, given: Mapping[str, str]) -> Mapping[Purpose, Sequence[Addressee]]:
    """The addressees of those purposes that are to change."""
    return {
        purpose: addressees(catalogue, {purpose: given[name]}) for name, purpose in _ADDRESSED.items() if name in given
    }


async def _now(situation: Situation, statement: Statement) -> Mapping[str, str]:
    """What the fields hold now."""
    liaison = statement.liaison
    abstract, _body = await texts.read(situation.session, liaison.id)
    is_stated = liaison.deadline_kind is not DeadlineKind.UNSTATED
    own = {one.name: str(getattr(liaison, one.name, "") or "") for one in Change.fields() if one.name != "number"}
    return {
        **own,
        "called": liaison.number,
        "abstract": abstract,
        "deadline": deadline_text(liaison.deadline_kind, liaison.deadline) if is_stated else "",
        **{name: "; ".join(statement.of(purpose)) for name, purpose in _ADDRESSED.items()},
    }
