"""Pages of the IETF Datatracker copied as text: their labels marked, so that they are read as a header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from handlers.liaison.reading.page import Block, Line

_LABELS = (
    r"State|Submitted Date|Submission Date|From Groups?|From Contacts?|To Groups?|To Contacts?|Cc|Response Contacts?"
    r"|Technical Contacts?|Action Holder Contacts?|Liaison Contacts?|Other Identifiers?|Purpose|Deadline|Attachments?"
    r"|Liaisons? referred (?:to )?by this one|Liaisons? referring to this one|Referenced liaisons?|Title"
)
_LABELLED = re.compile(rf"(?P<label>{_LABELS})\s*[:\t]?\s*(?P<value>.*)")
_OWN = re.compile(
    r"(?:State\s*:?\s*(?:Posted|Pending|Approved|Dead)\b|Submi(?:tted|ssion) Date\b|From Groups?\b|To Groups?\b)"
)
_BODY = re.compile(r"Body\s*:?(?:\s+(?P<value>.*))?")
_BANNER = re.compile(r"Liaison statement\s*:?", re.IGNORECASE)
_CHROME = re.compile(
    r"skip to main content|additional information about|internet architecture board|ietf webpage|and the$|search$",
    re.IGNORECASE,
)
_MOST_LINES = 200
_MOST_WORDS = 4
"""Words of a line that may still be an attachment or an address; a longer one begins the body."""


def marked(blocks: Sequence[Block]) -> Sequence[Block]:
    """The same blocks; those of a page of the Datatracker with a colon behind each label and without its frame."""
    lines = [block.text.strip() for block in blocks[:_MOST_LINES] if isinstance(block, Line)]
    own = {line.split()[0] for line in lines if _OWN.match(line)}
    if len(own) < 3 or len(lines) < min(len(blocks), _MOST_LINES):
        return blocks
    first = next(index for index, line in enumerate(lines) if _OWN.match(line))
    has_body = any(_BODY.fullmatch(line) for line in lines[first:])
    return [*_top(lines[:first]), *_header(lines, first, has_body=has_body), *blocks[len(lines) :]]


def _top(lines: Sequence[str]) -> Iterator[Line]:
    """The title stands below the words “Liaison statement”."""
    said = [line for line in lines if line and not _CHROME.match(line)]
    banner = next((index for index, line in enumerate(said) if _BANNER.fullmatch(line)), None)
    if banner is not None:
        said = said[banner + 1 : banner + 2]
    for index, line in enumerate(said):
        is_title = index == len(said) - 1 and not re.match(r"Title\b", line)
        yield Line(f"Title: {line}" if is_title else line)


def _header(lines: Sequence[str], first: int, *, has_body: bool) -> Iterator[Line]:
    label = ""
    for index in range(first, len(lines)):
        line = lines[index]
        if body := _BODY.fullmatch(line):
            yield Line("Body:")
            yield from map(Line, filter(None, [body["value"]]))
            yield from map(Line, lines[index + 1 :])
            return
        found = _LABELLED.fullmatch(line)
        if found:
            label = found["label"]
            yield Line(f"{label}: {found['value']}")
        elif not has_body and label in ("Purpose", "Deadline", "Attachment", "Attachments") and _is_text(line):
            yield Line("Body:")
            yield from map(Line, lines[index:])
            return
        elif line:
            yield Line(line)


def _is_text(line: str) -> bool:
    return len(line.split()) > _MOST_WORDS
