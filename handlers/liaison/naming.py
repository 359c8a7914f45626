"""Naming: which group of the list a statement's source or addressee is, and whether it is ourselves."""

from __future__ import annotations

from handlers.liaison.resolving import resolve
from handlers.situation import Situation
from storage.catalogue import Catalogue
from storage.words import Direction


def direction_of(situation: Situation, source: str) -> Direction:
    """What we sent ourselves is outgoing."""
    host = situation.catalogue.group_of_code(situation.host)
    is_ours = source.casefold() == situation.host.casefold() or (
        host is not None and group_id(situation.catalogue, source) == host.id
    )
    return Direction.OUTGOING if is_ours else Direction.INCOMING


def group_id(catalogue: Catalogue, name: str) -> int | None:
    """The group of that name, where it is in the list."""
    found = resolve(catalogue, name)
    return found.group.id if found else None
