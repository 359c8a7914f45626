"""A read statement for people and for programs: flat fields, with where each was found."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.liaison.reading.statement import Action, Found, Mention, ReadStatement
from storage.words import DeadlineKind, Purpose

_LONGEST_BODY = 700
_FOUND = (
    *("number", "source", "date", "questions", "to", "cc", "deadline", "title", "in_response_to"),
    *("contact", "contact_email", "abstract", "attachments"),
)


def flat(statement: ReadStatement) -> dict[str, object]:
    """One object. `deadline` is null where none is stated as such, "unknown" where nothing is said of it."""
    original = statement.in_response_to.value
    return {
        "number": statement.number.value,
        "source": statement.source.value,
        "date": statement.date.value,
        "questions": list(statement.questions.value),
        "purpose_action": _addressed(statement, Purpose.ACTION),
        "purpose_comment": _addressed(statement, Purpose.COMMENT),
        "purpose_information": _addressed(statement, Purpose.INFORMATION),
        "to": list(statement.to.value),
        "cc": list(statement.cc.value),
        "deadline": _deadline(statement),
        "deadline_kind": statement.deadline.value.kind.value,
        "title": statement.title.value,
        "contact": statement.contact.value,
        "contact_email": statement.contact_email.value,
        "abstract": statement.abstract.value,
        "attachments": list(statement.attachments.value),
        "is_reply": statement.is_reply,
        "reply_to_source": original.source,
        "in_response_to": original.number or original.text,
        "actions": [_action(one) for one in statement.actions],
        "roadmap_mentions": [mention.reference for mention in statement.mentions],
        "renamed": {mention.former: mention.reference for mention in statement.mentions if mention.former},
        "mentions": [_mention(one) for one in statement.mentions],
        "body": statement.body,
        "layout": statement.layout.value,
        "found": _places(statement),
    }


def _action(one: Action) -> dict[str, object]:
    deadline = one.deadline
    return {"group": one.group, "text": one.text, "deadline": deadline.text, "deadline_kind": deadline.kind.value}


def _mention(one: Mention) -> dict[str, object]:
    return {
        "reference": one.reference,
        "said": one.said.value,
        "former": one.former,
        "date": one.date,
        "quote": one.quote,
    }


def _addressed(statement: ReadStatement, purpose: Purpose) -> list[str]:
    return [one.name for one in statement.addressees if one.purpose is purpose]


def _deadline(statement: ReadStatement) -> str | None:
    deadline = statement.deadline.value
    if deadline.kind is DeadlineKind.NONE:
        return None
    return "unknown" if deadline.kind is DeadlineKind.UNSTATED else deadline.text


def _places(statement: ReadStatement) -> dict[str, dict[str, str]]:
    places: dict[str, dict[str, str]] = {}
    for name in _FOUND:
        found: Found[object] = getattr(statement, name)
        if found:
            places[name] = {"where": found.where, "sure": found.sure.value}
    for one in statement.addressees:
        places.setdefault(f"purpose_{one.purpose.value}", {"where": one.where, "sure": one.sure.value})
    return places


def lines(statement: ReadStatement) -> Iterator[str]:
    """What a person reads in the terminal."""
    for label, value in _labelled(statement):
        if value:
            yield f"{label + ':':<18}{value}"
    for mention in statement.mentions:
        former = f" (was {mention.former})" if mention.former else ""
        date = f", {mention.date}" if mention.date else ""
        yield f"{'Mentions:':<18}{mention.reference}{former}: {mention.said.value}{date}"
    if statement.body:
        body = statement.body
        yield ""
        yield body if len(body) <= _LONGEST_BODY else f"{body[:_LONGEST_BODY].rstrip()} …"


def _labelled(statement: ReadStatement) -> Iterator[tuple[str, str]]:
    yield "Title", statement.title.value
    yield "Number", statement.number.value
    yield "Source", _unsure(statement.source)
    yield "Date", _unsure(statement.date)
    yield "Questions", ", ".join(statement.questions.value)
    for purpose in Purpose:
        yield f"For {purpose.value}", "; ".join(_addressed(statement, purpose))
    yield "To", "; ".join(statement.to.value)
    yield "Cc", "; ".join(statement.cc.value)
    yield "Deadline", _deadline_said(statement)
    original = statement.in_response_to.value
    yield "In reply to", original.text if statement.is_reply and original.text else "yes" if statement.is_reply else ""
    yield "Contact", ", ".join(filter(None, (statement.contact.value, statement.contact_email.value)))
    yield "Abstract", statement.abstract.value
    yield "Attachments", "; ".join(statement.attachments.value)


def _deadline_said(statement: ReadStatement) -> str:
    deadline = statement.deadline.value
    if deadline.kind is DeadlineKind.NONE:
        return f"none ({deadline.text})"
    return (
        "not stated"
        if deadline.kind is DeadlineKind.UNSTATED
        else _unsure(Found(deadline.text, statement.deadline.where, statement.deadline.sure))
    )


def _unsure(found: Found[str]) -> str:
    return (
        f"{found.value} ({found.sure.value}, from {found.where})"
        if found and found.sure.value != "certain"
        else found.value
    )
