"""Writing: the fields in which a draft is written, and what they make of its wording."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from handlers.form import TEXT_LIMIT, Form, Text, field
from handlers.liaison.fields import (
    NOTHING,
    PAST,
    Address,
    DeadlineText,
    Groups,
    QuestionCodes,
    Title,
    deadline_of,
    deadline_text,
)
from handlers.liaison.reading.names import names_in, tidy_name
from handlers.liaison.resolving import resolve
from handlers.situation import Situation
from storage.liaison.drafts import Wording
from storage.words import DeadlineKind

LONGEST_TITLE = 300

_GROUPS = "SG13; ISG QKD"
_NONE = "; “none” empties it"
_SUBJECT = re.compile(
    r"^(?:(?:LS|liaison statement)(?:\s?/\s?[ior])*)\s+(?:on|about|regarding|concerning)\s+", re.IGNORECASE
)
_REPLY_TO = re.compile(r"\s*(?:[\[(]\s*|-\s*)(?:reply|response) to\b.*$", re.IGNORECASE | re.DOTALL)

Prose = Annotated[Text | None, "multiline"]


class Written(Form):
    """What forms have in common in which a draft is written. What is left empty stays as it is."""

    title: Title | None = field("Title", help="LS on …", default=None, asked=True)
    for_action: Groups | None = field(
        "For action to", help=_GROUPS + _NONE, default=None, named=True, asked=True, also="action"
    )
    for_comment: Groups | None = field("For comment to", help=_GROUPS + _NONE, default=None, named=True, also="comment")
    for_information: Groups | None = field(
        "For information to", help=_GROUPS + _NONE, default=None, named=True, asked=True, also="information"
    )
    deadline: DeadlineText | None = field(
        "Deadline", help="2027-01-31, none, not stated, or words such as mid-May", default=None, named=True, asked=True
    )
    abstract: Prose = field("Abstract", help="a sentence or two", default=None, named=True, asked=True)
    body: Prose = field(
        "Body", help="in Markdown; for another field type its name, as title=…", default=None, named=True, asked=True
    )
    questions: QuestionCodes | None = field("Questions", help="Q16/13; Q2/17", default=None, named=True)
    contact: Title | None = field("Contact", help="who answers questions", default=None, named=True)
    contact_email: Address | None = field("Contact's e-mail", default=None, named=True, also="email")

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        return wrong_wording(self, situation)

    def given(self) -> Mapping[str, Any]:
        """What was filled in of the wording, as it is kept."""
        found: dict[str, Any] = {}
        for name in ("title", "abstract", "body", "questions", "contact"):
            value = getattr(self, name)
            if value is not None:
                found[name] = (
                    "" if value.lower() in NOTHING else value if name in ("abstract", "body") else _line(value)
                )
        for name in ("action", "comment", "information"):
            groups = getattr(self, f"for_{name}")
            if groups is not None:
                found[name] = groups_of(groups)
        if self.deadline is not None:
            found["deadline_kind"], found["deadline"] = deadline_of(self.deadline)
        if self.contact_email is not None:
            found["contact_email"] = self.contact_email
        return found


def shown_fields(wording: Wording) -> Mapping[str, str]:
    """A wording as the fields of the form hold it."""
    return {
        "title": wording.title,
        "for_action": "; ".join(wording.action),
        "for_comment": "; ".join(wording.comment),
        "for_information": "; ".join(wording.information),
        "deadline": deadline_text(wording.deadline_kind, wording.deadline),
        "abstract": wording.abstract,
        "body": wording.body,
        "questions": wording.questions,
        "contact": wording.contact,
        "contact_email": wording.contact_email,
    }


def wrong_wording(written: Written, situation: Situation) -> Mapping[str, str]:
    """What is wrong with what was filled in, by field."""
    found = {}
    given = written.given()
    if "title" in given and not given["title"]:
        found["title"] = "a statement needs a title"
    elif len(given.get("title", "")) > LONGEST_TITLE:
        found["title"] = f"a title has at most {LONGEST_TITLE} characters"
    today = situation.now.astimezone(situation.household.zone).date().isoformat()
    if given.get("deadline_kind") is DeadlineKind.DATE and given["deadline"] < today:
        found["deadline"] = PAST
    if len(given.get("body", "")) > TEXT_LIMIT // 2:
        found["body"] = f"these are more than {TEXT_LIMIT // 2} characters; put the rest into an attachment"
    return found


def groups_of(text: str) -> tuple[str, ...]:
    """The groups in a text, each written in one way."""
    if text.strip().lower() in NOTHING:
        return ()
    return tuple(dict.fromkeys(tidy_name(name) for name in names_in(text)))


def group_ids(situation: Situation, names: tuple[str, ...]) -> Mapping[str, int]:
    """Which groups of the list these are."""
    found = {name: resolve(situation.catalogue, name) for name in names}
    return {name: one.group.id for name, one in found.items() if one}


def reply_title(title: str, number: str) -> str:
    """`LS/r on work progress (reply to SG13-LS136)` for the reply to `LS on work progress`."""
    end = f" (reply to {number})"
    subject = _REPLY_TO.sub("", _SUBJECT.sub("", _line(title)))
    most = LONGEST_TITLE - len(f"LS/r on {end}")
    return f"LS/r on {subject if len(subject) <= most else subject[: most - 1].rstrip() + '…'}{end}"


def merged(now: Wording, given: Mapping[str, Any]) -> Wording:
    """The wording with what was filled in."""
    return replace(now, **given)


def _line(text: str) -> str:
    return " ".join(text.split())
