"""Entering: what the form says and what was read become the statement to be logged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from handlers.liaison.enclosed import enclosed
from handlers.liaison.entry_form import Logging
from handlers.liaison.fields import deadline_of, names_of
from handlers.liaison.naming import direction_of, group_id
from handlers.liaison.reading.statement import Action, Mention, ReadStatement
from handlers.liaison.sources import Brought
from handlers.situation import Situation
from storage.catalogue import Catalogue
from storage.liaison.log import Addressee, Entry
from storage.liaison.mentions import Mentioned
from storage.words import DeadlineKind, Purpose


async def entry_of(situation: Situation, given: Logging, found: Brought) -> Entry:
    """The statement as it will be logged; its files are kept already."""
    kind, deadline = deadline_of(given.deadline)
    source = given.source or ""
    texts = {
        Purpose.ACTION: given.for_action,
        Purpose.COMMENT: given.for_comment,
        Purpose.INFORMATION: given.for_information,
    }
    return Entry(
        direction=direction_of(situation, source),
        number=given.number or "",
        source=source,
        source_id=group_id(situation.catalogue, source),
        title=given.title or "",
        date=given.date or "",
        deadline=deadline,
        deadline_kind=kind,
        in_response_to=given.in_response_to or "",
        questions=given.questions or "",
        contact=given.contact or "",
        contact_email=given.contact_email or "",
        url=given.url or "",
        abstract=given.abstract or "",
        body=found.read.body if found.read else given.text or "",
        addressees=addressees(situation.catalogue, texts, found.read),
        mentions=mentioned(found.read.mentions) if found.read else (),
        files=await enclosed(situation, found, given.text),
    )


def addressees(
    catalogue: Catalogue, texts: Mapping[Purpose, str | None], read: ReadStatement | None = None
) -> Sequence[Addressee]:
    """Whom the texts name, with what each is asked to do by itself.

    The day of the whole statement is no group's own: who corrects that one corrects it for all.
    """
    asked = names_of(texts.get(Purpose.ACTION))
    actions, of_all = (read.actions, read.deadline.value.text) if read else ((), "")
    return [
        _addressee(catalogue, purpose, name, [one for one in actions if _is_for(one, name, asked)], of_all)
        for purpose, text in texts.items()
        for name in names_of(text)
    ]


def mentioned(found: Iterable[Mention]) -> Sequence[Mentioned]:
    """What was read of the roadmap."""
    return [Mentioned(one.reference, one.said.value, one.former, one.date, one.quote) for one in found]


def _addressee(catalogue: Catalogue, purpose: Purpose, name: str, actions: Sequence[Action], of_all: str) -> Addressee:
    own = actions if purpose is Purpose.ACTION else ()
    due, asked = min(_days(own), default=""), "\n".join(one.text for one in own if one.text)
    return Addressee(purpose, name, group_id(catalogue, name), asked, "" if due == of_all else due)


def _days(actions: Sequence[Action]) -> Iterator[str]:
    return (one.deadline.text for one in actions if one.deadline.kind is DeadlineKind.DATE)


def _is_for(action: Action, name: str, asked: Sequence[str]) -> bool:
    """Whether an action is that group's: one that names nobody is that of the only one who is asked."""
    if not action.group:
        return [name] == list(asked)
    one, other = action.group.casefold(), name.casefold()
    return one == other or one.endswith(f" {other}") or other.endswith(f" {one}")
