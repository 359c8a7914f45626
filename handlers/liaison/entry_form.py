"""The form that logs a liaison statement: filled in from a dropped file or a pasted text, seen before it is logged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from handlers import dropping
from handlers.command import Button, Refused
from handlers.dropping import FILE, FileNumbers
from handlers.form import Choice, Finding, Form, Line, Text, field
from handlers.liaison.fields import (
    Address,
    Day,
    DeadlineText,
    ExactDay,
    Groups,
    Name,
    Number,
    QuestionCodes,
    Title,
    Url,
    names_of,
)
from handlers.liaison.findings import finding_of
from handlers.liaison.matter import Host
from handlers.liaison.naming import group_id
from handlers.liaison.replying import original_of
from handlers.liaison.sources import Brought, brought
from handlers.line import quote, write_line
from handlers.situation import Situation
from storage import liaisons
from storage.liaison import files, log
from storage.liaisons import Statement

_GIVEN = (FILE, "text")
_NEEDED = ("source", "title")
_UNNUMBERED = "-"
_GROUPS = ("for_action", "for_comment", "for_information")
_MOST_NAMED = 6
_LONGEST_NAME = 120

NEEDED = "this is needed"


class Logging(Form):
    submit: ClassVar[str] = "Log it"
    drop: ClassVar[str] = "Log it"
    reviewed: ClassVar[bool] = True
    reads_files: ClassVar[bool] = True
    file: FileNumbers | None = field(
        "File", help="send the file here, or paste the text", default=None, named=True, searched=True, asked=True
    )
    number: Number | None = field("Number", help="its sender's; empty where it has none", default=None, named=True)
    source: Name | None = field("Source", help="the group that it is from", default=None, named=True, asked=True)
    title: Title | None = field("Title", default=None, named=True, asked=True)
    date: Day | None = field("Date", help="2024-04-30", default=None, named=True)
    for_action: Groups | None = field(
        "For action to", help="groups, between semicolons", default=None, named=True, also="action"
    )
    for_comment: Groups | None = field(
        "For comment to", help="groups, between semicolons", default=None, named=True, also="comment"
    )
    for_information: Groups | None = field(
        "For information to", help="groups, between semicolons", default=None, named=True, also="information"
    )
    deadline: DeadlineText | None = field(
        "Deadline", help="a day, “none”, or words; empty where nothing is said", default=None, named=True
    )
    in_response_to: Line | None = field(
        "In response to", help="the number of what it replies to", default=None, named=True
    )
    holding: ExactDay | None = field(
        "Asks for more time until",
        help="a day, where it only says that the answer comes later",
        default=None,
        named=True,
    )
    questions: QuestionCodes | None = field("Questions", help="Q16/13; Q2/17", default=None, named=True)
    contact: Line | None = field("Contact", default=None, named=True)
    contact_email: Address | None = field("Contact's e-mail", default=None, named=True, also="email")
    abstract: Text | None = field("Abstract", default=None, named=True)
    url: Url | None = field("Web address", help="of the statement", default=None, named=True)
    text: Text | None = field("Text", help="paste the statement here, or drop its file", default=None)

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Mapping[str, str]:
        if values.get("number") == _UNNUMBERED:
            values = {**values, "number": ""}
        if any(values.values()):
            values = {FILE: "", **values}  # what is in it already did not come by a file
        return _with_text(values)

    @classmethod
    async def finds(cls, situation: Situation, values: Mapping[str, str]) -> Finding | None:
        values = _with_text(values)
        given = {name for name, value in values.items() if value}
        if not given.intersection(_GIVEN) or not given <= {*_GIVEN, "number"}:
            return None
        found = await brought(situation, values.get(FILE), values.get("text"))
        await _refuse_known(situation, found)
        if found.read is None:
            return Finding({}, {FILE if found.statement else "text": found.unreadable}) if found.unreadable else None
        finding = finding_of(found.read)
        await _refuse_numbered(situation, finding, values)
        return finding

    @classmethod
    async def doubts(cls, situation: Situation, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {}
        for name in ("source", *_GROUPS):
            if unknown := [one for one in names_of(values.get(name)) if group_id(situation.catalogue, one) is None]:
                shown = ", ".join(f"“{one}”" for one in unknown[:_MOST_NAMED])
                found[name] = f"I know no group {shown}: correct it, or leave it as it is written"
        if written := values.get("in_response_to"):
            found["in_response_to"] = await _replied_to(situation, written)
        return found

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await dropping.offers(situation, typed) if field == FILE else ()

    @classmethod
    def doing(cls, values: Mapping[str, str]) -> str:
        return f"logging “{values['title'][:60]}”" if values.get("title") else ""

    @property
    def missing(self) -> Sequence[str]:
        """The fields without which nothing can be logged."""
        return [name for name in _NEEDED if not getattr(self, name)]

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        # A pasted text alone fills the form: so the fields that a statement needs are optional ones.
        # One that nothing is in yet is not wrong: first it is asked for the file.
        if self.missing and any(self.model_dump().values()):
            return dict.fromkeys(self.missing, NEEDED)
        if self.holding and await original_of(situation, self.in_response_to or "") is None:
            return {
                "in_response_to"
                if self.in_response_to
                else "holding": "which statement it asks more time for is not clear; type its number"
            }
        return {}


def _with_text(values: Mapping[str, str]) -> Mapping[str, str]:
    """The values with what was pasted where a file was asked for: longer than the name of one, or several lines."""
    given = values.get(FILE, "").strip()
    is_pasted = "\n" in given or len(given) > _LONGEST_NAME
    return {**values, FILE: "", "text": given} if is_pasted else values


async def _replied_to(situation: Situation, written: str) -> str:
    original = await original_of(situation, written)
    if original is None:
        return "I have no such statement, so nothing is marked as answered"
    liaison = (await liaisons.known(situation.session, original)).liaison
    return f"that is {liaison.number}, {liaison.title}"


async def _refuse_known(situation: Situation, found: Brought) -> None:
    """Raise `Refused` for a content that was logged before."""
    if found.statement is None:
        return
    known = await files.having(situation.session, [found.statement.digest])
    if known is not None:
        one = await liaisons.known(situation.session, known)
        raise Refused(f"This file is logged already: {described(one)}.", "", [_show(one)])


async def _refuse_numbered(situation: Situation, finding: Finding, values: Mapping[str, str]) -> None:
    """Raise `Refused` for a number of that sender which was logged before: the file may belong to that one."""
    if values.get("number"):
        return
    number, title, date, source = (finding.values.get(name, "") for name in ("number", "title", "date", "source"))
    known = await known_as(situation, number, title, date, source)
    if known is None:
        return
    one = await liaisons.known(situation.session, known)
    raise Refused(
        f"{number or one.liaison.number} of {source} is logged already: “{one.liaison.title}”.",
        "Nothing was logged a second time.",
        again(one, values.get(FILE, ""), write_line("liaison log", {**values, "number": _UNNUMBERED})),
    )


async def known_as(occasion: Host, number: str, title: str, date: str, source: str) -> int | None:
    """The statement as which one seems to be logged already: by its sender and number, or else by title and date."""
    sender = group_id(occasion.catalogue, source)
    if number:
        return await log.same(occasion.session, number, source, sender)
    return await log.alike(occasion.session, title, date, source, sender)


def again(one: Statement, file: str, line: str) -> list[Button]:
    """What can be done with a statement that seems to be logged already."""
    number = quote(one.liaison.number)
    attach = [Button("Add the file to it", f"liaison attach {number} file={file}", style="primary")] if file else []
    return [*attach, _show(one), Button("It is another one", line)]


def described(one: Statement) -> str:
    liaison = one.liaison
    date = f", {liaison.date}" if liaison.date else ""
    return f"{liaison.number}, “{liaison.title}”, from {liaison.source}{date}"


def _show(one: Statement) -> Button:
    return Button("Show it", f"liaison show {quote(one.liaison.number)}")
