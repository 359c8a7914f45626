"""Terms: what each source says that a word means."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Body, Term


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition of a term by one source."""

    term: str
    abbreviation: str
    definition: str
    reference: str
    body: str
    verified: bool


_DEFINITION = select(Term.term, Term.abbreviation, Term.definition, Term.reference, Body.code, Term.verified).join(
    Body, Body.id == Term.body_id
)


async def of_terms(session: AsyncSession, terms: Collection[str]) -> Sequence[Definition]:
    """All definitions of these terms, in the order in which they were entered."""
    return await _read(session, _DEFINITION.where(Term.term.in_(sorted(terms))))


async def of_source(session: AsyncSession, reference: str) -> Sequence[Definition]:
    """All terms that a source defines; a source may be cited with its clause ("G.709 cl. 3")."""
    exact = Term.reference == reference
    cited = [Term.reference.contains(mark.format(reference), autoescape=True) for mark in ("{} ", "{};", "; {}")]
    return await _read(session, _DEFINITION.where(or_(exact, *cited)))


async def named(session: AsyncSession, name: str) -> Sequence[Definition]:
    """All definitions of a term by its name or abbreviation, whatever the case."""
    lower = name.strip().lower()
    return await _read(
        session, _DEFINITION.where(or_(func.lower(Term.term) == lower, func.lower(Term.abbreviation) == lower))
    )


async def _read(session: AsyncSession, query: Select[str, str, str, str, str, bool]) -> Sequence[Definition]:
    return [Definition(*row) for row in (await session.execute(query.order_by(Term.id)))]
