"""A matter: a liaison statement, what it asks of whom, who sees to it, and whom else it touches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from handlers.asking.lexicon import lexicon_of
from handlers.asking.reading import read
from handlers.outgoing import Occasion
from handlers.representing.choosing import value_of
from storage.catalogue import Catalogue
from storage.liaison import assignments, concerned
from storage.liaison.assignments import Assignment
from storage.liaison.concerned import Asked, Seat
from storage.people import Household
from storage.tables import Liaison
from storage.words import UNSENT, UNSETTLED, AssignmentState, DeadlineKind, Direction, LiaisonStatus, Purpose

_LEAST_ITEMS = 3
"""A group works on a topic when so many of its roadmap items are on it."""

_MOST_TEXT = 4_000
"""Characters of title, abstract and summary in which topics are looked for."""


class Host(Occasion, Protocol):
    """An occasion that knows who we are."""

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def household(self) -> Household: ...

    @property
    def host(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Matter:
    """A statement and all that says whom it concerns.

    `reasons` are by the group that it does not name, of which `touched` are the codes. `answered` are the groups that
    have, as it calls them, with the statements `answers`. `topics` and `groups` are the codes of what it is about, for
    those who subscribed.
    """

    liaison: Liaison
    asked: Sequence[Asked]
    assignments: Sequence[Assignment]
    reasons: Mapping[int, Sequence[str]]
    seats: Sequence[Seat]
    codes: Mapping[int, str]
    touched: Mapping[int, str]
    host_id: int | None
    answered: Collection[str] = ()
    topics: Collection[str] = ()
    groups: Collection[str] = ()
    answers: Sequence[str] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to see to it."""
        return self.liaison.status in UNSETTLED

    @property
    def is_waiting(self) -> bool:
        """Whether we wait for others to act on it."""
        return self.liaison.status is LiaisonStatus.SENT and any(one.purpose is Purpose.ACTION for one in self.asked)

    @property
    def is_draft(self) -> bool:
        return self.liaison.status in UNSENT

    @property
    def for_action(self) -> Sequence[Asked]:
        return [one for one in self.asked if one.purpose is Purpose.ACTION]

    def called(self, one: Asked | Assignment) -> str:
        """The code of the group, else what the statement calls it."""
        return self.codes.get(one.group_id or 0) or one.name

    def due(self, one: Asked | Assignment) -> str:
        """Until when the group is asked, a date or empty: what the statement says for it alone, else for all."""
        own = next((each.due for each in self.asked if each.name == one.name and each.due), "")
        return own or self.due_of_all

    @property
    def due_of_all(self) -> str:
        """Until when the statement asks for something, a date or empty."""
        return self.liaison.deadline if self.liaison.deadline_kind is DeadlineKind.DATE else ""

    def assignment(self, one: Asked) -> Assignment | None:
        """Who sees to what the group is asked; of what it is only asked to comment on, whom somebody chose."""
        found = next((each for each in self.assignments if each.name == one.name), None)
        is_own = one.purpose is Purpose.ACTION or all(each.name != one.name for each in self.for_action)
        return found if is_own and found and found.state is not AssignmentState.SETTLED else None

    def represented(self, group_id: int | None) -> bool:
        return any(seat.group_id == group_id for seat in self.seats)

    def persons(self) -> Iterator[int]:
        """Everybody whom it concerns, each once, those of groups that must act first."""
        order = [one.group_id for one in self.asked]
        groups = [*dict.fromkeys(one for one in order if one is not None), *self.reasons]
        found = [seat.person_id for group in groups for seat in self.seats if seat.group_id == group]
        return iter(dict.fromkeys(found))

    def groups_of(self, person: int) -> Collection[int]:
        return {seat.group_id for seat in self.seats if seat.person_id == person}


async def load(occasion: Host, liaison_id: int, *, lock: bool = True, narrow: bool = False) -> Matter:
    """The matter as it stands; with a lock nobody else changes it until the transaction ends. Raises `LookupError`.

    A `narrow` one leaves out those whom it does not name.
    """
    session = occasion.session
    await session.flush()
    liaison = await session.get(Liaison, liaison_id, with_for_update=lock or None, populate_existing=True)
    if liaison is None:
        raise LookupError(f"liaison {liaison_id}")
    asked = await concerned.asked(session, liaison_id)
    catalogue = occasion.catalogue
    host = catalogue.group_of_code(occasion.host)
    named = {one.group_id for one in asked if one.group_id is not None}
    codes = {one: value_of(catalogue, catalogue.groups[one]) for one in named if one in catalogue.groups}
    own = {host.id} if host else set()
    answers = await concerned.answering(session, liaison_id)
    matter = Matter(
        liaison,
        asked,
        await assignments.of_statement(session, liaison_id),
        {},
        await concerned.seats(session, named - own),
        codes,
        {},
        host.id if host else None,
        concerned.have_answered(asked, answers),
        answers=[one.number for one in answers],
    )
    return matter if narrow else await _widened(occasion, matter, named, own)


async def _widened(occasion: Host, matter: Matter, named: set[int], own: set[int]) -> Matter:
    """With those whom it touches though it does not name them, and what it is about."""
    session, liaison, catalogue = occasion.session, matter.liaison, occasion.catalogue
    beside = named | own | ({liaison.source_id} if liaison.source_id else set())
    touched = [one for one in await concerned.touched(session, liaison.id) if one.group_id not in own]
    text = f"{liaison.title}. {await concerned.abstract(session, liaison.id)}"
    topics = _topics(occasion, text, liaison.summary)
    reasons: dict[int, list[str]] = {}
    for item in touched:
        group = catalogue.groups.get(item.group_id)
        if group and group.id not in beside:
            reasons.setdefault(group.id, []).append(f"mentions {item.reference} of {value_of(catalogue, group)}")
    for group_id, topic_id, count in await concerned.at_work_on(session, topics, _LEAST_ITEMS):
        group, topic = catalogue.groups.get(group_id), catalogue.topics.get(topic_id)
        if group and topic and group_id not in beside and group_id not in reasons:
            words = f"is about “{topic.name}”, on which {value_of(catalogue, group)} has {count} roadmap items"
            reasons[group_id] = [words]
    of_items = await concerned.topics_of_items(session, liaison.id)
    return replace(
        matter,
        reasons=reasons,
        touched={one: value_of(catalogue, catalogue.groups[one]) for one in reasons},
        seats=await concerned.seats(session, (named | set(reasons)) - own),
        topics={catalogue.topics[one].code for one in topics | of_items if one in catalogue.topics},
        groups=_about(catalogue, (beside | {one.group_id for one in touched}) - own),
    )


def _about(catalogue: Catalogue, group_ids: Collection[int]) -> Collection[str]:
    return {catalogue.groups[one].code for one in group_ids if one in catalogue.groups}


def _topics(occasion: Host, text: str, summary: str) -> set[int]:
    """Ids of the topics that a text names."""
    reading = read(f"{text} {summary}"[:_MOST_TEXT], lexicon_of(occasion.catalogue), occasion.now.date())
    codes = {name.value for spot in reading.spots for name in spot.names if name.kind == "topic" and name.strong}
    return {one.id for one in occasion.catalogue.topics.values() if one.code in codes}


def is_outgoing(liaison: Liaison) -> bool:
    return liaison.direction is Direction.OUTGOING
