"""Bodies, groups and Questions by their codes; what rows mention and nobody knows yet is made."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import Body, Group, Question

GroupKey = tuple[str, str]
"""The code of the body and the code of the group."""


class Directory:
    """What is known, read once with `load` and kept in step with what is made. `made` says what that was."""

    def __init__(self, connection: AsyncConnection, made: list[str]) -> None:
        self._connection = connection
        self.made = made
        self.bodies: dict[str, int] = {}
        self.groups: dict[GroupKey, int] = {}
        self.questions: dict[str, int] = {}
        self._by_code: dict[str, list[GroupKey]] = {}
        self.body_codes: dict[int, str] = {}
        self.group_keys: dict[int, GroupKey] = {}
        self.question_codes: dict[int, str] = {}

    async def load(self) -> None:
        for id, code in await self._connection.execute(select(Body.id, Body.code)):
            self._know_body(id, code)
        groups = select(Group.id, Body.code, Group.code).join(Body).order_by(Group.id)
        for id, body, code in await self._connection.execute(groups):
            self._know_group(id, (body, code))
        for id, code in await self._connection.execute(select(Question.id, Question.code)):
            self.know_question(id, code)

    async def need_bodies(self, codes: Iterable[str]) -> None:
        """Make the bodies that are not known, each with its code as name."""
        for code in dict.fromkeys(codes):
            if code not in self.bodies:
                self.made.append(f"body {code}")
                made = insert(Body).values(code=code, name=code).returning(Body.id)
                self._know_body((await self._connection.execute(made)).scalar_one(), code)

    async def need_groups(self, keys: Iterable[GroupKey]) -> None:
        """Make the groups that are not known, each with its code as name."""
        for key in dict.fromkeys(keys):
            if key not in self.groups:
                body, code = key
                await self.need_bodies([body])
                self.made.append(f"group {body} {code}")
                made = insert(Group).values(body_id=self.bodies[body], code=code, name=code).returning(Group.id)
                self._know_group((await self._connection.execute(made)).scalar_one(), key)

    async def need_questions(self, questions: Iterable[tuple[str, GroupKey]]) -> None:
        """Make the Questions that are not known, each under its group."""
        for code, group in dict.fromkeys(questions):
            if code not in self.questions:
                await self.need_groups([group])
                self.made.append(f"Question {code}")
                known = select(Question.id).where(Question.group_id == self.groups[group])
                position = len((await self._connection.execute(known)).all())
                made = insert(Question).values(group_id=self.groups[group], code=code, position=position)
                self.know_question((await self._connection.execute(made.returning(Question.id))).scalar_one(), code)

    async def add_groups(self, groups: list[dict[str, object]], keys: list[GroupKey]) -> None:
        """Add these rows, which are the groups of these keys."""
        await self._connection.execute(insert(Group), groups)
        bodies = {self.bodies[body] for body, _ in keys}
        added = select(Group.id, Body.code, Group.code).join(Body).where(Group.body_id.in_(bodies)).order_by(Group.id)
        for id, body, code in await self._connection.execute(added):
            if (body, code) not in self.groups:
                self._know_group(id, (body, code))

    def know_question(self, id: int, code: str) -> None:
        self.questions[code] = id
        self.question_codes[id] = code

    def pointed(self, pointer: str, body: str = "") -> GroupKey | None:
        """The group that a cell points to: a code, or body and code where several bodies have a group of that code.

        A group of `body` comes first. None when there is no such group, or more than one.
        """
        if (body, pointer) in self.groups:
            return body, pointer
        found = self._by_code.get(pointer, [])
        if len(found) == 1:
            return found[0]
        whole = [key for key in self.groups if f"{key[0]} {key[1]}" == pointer] if " " in pointer else []
        return whole[0] if len(whole) == 1 else None

    def pointer(self, group_id: int | None, body: str = "") -> str:
        """The shortest text by which `pointed` finds the group."""
        if group_id is None:
            return ""
        key = self.group_keys[group_id]
        return key[1] if self.pointed(key[1], body) == key else f"{key[0]} {key[1]}"

    def _know_body(self, id: int, code: str) -> None:
        self.bodies[code] = id
        self.body_codes[id] = code

    def _know_group(self, id: int, key: GroupKey) -> None:
        self.groups[key] = id
        self.group_keys[id] = key
        self._by_code.setdefault(key[1], []).append(key)
