"""Who the rows of representatives are about: persons that are known already, and persons that are to be made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import Account, Person, Representative
from storage.words import OPEN

Appointee = Hashable
"""A person's id, or for one who is to be made what tells them from all others."""


@dataclass(frozen=True, slots=True)
class Mention:
    """How a row names a person. `group` is the group in its one form."""

    group: Hashable
    name: str
    email: str
    since: str

    @property
    def named(self) -> tuple[Hashable, str]:
        return self.group, self.name.casefold()


class Appointees:
    """Finds persons by a proved address or one of an earlier row, then by name and group."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._by_email: dict[str, Appointee] = {}
        self._by_name: dict[tuple[Hashable, str], list[tuple[Mention, Appointee]]] = defaultdict(list)
        self._made: dict[Appointee, int] = {}

    async def know_addresses(self, emails: Iterable[str]) -> None:
        """Read whose these addresses are. A proved one counts for more than one that was only given."""
        asked = sorted({email for email in emails if email} - self._by_email.keys())
        given = (
            select(Representative.email, Representative.person_id)
            .where(Representative.email.in_(asked))
            .order_by(Representative.status.in_(OPEN), Representative.id)
        )
        proved = select(Account.external_id, Account.person_id).where(
            Account.platform == "email", Account.external_id.in_(asked)
        )
        for query in (given, proved):
            for email, person in await self._connection.execute(query):
                self._by_email[email] = person

    def know(self, mention: Mention, person: int) -> None:
        """A row of the database names this person so."""
        known = self._by_name[mention.named]
        if (mention, person) not in known:
            known.append((mention, person))

    def resolve(self, mentions: Sequence[Mention]) -> list[Appointee | None]:
        """The person of each mention; None where a row names nobody."""
        found: dict[int, Appointee] = {}
        claimed = {self._by_email[one.email] for one in mentions if one.email in self._by_email}
        for place, one in enumerate(mentions):
            if one.email:
                found[place] = self._by_address(one, claimed)
        # Those without an address come last: the same name in the same group may have one in another row.
        for place, one in enumerate(mentions):
            if one.name and not one.email:
                found[place] = self._by_its_name(one)
        return [found.get(place) for place in range(len(mentions))]

    async def persons(self, named: Sequence[tuple[Appointee | None, str]]) -> list[int]:
        """The ids of the appointees with their names, made where nobody knew them. None is somebody forgotten."""
        new = {one: name for one, name in named if one is not None and not isinstance(one, int)}
        new = {one: name for one, name in new.items() if one not in self._made}
        self._made.update(zip(new, await self._make(list(new.values())), strict=True))
        forgotten = iter(await self._make([""] * sum(one is None for one, _ in named), forgotten=True))
        return [
            next(forgotten) if one is None else one if isinstance(one, int) else self._made[one] for one, _ in named
        ]

    def _by_address(self, mention: Mention, claimed: set[Appointee]) -> Appointee:
        if mention.email not in self._by_email:
            known = [person for _, person in self._by_name[mention.named] if person not in claimed]
            person: Appointee = known[0] if mention.name and known else ("address", mention.email)
            claimed.add(person)
            self._by_email[mention.email] = person
            self._by_name[mention.named].append((mention, person))
        return self._by_email[mention.email]

    def _by_its_name(self, mention: Mention) -> Appointee:
        known = self._by_name[mention.named]
        if not known:
            known.append((mention, ("name", *mention.named)))
        nearest = max(known, key=lambda pair: (not pair[0].email, pair[0].since == mention.since))
        same = [pair for pair in known if pair[0].since == mention.since and not pair[0].email]
        return (same[0] if same else nearest)[1]

    async def _make(self, names: Sequence[str], *, forgotten: bool = False) -> list[int]:
        if not names:
            return []
        made = insert(Person).values(created_at=func.now(), forgotten_at=func.now() if forgotten else None)
        made = made.returning(Person.id, sort_by_parameter_order=True)
        rows = await self._connection.execute(made, [{"name": name} for name in names])
        return list(rows.scalars())
