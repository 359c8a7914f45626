"""Choosing a group: by code, name or body, from what is typed so far; and what becomes of one that ended."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.asking.lexicon import lexicon_of
from handlers.asking.reading import read
from handlers.form import Choice
from handlers.situation import Situation
from storage.catalogue import BodyName, Catalogue, GroupName

OTHER = "other"
"""The value for a group that is not in the list."""
NEW = "new:"
"""What a group that is not in the list is proposed with in one line: `new: Quantum Alliance WG2`."""

_MOST = 7
_LONGEST_LABEL = 75
_NOT_LETTERS = re.compile(r"[\W_]+")


def value_of(catalogue: Catalogue, group: GroupName) -> str:
    """What to type for a group: its code, after the body's where several groups have that code."""
    same = [one for one in catalogue.groups.values() if one.code.lower() == group.code.lower()]
    return group.code if len(same) == 1 else f"{catalogue.bodies[group.body_id].code} {group.code}"


def groups_meant(situation: Situation, text: str) -> Sequence[GroupName]:
    """The groups that somebody means: one, none, or several of one code in different bodies."""
    catalogue = situation.catalogue
    wanted = _folded(text)
    exact = [
        group
        for group in catalogue.groups.values()
        if wanted and wanted in (_folded(group.code), _folded(group.name), _folded(_with_body(catalogue, group)))
    ]
    if exact:
        return exact
    reading = read(text, lexicon_of(catalogue), situation.now.date())
    ids = dict.fromkeys(one for spot in reading.spots for one in spot.groups)
    return [catalogue.groups[one] for one in ids]


def wrong_group(situation: Situation, text: str) -> str:
    """What is wrong with a group, in words; empty when it is one group that is at work."""
    if text == OTHER:
        return ""
    meant = groups_meant(situation, text)
    catalogue = situation.catalogue
    if not meant:
        return f"I know no such group; type its code or name, or “{OTHER}” if it is not in the list"
    if len(meant) > 1:
        return f"several groups are called so; type {' or '.join(_with_body(catalogue, one) for one in meant[:4])}"
    return ended_words(catalogue, meant[0])


def bodies_meant(situation: Situation, text: str) -> Sequence[BodyName]:
    """The bodies of that code, name or alias."""
    wanted = _folded(text)
    return [
        body
        for body in situation.catalogue.bodies.values()
        if wanted and wanted in map(_folded, (body.code, body.name, *body.aliases))
    ]


def ended_words(catalogue: Catalogue, group: GroupName) -> str:
    """That a group ended, and who went on with its work where that is known; empty for one at work."""
    if not group.ended:
        return ""
    when = f" in {group.ended}" if group.ended.isdecimal() else ""
    next_ones = [value_of(catalogue, one) for one in successors(catalogue, group)]
    hint = f"; its work went on in {' and '.join(next_ones)}" if next_ones else ""
    return f"{group.code} ended{when}{hint}"


def successors(catalogue: Catalogue, group: GroupName) -> Sequence[GroupName]:
    """Groups at work that the scope of an ended group names, else the group that it belonged to."""
    rest, named = group.scope, []
    at_work = [one for one in catalogue.groups.values() if not one.ended and one.id != group.id]
    for one in sorted(at_work, key=lambda one: -len(one.code)):
        found = re.search(rf"(?<!\w){re.escape(one.code)}(?!\w)", rest)
        if found:
            named.append(one)
            rest = rest[: found.start()] + rest[found.end() :]
    parent = catalogue.groups.get(group.parent_id or 0)
    return named or ([parent] if parent and not parent.ended else [])


def offers(situation: Situation, typed: str) -> Sequence[Choice]:
    """The groups at work that may be meant by what was typed so far, best first; then a new one."""
    catalogue = situation.catalogue
    other = Choice(OTHER, "Mine is not here", fits=False)
    if typed == OTHER:
        return [other]
    if typed.startswith(NEW):
        return [_proposal(typed.removeprefix(NEW), "{} (new)")]
    wanted = _folded(typed)
    every = [group for group in catalogue.groups.values() if group.code != situation.host]
    ranked = sorted(((_rank(catalogue, group, wanted), group) for group in every), key=lambda pair: pair[0])
    at_work = [group for rank, group in ranked if rank < _NEAR and not group.ended]
    whole = [group for rank, group in ranked if rank == 0 and wanted]
    if whole and all(one.ended for one in whole):
        return _instead(catalogue, whole[0])
    whole = [group for group in whole if not group.ended]
    fitting = [Choice(value_of(catalogue, one), _label(catalogue, one)) for one in whole or at_work]
    by_words = [group for rank, group in ranked if rank == _NEAR or _has_words(catalogue, group, typed)]
    near = [] if fitting or not wanted else _near(situation, typed, by_words)
    return [*fitting[:_MOST], *near[:_MOST], _proposal(typed) if wanted and not whole else other]


def _near(situation: Situation, typed: str, by_words: Sequence[GroupName]) -> Sequence[Choice]:
    """Groups that what was typed mentions, or that are called so: nobody takes them without asking."""
    found = dict.fromkeys([*groups_meant(situation, typed), *by_words])
    at_work = [one for one in found if not one.ended]
    catalogue = situation.catalogue
    return [Choice(value_of(catalogue, one), _label(catalogue, one), fits=False) for one in at_work]


def _instead(catalogue: Catalogue, ended: GroupName) -> Sequence[Choice]:
    """Who went on with the work of a group that ended, and that it did."""
    when = f" in {ended.ended}" if ended.ended.isdecimal() else ""
    return [
        *(
            Choice(value_of(catalogue, one), _cut(f"{one.code} ({ended.code} ended{when})"), fits=False)
            for one in successors(catalogue, ended)
        ),
        Choice(OTHER, _cut(f"{ended.code} ended{when}; mine is another one"), fits=False),
    ]


def _proposal(name: str, label: str = "Propose “{}”") -> Choice:
    words = " ".join(name.split())
    return Choice(f"{NEW} {words}", _cut(label.format(words)), fits=False)


_NEAR = 6
_NO_FIT = 9


def _rank(catalogue: Catalogue, group: GroupName, wanted: str) -> int:
    if not wanted:
        return 0
    code, body, name = _folded(group.code), _folded(catalogue.bodies[group.body_id].code), _folded(group.name)
    tests = (
        wanted in (code, _folded(_with_body(catalogue, group))),
        code.startswith(wanted) or _folded(_with_body(catalogue, group)).startswith(wanted),
        body.startswith(wanted),
        wanted in code,
        any(_folded(word).startswith(wanted) for word in group.name.split()),
        wanted in name,
        wanted in _folded(group.scope),
    )
    return next((rank for rank, fits in enumerate(tests) if fits), _NO_FIT)


def _has_words(catalogue: Catalogue, group: GroupName, typed: str) -> bool:
    """Whether each word typed begins one of the group's: "ETSI QKD" is ETSI's ISG QKD."""
    words = [_folded(word) for word in f"{_with_body(catalogue, group)} {group.name}".split()]
    return all(any(word.startswith(_folded(one)) for word in words) for one in typed.split())


def _with_body(catalogue: Catalogue, group: GroupName) -> str:
    return f"{catalogue.bodies[group.body_id].code} {group.code}"


def _label(catalogue: Catalogue, group: GroupName) -> str:
    return _cut(f"{group.code} ({catalogue.bodies[group.body_id].code}) {group.name}")


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1] + "…"


def _folded(text: str) -> str:
    """Letters and digits alone, in lower case: "ISG-QKD" and "isg qkd" are one."""
    return _NOT_LETTERS.sub("", text.casefold())
