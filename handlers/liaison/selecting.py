"""From a question about liaison statements to what storage is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta

from handlers.asking.corresponding import Corresponding
from handlers.asking.lexicon import Lexicon, lexicon_of
from handlers.asking.listing import same_phrases
from handlers.situation import Situation
from storage.catalogue import Catalogue, GroupName
from storage.liaison import finding
from storage.liaison.selection import About, Order, Parties, Selection
from storage.roles import Role
from storage.search import Phrase, stems, words
from storage.words import UNSENT, Direction, Purpose


def today(situation: Situation) -> date:
    """The asker's day."""
    return situation.now.astimezone(situation.zone).date()


def may_see_drafts(situation: Situation) -> bool:
    return situation.role >= Role.SECRETARIAT


async def selection_of(situation: Situation, wanted: Corresponding) -> Selection:
    """What storage is asked; codes that the catalogue lacks are looked for as they are written."""
    catalogue, lexicon = situation.catalogue, lexicon_of(situation.catalogue)
    answering = await numbered(situation, [wanted.answering]) if wanted.answering else ()
    subjects = [About(phrases) for subject in wanted.about if (phrases := phrases_of(subject, lexicon))]
    items = [About(frozenset([tuple(stems(reference))]), frozenset([id])) for id, reference in wanted.items]
    return Selection(
        today=today(situation).isoformat(),
        direction=Direction(wanted.direction) if wanted.direction else None,
        statuses=frozenset(wanted.status),
        unsent=may_see_drafts(situation) and bool(set(wanted.status) & set(UNSENT)),
        open=wanted.open,
        overdue=wanted.overdue,
        source=parties_of(catalogue, [one for one in wanted.source if not one.startswith("!")]),
        not_source=parties_of(catalogue, [one[1:] for one in wanted.source if one.startswith("!")]),
        to=parties_of(catalogue, [one for one in wanted.to if not one.startswith("!")]),
        purposes=frozenset(map(Purpose, wanted.purpose)),
        owners=frozenset(wanted.owner),
        owned=False if wanted.unowned else None,
        since=wanted.since,
        until=wanted.until,
        arrived=_moments(situation, wanted),
        due_since=wanted.due_since,
        due_until=wanted.due_until,
        dated=False if wanted.undated else None,
        about=(*subjects, *items),
        answering=frozenset(answering or [0]) if wanted.answering else frozenset(),
        proposing=wanted.proposing,
        order=Order(wanted.order),
    )


async def numbered(situation: Situation, written: Iterable[str]) -> Sequence[int]:
    """The statements that are called so, or whose numbers end so."""
    ends = {"".join(words(one)) for one in written}
    return await finding.numbered(situation.session, ends, drafts=may_see_drafts(situation))


def parties_of(catalogue: Catalogue, codes: Collection[str]) -> Parties:
    """The groups and bodies with these codes, with the groups below them, and how they are written."""
    found = Parties()
    for code in codes:
        bodies = {one.id for one in catalogue.bodies.values() if one.code == code}
        groups = {id for id, one in catalogue.groups.items() if one.body_id in bodies or one.code == code}
        groups |= _below(catalogue.groups.values(), groups)
        named = [name for id in groups for name in _names(catalogue, catalogue.groups[id])]
        of_bodies = [name for id in bodies for name in (code, catalogue.bodies[id].name, *catalogue.bodies[id].aliases)]
        own = [
            code,
            *(f"{catalogue.bodies[one.body_id].code} {code}" for one in catalogue.groups.values() if one.code == code),
        ]
        found |= Parties(
            frozenset(groups),
            frozenset(name.lower() for name in (*named, *of_bodies, code)),
            frozenset(name.lower() for name in own),
        )
    return found


def phrases_of(subject: str, lexicon: Lexicon) -> frozenset[Phrase]:
    """The ways to say a subject: its synonyms, and the names of the topic that it names; `|` is between subjects."""
    if "|" in subject:
        return frozenset(phrase for part in subject.split("|") for phrase in phrases_of(part, lexicon))
    found = set(same_phrases(subject, lexicon))
    for id in lexicon.topics_of(subject):
        topic = lexicon.catalogue.topics[id]
        found |= {tuple(stems(name)) for name in (topic.code.replace("-", " "), *topic.aliases)}
    return frozenset(phrase for phrase in found if phrase)


def _names(catalogue: Catalogue, group: GroupName) -> tuple[str, ...]:
    body = catalogue.bodies[group.body_id].code
    return group.code, f"{body} {group.code}", group.name


def _below(groups: Iterable[GroupName], above: Collection[int]) -> set[int]:
    every = list(groups)
    found: set[int] = set()
    level = set(above)
    while level := {one.id for one in every if one.parent_id in level} - found:
        found |= level
    return found


def _moments(situation: Situation, wanted: Corresponding) -> tuple[datetime, datetime] | None:
    """From when to when something was logged that came in on these days; years and months are those of the date."""
    if not wanted.arrived or len(wanted.since) < 10:
        return None
    first = datetime.combine(date.fromisoformat(wanted.since), time(), situation.zone)
    until = date.fromisoformat(wanted.until) if len(wanted.until) == 10 else today(situation)
    return first, datetime.combine(until + timedelta(days=1), time(), situation.zone)
