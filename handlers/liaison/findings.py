"""Findings: what was read of a statement as the values of the form that logs it, and what is not sure of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.form import LINE_LIMIT, TEXT_LIMIT, Finding
from handlers.liaison.fields import LONGEST_VAGUE, deadline_text
from handlers.liaison.reading.statement import ReadStatement, Sureness
from storage.words import DeadlineKind, Purpose

_UNSURE = {
    Sureness.LIKELY: "most likely so, please check",
    Sureness.GUESS: "I guessed this, please check",
}
_NO_PURPOSE = "it does not say for what; please check"


def finding_of(read: ReadStatement) -> Finding:
    """What the form holds of a statement."""
    values = {
        "number": read.number.value,
        "source": read.source.value,
        "title": " ".join(read.title.value.split()),
        "date": read.date.value,
        "for_action": _names(read, Purpose.ACTION),
        "for_comment": _names(read, Purpose.COMMENT),
        "for_information": _names(read, Purpose.INFORMATION),
        "deadline": _deadline(read),
        "in_response_to": _original(read),
        "questions": "; ".join(read.questions.value),
        "contact": read.contact.value[:LINE_LIMIT],
        "contact_email": read.contact_email.value,
        "abstract": read.abstract.value[:TEXT_LIMIT],
    }
    return Finding({name: value for name, value in values.items() if value}, _doubts(read, values))


def _names(read: ReadStatement, purpose: Purpose) -> str:
    return "; ".join(one.name.replace(";", ",") for one in read.addressees if one.purpose is purpose)


def _deadline(read: ReadStatement) -> str:
    deadline = read.deadline.value
    if not read.deadline or deadline.kind is DeadlineKind.UNSTATED:
        return ""
    return deadline_text(deadline.kind, deadline.text)[:LONGEST_VAGUE]


def _original(read: ReadStatement) -> str:
    original = read.in_response_to.value
    if not (read.in_response_to or read.is_reply):
        return ""
    is_whole = _names_source(original.number, original.source)
    named = original.number if is_whole else " ".join(filter(None, [original.source, original.number]))
    return (named or original.text)[:LINE_LIMIT]


def _names_source(number: str, source: str) -> bool:
    """Whether a number says itself whose it is, as SG17-LS23 does of ITU-T SG17."""
    parts, flat = source.casefold().split(), "".join(number.casefold().split())
    ends = ("".join(parts[index:]) for index in range(len(parts)))
    return any(end in flat if end == "".join(parts) else flat.startswith(end) and not end.isdecimal() for end in ends)


def _doubts(read: ReadStatement, values: Mapping[str, str]) -> Mapping[str, str]:
    sureness: Sequence[tuple[str, Sureness]] = [
        ("number", read.number.sure),
        ("source", read.source.sure),
        ("title", read.title.sure),
        ("date", read.date.sure),
        ("deadline", read.deadline.sure),
        ("in_response_to", read.in_response_to.sure),
        ("questions", read.questions.sure),
        ("contact", read.contact.sure),
        ("contact_email", read.contact_email.sure),
        ("abstract", read.abstract.sure),
    ]
    doubts = {name: _UNSURE[sure] for name, sure in sureness if values[name] and sure in _UNSURE}
    for purpose in Purpose:
        unsure = [one for one in read.addressees if one.purpose is purpose and one.sure is not Sureness.CERTAIN]
        if unsure:
            doubts[f"for_{purpose}"] = _NO_PURPOSE
    if days := _own_days(read):
        doubts["for_action"] = "; ".join(filter(None, [doubts.get("for_action"), *days]))
    return doubts


def _own_days(read: ReadStatement) -> Sequence[str]:
    """Groups that are asked until another day than the others, which nobody shall log unseen."""
    others = [one for one in read.actions if one.deadline.kind is DeadlineKind.DATE]
    return [f"{one.group} by {one.deadline.text}".strip() for one in others if one.deadline != read.deadline.value]
