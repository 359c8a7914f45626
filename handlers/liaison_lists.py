"""Liaison statements by command: lists of them, a search in all that they say, and files to take away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from handlers.asking.corresponding import Corresponding
from handlers.asking.followup import remember
from handlers.asking.lexicon import lexicon_of
from handlers.asking.liaisons import PAGE, answer_liaisons, is_about_drafts, list_answer
from handlers.asking.query import Intent, Query
from handlers.command import Attachment, Form, Refused, Reply, Request, Role, command
from handlers.form import Line, field
from handlers.liaison.filters import Filters, Paged, wanted_of
from handlers.liaison.report import report, table_of
from handlers.liaison.selecting import phrases_of, selection_of, today
from handlers.line import quote
from storage.liaison import finding
from storage.liaison.contexts import contexts as contexts_of
from storage.search import stems
from storage.transfer.selected import csv_of

_MOST_ROWS = 20_000
_MOST_REPORTED = 1_000
_QUOTED = re.compile(r"[\"“”]([^\"“”]+)[\"“”]")
_REPORT = re.compile(r"\s*report\b\s*", re.IGNORECASE)


class Searching(Form):
    words: Line = field("Words", help="all of them must be there; a phrase in double quotes")
    page: Annotated[int, Field(ge=1, le=10_000)] = field("Page", default=1, named=True)


class Exporting(Filters):
    """Which statements, as for a list; `report` first gives the table of a report."""

    format: Literal["csv", "docx", "md", "report-csv"] | None = field("Format", default=None, named=True)

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Mapping[str, str]:
        first = "direction" if values.get("direction", "").strip() else "which"
        words = f"{values.get('direction', '')} {values.get('which', '')}".strip()
        if not _REPORT.match(words):
            return super().read(values)
        rest = _REPORT.sub("", words, count=1)
        given = values.get("format", "docx")
        kept = {name: value for name, value in values.items() if name not in ("direction", "which", "format")}
        return super().read({**kept, first: rest, "format": "report-csv" if given == "csv" else given})


@command(
    "liaison list",
    form=Paged,
    role=Role.GUEST,
    help="Liaison statements, newest first: open, overdue, for a group …",
    example="liaison list open for=SG13",
)
async def list_statements(request: Request, paged: Paged) -> Reply:
    wanted = await wanted_of(request, paged)
    answer = await answer_liaisons(request, wanted, page=paged.page)
    await remember(request, Query(Intent.LIAISONS, corresponding=wanted), answer)
    return answer.reply()


@command(
    "liaison search",
    form=Searching,
    role=Role.GUEST,
    help="Search in all that liaison statements and their files say",
    example="liaison search key delivery",
)
async def search(request: Request, searching: Searching) -> Reply:
    is_phrase = any(f"{mark}{searching.words}{mark}" in request.text for mark in "\"'")
    subjects = (searching.words,) if is_phrase and stems(searching.words) else _subjects(searching.words)
    if not subjects:
        raise Refused("There is no word to search for.", "Type liaison search and a word or two.", field="words")
    wanted = Corresponding(about=subjects, order="best")
    offset = (searching.page - 1) * PAGE
    found = await finding.find(request.session, await selection_of(request, wanted), PAGE, offset)
    if not found.total and len(subjects) > 1:
        # Nothing has all of the words: what has some of them comes next.
        wanted = Corresponding(about=(" | ".join(subjects),), order="best")
        found = await finding.find(request.session, await selection_of(request, wanted), PAGE, offset)
    lexicon = lexicon_of(request.catalogue)
    looked_for = {one for subject in wanted.about for phrase in phrases_of(subject, lexicon) for one in phrase}
    some = await finding.lines(request.session, found.ids, in_short=True)
    contexts = await contexts_of(request.session, found.ids, looked_for)

    def again(page: int) -> str:
        return f"liaison search {quote(searching.words)}" + (f" page={page}" if page > 1 else "")

    answer = list_answer(request, wanted, some, found.total, page=searching.page, contexts=contexts, again=again)
    return answer.reply()


@command(
    "liaison export",
    form=Exporting,
    role=Role.MEMBER,
    help="Liaison statements as a CSV file, or as the table of a report",
    example="liaison export report open format=docx",
)
async def export(request: Request, exporting: Exporting) -> Reply:
    wanted = await wanted_of(request, exporting)
    form = exporting.format or "csv"
    most = _MOST_ROWS if form == "csv" else _MOST_REPORTED
    found = await finding.find(request.session, await selection_of(request, wanted), most + 1)
    if found.total > most:
        hint = "Take fewer, for example those of a year: since=2026."
        raise Refused(f"That is {found.total} liaison statements; a file takes up to {most}.", hint)
    file = await _file(request, wanted, found.ids, form)
    return Reply(
        "liaisons/export",
        total=found.total,
        chips=list(wanted.chips()),
        is_report=form != "csv",
        attachments=[file] if found.total else [],
        private=is_about_drafts(wanted),
    )


async def _file(request: Request, wanted: Corresponding, ids: tuple[int, ...], form: str) -> Attachment:
    if form == "csv":
        text = await csv_of(request.session, "liaisons", ids)
        return Attachment("liaisons.csv", "text/csv", text.encode())
    chosen = ", ".join(wanted.chips()) or "all"
    below = f"{request.host}, {today(request).isoformat()}: {chosen}"
    table = table_of(request, await finding.lines(request.session, ids), below)
    return await report(table, form.removeprefix("report-"))


def _subjects(text: str) -> tuple[str, ...]:
    """Phrases in quotes, and the other words."""
    phrases = [match[1].strip() for match in _QUOTED.finditer(text)]
    single = _QUOTED.sub(" ", text).replace("|", " ").split()
    return tuple(dict.fromkeys(one for one in (*phrases, *single) if stems(one)))
