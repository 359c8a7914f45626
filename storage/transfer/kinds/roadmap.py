"""Roadmap items with their topics and relations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Annotated, Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, bindparam, func, select, update

from storage.liaison import sources
from storage.tables import Body, Group, ItemTopic, Question, Relation, RoadmapItem, Topic
from storage.transfer import former
from storage.transfer.batch import Batch
from storage.transfer.bulk import Load
from storage.transfer.cells import (
    Label,
    Link,
    Name,
    PartialDate,
    Prose,
    QuestionCode,
    Text,
    YesNo,
    join,
    list_of,
    one_of,
    refuse,
    split,
)
from storage.transfer.directory import Directory
from storage.transfer.kind import PAGE, Change, Kept, Kind
from storage.transfer.parts import add_parts, mapping, read_parts, replace_parts
from storage.transfer.problems import Problem
from storage.transfer.stemming import cores_of, stems_of
from storage.words import ItemStatus, RelationKind

_KINDS = frozenset(str(kind) for kind in RelationKind)
_RELATIONS = "kind:id pairs between semicolons; kind is one of " + ", ".join(RelationKind)


def _relation(part: str) -> None:
    kind, colon, key = part.partition(":")
    if kind not in _KINDS or not colon or not key:
        raise refuse(_RELATIONS)


class Row(BaseModel):
    id: Name
    body: Name
    group: Label
    question: QuestionCode
    reference: Name
    title: Text
    type: Name
    status: Annotated[Label, one_of(ItemStatus)]
    date: PartialDate
    version: Label
    topics: Annotated[Prose, list_of()]
    relations: Annotated[Prose, list_of(_relation)]
    url: Link
    verified: YesNo


_PLAIN = ("reference", "title", "type", "date", "version", "url")


class Rows(Kind):
    row = Row
    key = ("id",)
    unique = (("body", "reference"),)
    table = RoadmapItem

    async def begin(self) -> None:
        self._directory = Directory(self.connection, self.made)
        await self._directory.load()
        self._topics = await mapping(self.connection, select(Topic.code, Topic.id))
        self._relations: list[tuple[int, str, str]] = []
        self._referenced: set[tuple[int, str]] = set()
        self._load = Load(self.connection, RoadmapItem.__tablename__)
        self._old = await self.count()

    def check(self, batch: Batch) -> Iterator[Problem]:
        unknown = {cell for cell in set(batch["topics"]) if any(code not in self._topics for code in split(cell))}
        homeless = {code for code in set(batch["question"]) if code and code not in self._directory.questions}
        if not unknown and not homeless:
            return
        for number, cells in batch.rows():
            if cells["topics"] in unknown:
                wrong = next(code for code in split(cells["topics"]) if code not in self._topics)
                yield Problem(number, "topics", wrong, self._allowed_topics())
            if cells["question"] in homeless and not cells["group"]:
                yield Problem(number, "question", cells["question"], "a Question that is known, or a group beside it")

    def about(self, batch: Batch) -> ColumnElement[bool]:
        return RoadmapItem.key.in_(batch["id"])

    async def read(self, where: ColumnElement[bool], limit: int | None = None) -> list[Kept]:
        item = RoadmapItem.__table__.c
        query = (
            select(
                item.id, item.key, Body.code, Group.code, Question.code, item.reference, item.title, item.type,
                item.status, item.date, item.version, item.url, item.verified,
            )
            .select_from(RoadmapItem)
            .join(Body, Body.id == item.body_id)
            .outerjoin(Group, Group.id == item.group_id)
            .outerjoin(Question, Question.id == item.question_id)
        )  # fmt: skip
        rows = (await self.connection.execute(query.where(where).order_by(item.id).limit(limit))).all()
        ids = [row[0] for row in rows]
        topics = await read_parts(self.connection, ItemTopic.item_id, Topic.code, ids, through=Topic)
        relations = await self._kept_relations(ids)
        return [
            Kept(
                id,
                {
                    "id": key,
                    "body": body,
                    "group": group or "",
                    "question": question or "",
                    "reference": reference,
                    "title": title,
                    "type": type,
                    "status": str(status),
                    "date": date,
                    "version": version,
                    "topics": topics.get(id, ""),
                    "relations": relations.get(id, ""),
                    "url": url,
                    "verified": "yes" if verified else "no",
                },
            )
            for id, key, body, group, question, reference, title, type, status, date, version, url, verified in rows
        ]

    async def add(self, batch: Batch) -> None:
        await self._make_room(batch)
        await self._need(batch)
        await self._load.add(self._columns(batch))
        self._remember_references(batch)
        if any(batch["topics"]):
            ids = await self._ids(batch["id"])
            topics = {ids[key]: self._parts(cell) for key, cell in zip(batch["id"], batch["topics"], strict=True)}
            await add_parts(self.connection, ItemTopic.item_id, topics)
        if any(batch["relations"]):
            self._relations += [
                one for one in zip(batch.numbers, batch["id"], batch["relations"], strict=True) if one[2]
            ]

    async def change(self, changes: Sequence[Change]) -> None:
        batch = Batch(
            [change.number for change in changes],
            {name: [change.after[name] for change in changes] for name in changes[0].after},
        )
        await self._need(batch)
        columns = self._columns(batch) | {"_id": [change.id for change in changes]}
        values = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        plain = [row for change, row in zip(changes, values, strict=True) if {*change.fields} - {"topics", "relations"}]
        await self.run(update(RoadmapItem).where(RoadmapItem.id == bindparam("_id")), plain)
        overruled = {change.id: (change.after["id"], change.before, change.fields) for change in changes}
        self.notes += await sources.overruled(self.connection, overruled)
        self._remember_references(batch)
        topics = {change.id: self._parts(change.after["topics"]) for change in changes if "topics" in change.fields}
        await replace_parts(self.connection, ItemTopic.item_id, topics)
        for change in changes:
            if "relations" in change.fields:
                await replace_parts(self.connection, Relation.source_id, {change.id: []})
                self._relations.append((change.number, change.after["id"], change.after["relations"]))

    async def finish(self) -> Iterable[Problem]:
        await self._load.put_triggers_back("roadmap_search")
        problems = await self._relate()
        if not problems:
            await self._note_same_references()
            await former.refresh(self.connection)
        return problems

    async def settle(self) -> None:
        await self._load.settle()

    async def _make_room(self, batch: Batch) -> None:
        """On SQLite a trigger for each of many rows takes most of the time."""
        many = len(batch) >= PAGE // 2 and len(batch) * 20 >= self._old
        if many and not self._load.is_bare and self.connection.dialect.name == "sqlite":
            await self._load.set_triggers_aside()

    async def _need(self, batch: Batch) -> None:
        """Make the bodies, groups and Questions that the rows mention and nobody knows."""
        groups = dict.fromkeys(zip(batch["body"], batch["group"], strict=True))
        await self._directory.need_bodies(body for body, _ in groups)
        await self._directory.need_groups(key for key in groups if key[1])
        if any(batch["question"]):
            homes = zip(batch["question"], batch["body"], batch["group"], strict=True)
            await self._directory.need_questions((code, (body, group)) for code, body, group in homes if code)

    def _columns(self, batch: Batch) -> dict[str, Sequence[object]]:
        """The columns of the table."""
        known = self._directory
        columns: dict[str, Sequence[object]] = {
            "key": batch["id"],
            "body_id": list(map(known.bodies.get, batch["body"])),
            "group_id": list(map(known.groups.get, zip(batch["body"], batch["group"], strict=True))),
            "question_id": list(map(known.questions.get, batch["question"])),
            "core": cores_of(batch["reference"]),
            "status": batch["status"],
            "verified": [cell == "yes" for cell in batch["verified"]],
            "stems": stems_of(batch["title"]),
        }
        return columns | {name: batch[name] for name in _PLAIN}

    def _parts(self, cell: str) -> list[dict[str, Any]]:
        return [{"topic_id": self._topics[code]} for code in split(cell)]

    def _allowed_topics(self) -> str:
        codes = sorted(self._topics)
        return "codes of known topics: " + ", ".join(codes[:8]) + (" …" if len(codes) > 8 else "")

    def _remember_references(self, batch: Batch) -> None:
        if self._old:
            bodies = map(self._directory.bodies.__getitem__, batch["body"])
            self._referenced.update(zip(bodies, batch["reference"], strict=True))

    async def _note_same_references(self) -> None:
        """Say which items of the file have, in the end, the same body and reference as another item.

        They go in nonetheless: two collections name their items differently, and a person must say which is right.
        """
        if not self._referenced:
            return
        same = (
            select(RoadmapItem.body_id, RoadmapItem.reference)
            .group_by(RoadmapItem.body_id, RoadmapItem.reference)
            .having(func.count() > 1)
            .order_by(func.min(RoadmapItem.id))
        )
        twice = [
            reference
            for body_id, reference in await self.connection.execute(same)
            if (body_id, reference) in self._referenced
        ]
        if twice:
            listed = ", ".join(twice[:8]) + (" …" if len(twice) > 8 else "")
            self.notes.append(f"another item has the same reference: {listed} ({len(twice)})")

    async def _relate(self) -> list[Problem]:
        problems: list[Problem] = []
        for start in range(0, len(self._relations), PAGE):
            part = self._relations[start : start + PAGE]
            pairs = {number: [pair.partition(":") for pair in split(cell)] for number, _, cell in part}
            ids = await self._ids({key for _, key, _ in part} | {to for found in pairs.values() for _, _, to in found})
            rows: dict[int, list[dict[str, Any]]] = {}
            for number, key, _ in part:
                problems.extend(self._lost(number, key, [target for _, _, target in pairs[number]], ids))
                if not problems:
                    rows[ids[key]] = [
                        {"kind": RelationKind(kind), "target_id": ids[to]} for kind, _, to in pairs[number]
                    ]
            if not problems:
                await add_parts(self.connection, Relation.source_id, rows)
        return problems

    def _lost(self, number: int, key: str, targets: Iterable[str], ids: dict[str, int]) -> Iterator[Problem]:
        for target in targets:
            if target == key:
                yield Problem(number, "relations", target, "the id of another item")
            elif target not in ids and target not in self.refused:
                yield Problem(number, "relations", target, "the id of an item of the file or the database")

    async def _ids(self, keys: Collection[str]) -> dict[str, int]:
        ids: dict[str, int] = {}
        wanted = list(keys)
        for start in range(0, len(wanted), PAGE):
            query = select(RoadmapItem.key, RoadmapItem.id).where(RoadmapItem.key.in_(wanted[start : start + PAGE]))
            ids |= await mapping(self.connection, query)
        return ids

    async def _kept_relations(self, ids: Collection[int]) -> dict[int, str]:
        if not ids:
            return {}
        query = (
            select(Relation.source_id, Relation.kind, RoadmapItem.key)
            .join(RoadmapItem, RoadmapItem.id == Relation.target_id)
            .where(Relation.source_id.in_(ids))
            .order_by(Relation.source_id, Relation.position)
        )
        found: dict[int, list[str]] = {}
        for id, kind, key in await self.connection.execute(query):
            found.setdefault(id, []).append(f"{kind}:{key}")
        return {id: join(pairs) for id, pairs in found.items()}
