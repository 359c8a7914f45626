"""Which group of the shared database a statement means by a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers.asking.lexicon import lexicon_of
from handlers.asking.tokens import clean, tokens
from handlers.liaison.reading.names import tidy_name
from handlers.liaison.reading.statement import Sureness
from storage.catalogue import Catalogue, GroupName

_OTHER_SECTOR = re.compile(r"ITU-[RD]\b")
_QUESTION = re.compile(r"(?:Q|WP)\d+/(\d+)")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The group that is meant, and the Question of it where one is named."""

    group: GroupName
    sure: Sureness
    question: str = ""


def resolve(catalogue: Catalogue, written: str) -> Resolved | None:
    """The group of that name, in any usual writing; None where none is known, or several are."""
    name = tidy_name(written)
    if not name or _OTHER_SECTOR.match(name):
        return None
    if known := catalogue.questions.get(name):
        return Resolved(catalogue.groups[known[1]], Sureness.CERTAIN, name)
    if question := _QUESTION.fullmatch(name):
        group = catalogue.group_of_code(f"SG{question[1]}")
        return Resolved(group, Sureness.LIKELY, name) if group else None
    bodies, rest = _without_body(catalogue, name)
    return _exact(catalogue, bodies, rest or name) or (_spoken(catalogue, bodies, rest) if rest else None)


def _without_body(catalogue: Catalogue, name: str) -> tuple[frozenset[int], str]:
    """The bodies that a name begins with, and what follows."""
    begun: dict[int, set[int]] = {}
    for body in catalogue.bodies.values():
        for alias in (body.code, body.name, *body.aliases):
            if re.match(rf"{re.escape(alias)}(?![\w-])", name, re.IGNORECASE):
                begun.setdefault(len(alias), set()).add(body.id)
    if not begun:
        return frozenset(), name
    longest = max(begun)
    return frozenset(begun[longest]), name[longest:].strip(" /-,:")


def _exact(catalogue: Catalogue, bodies: frozenset[int], code: str) -> Resolved | None:
    same = [group for group in _of(catalogue, bodies) if group.code.casefold() == code.casefold()]
    return Resolved(same[0], Sureness.CERTAIN) if len(same) == 1 else None


def _spoken(catalogue: Catalogue, bodies: frozenset[int], name: str) -> Resolved | None:
    """The group that a phrase begins with, as a question to the bot would mean it."""
    words = tokens(clean(name))
    length, ids = lexicon_of(catalogue).groups_at(words, 0)
    allowed = {group.id for group in _of(catalogue, bodies)}
    meant = [one for one in ids if one in allowed]
    if len(meant) != 1:
        return None
    whole = length == len(words)
    return Resolved(catalogue.groups[meant[0]], Sureness.CERTAIN if whole else Sureness.LIKELY)


def _of(catalogue: Catalogue, bodies: frozenset[int]) -> list[GroupName]:
    return [group for group in catalogue.groups.values() if not bodies or group.body_id in bodies]
