"""Groups with their Questions and the group that each belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pydantic import BaseModel
from sqlalchemy import ColumnElement, bindparam, insert, select, tuple_, update

from storage.liaison import naming
from storage.tables import Body, Group, Question
from storage.transfer.batch import Batch, Cells
from storage.transfer.cells import Email, Ended, Label, Link, Name, Prose, QuestionCodes, Text, join, split
from storage.transfer.directory import Directory, GroupKey
from storage.transfer.kind import Change, Kept, Kind
from storage.transfer.parts import mapping, read_parts
from storage.transfer.problems import Problem

_OWN = ("name", "scope", "ended", "homepage", "email")
_SEPARATOR = "; "
_PARENT = "another group of the file or the database, with its body before it where the code is not unique"


class Row(BaseModel):
    code: Name
    body: Name
    name: Text
    scope: Prose
    questions: QuestionCodes
    parent: Label
    ended: Ended
    homepage: Link
    email: Email = ""


class Rows(Kind):
    """A group's Questions that the file does not list stay: roadmap items may be theirs."""

    row = Row
    key = ("body", "code")
    table = Group

    async def begin(self) -> None:
        self._directory = Directory(self.connection, self.made)
        self._parents: list[tuple[int, GroupKey, str]] = []
        self._claimed: dict[str, int] = {}
        await self._directory.load()

    def check(self, batch: Batch) -> Iterator[Problem]:
        for number, cells in batch.rows():
            for code in split(cells["questions"]):
                first = self._claimed.setdefault(code, number)
                if first != number:
                    yield Problem(number, "questions", code, f"a Question of one group only; row {first} has it")

    def about(self, batch: Batch) -> ColumnElement[bool]:
        return tuple_(Body.code, Group.code).in_(list(zip(batch["body"], batch["code"], strict=True)))

    async def read(self, where: ColumnElement[bool], limit: int | None = None) -> list[Kept]:
        own = [getattr(Group, name) for name in _OWN]
        query = select(Group.id, Group.code, Body.code.label("body"), Group.parent_id, *own).join(Body)
        rows = (await self.connection.execute(query.where(where).order_by(Group.id).limit(limit))).mappings().all()
        questions = await read_parts(
            self.connection, Question.group_id, Question.code, [row["id"] for row in rows], _SEPARATOR
        )
        return [
            Kept(
                row["id"],
                {
                    "code": row["code"],
                    "body": row["body"],
                    "name": row["name"],
                    "scope": row["scope"],
                    "questions": questions.get(row["id"], ""),
                    "parent": self._directory.pointer(row["parent_id"], row["body"]),
                    "ended": row["ended"],
                    "homepage": row["homepage"],
                    "email": row["email"],
                },
            )
            for row in rows
        ]

    def merge(self, before: Cells, after: Cells) -> Cells:
        listed = split(after["questions"])
        others = [code for code in split(before["questions"]) if code not in listed]
        pointed = self._directory.pointed(after["parent"], after["body"]) if after["parent"] else None
        parent = self._directory.pointer(self._directory.groups[pointed], after["body"]) if pointed else after["parent"]
        return after | {"questions": join([*listed, *others], _SEPARATOR), "parent": parent}

    async def add(self, batch: Batch) -> None:
        await self._directory.need_bodies(batch["body"])
        rows = list(batch.rows())
        keys = [(cells["body"], cells["code"]) for _, cells in rows]
        bodies = self._directory.bodies
        values = [
            {"body_id": bodies[cells["body"]], "code": cells["code"]} | {name: cells[name] for name in _OWN}
            for _, cells in rows
        ]
        await self._directory.add_groups(values, keys)
        for (number, cells), key in zip(rows, keys, strict=True):
            await self._set_questions(self._directory.groups[key], split(cells["questions"]))
            if cells["parent"]:
                self._parents.append((number, key, cells["parent"]))

    async def change(self, changes: Sequence[Change]) -> None:
        own = [{"_id": change.id} | {name: change.after[name] for name in _OWN} for change in changes]
        await self.run(update(Group).where(Group.id == bindparam("_id")), own)
        for change in changes:
            if "questions" in change.fields:
                await self._set_questions(change.id, split(change.after["questions"]))
            if "parent" in change.fields:
                key = (change.after["body"], change.after["code"])
                self._parents.append((change.number, key, change.after["parent"]))

    async def finish(self) -> Iterable[Problem]:
        problems = []
        for number, key, pointer in self._parents:
            parent = self._directory.pointed(pointer, key[0]) if pointer else None
            if pointer and parent in (None, key):
                if not self._is_refused(pointer):
                    problems.append(Problem(number, "parent", pointer, _PARENT))
                continue
            parent_id = self._directory.groups[parent] if parent else None
            chosen = update(Group).where(Group.id == self._directory.groups[key])
            await self.connection.execute(chosen.values(parent_id=parent_id))
        await naming.refresh(self.connection)
        return problems or await self._circles()

    def _is_refused(self, pointer: str) -> bool:
        return any(isinstance(key, tuple) and key[1] == pointer for key in self.refused)

    async def _set_questions(self, group_id: int, codes: Sequence[str]) -> None:
        known = self._directory.questions
        old = [
            {"_id": known[code], "group_id": group_id, "position": position}
            for position, code in enumerate(codes)
            if code in known
        ]
        new = [
            {"code": code, "group_id": group_id, "position": position}
            for position, code in enumerate(codes)
            if code not in known
        ]
        await self.run(update(Question).where(Question.id == bindparam("_id")), old)
        await self.run(insert(Question), new)
        if new:
            wanted = select(Question.id, Question.code).where(Question.code.in_([one["code"] for one in new]))
            for id, code in await self.connection.execute(wanted):
                self._directory.know_question(id, code)

    async def _circles(self) -> list[Problem]:
        """A group cannot be its own ancestor."""
        parents = await mapping(self.connection, select(Group.id, Group.parent_id))
        problems = []
        for number, key, pointer in self._parents:
            seen = set()
            group: int | None = self._directory.groups[key]
            while group is not None and group not in seen:
                seen.add(group)
                group = parents[group]
            if group is not None:
                problems.append(Problem(number, "parent", pointer, "a group that does not belong to this one"))
        return problems
