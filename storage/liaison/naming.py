"""Naming: the groups that lists of liaison statements mean by the names that stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.search import words
from storage.tables import Body, BodyAlias, Group, Liaison, LiaisonAddressee, Question

_QUESTION = re.compile(r"(?:ITU-T\s+)?(Q\d+/\d+)", re.IGNORECASE)


class GroupNames:
    """Groups by all names that are plainly theirs: code, name, and either after the body's; and by their Questions."""

    def __init__(self) -> None:
        self._meant: dict[str, set[int]] = {}
        self._questions: dict[str, int] = {}

    def add(self, group: int, codes: Iterable[str], bodies: Iterable[str]) -> None:
        """`codes` are the group's names, `bodies` its body's."""
        before = ["", *bodies]
        for code in filter(None, codes):
            for one in before:
                self._meant.setdefault(_flat(f"{one} {code}"), set()).add(group)

    def add_question(self, code: str, group: int) -> None:
        self._questions[code.upper()] = group

    def meant(self, name: str) -> int | None:
        """The group of that name; None where there is none, or several are called so."""
        if question := _QUESTION.fullmatch(name.strip()):
            return self._questions.get(question[1].upper())
        found = self._meant.get(_flat(name), set())
        return next(iter(found)) if len(found) == 1 else None


async def read(connection: AsyncConnection) -> GroupNames:
    bodies: dict[int, list[str]] = {}
    for id, code, name in await connection.execute(select(Body.id, Body.code, Body.name)):
        bodies[id] = [code, name]
    for id, alias in await connection.execute(select(BodyAlias.body_id, BodyAlias.alias)):
        bodies[id].append(alias)
    known = GroupNames()
    for id, body, code, name in await connection.execute(select(Group.id, Group.body_id, Group.code, Group.name)):
        known.add(id, (code, name), filter(None, bodies[body]))
    for code, group in await connection.execute(select(Question.code, Question.group_id)):
        known.add_question(code, group)
    return known


async def refresh(connection: AsyncConnection) -> None:
    """Find the groups of all sources and addressees that have none yet."""
    of_sources = select(Liaison.source).where(Liaison.source_id.is_(None)).distinct()
    of_addressees = select(LiaisonAddressee.name).where(LiaisonAddressee.group_id.is_(None)).distinct()
    sources = list((await connection.execute(of_sources)).scalars())
    addressees = list((await connection.execute(of_addressees)).scalars())
    if not (sources or addressees):
        return
    known = await read(connection)
    of_source = update(Liaison).where(Liaison.source == bindparam("_name"), Liaison.source_id.is_(None))
    of_name = update(LiaisonAddressee).where(
        LiaisonAddressee.name == bindparam("_name"), LiaisonAddressee.group_id.is_(None)
    )
    for names, statement, column in ((sources, of_source, "source_id"), (addressees, of_name, "group_id")):
        rows = [{"_name": name, column: group} for name in names if (group := known.meant(name)) is not None]
        if rows:
            await connection.execute(statement.values({column: bindparam(column)}), rows)


def _flat(name: str) -> str:
    return "".join(words(name))
