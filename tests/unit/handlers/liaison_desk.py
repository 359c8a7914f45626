"""Liaison statements as tests log them, and the representatives whom they concern."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.chore import Errand
from handlers.liaison import routing
from handlers.liaison.routing import Routed
from storage import people
from storage.catalogue import Catalogue
from storage.liaison import events, life, log
from storage.liaison.events import Deed, Event
from storage.liaison.log import Addressee, Entry
from storage.liaison.mentions import Mentioned
from storage.people import Newcomer
from storage.representing import deeds
from storage.representing.deeds import Wanted
from storage.representing.trail import BOT
from storage.tables import Liaison, LiaisonAssignment, Person
from storage.words import DeadlineKind, Direction, LiaisonStatus, Purpose, RepresentativeKind
from tests.talk import Talk, Voice


class Statement:
    """A statement to be logged, in the words of a test."""

    def __init__(
        self,
        title: str = "LS on a thing",
        *,
        number: str = "SG11-LS5",
        source: str = "SG11",
        action: Sequence[str] = (),
        comment: Sequence[str] = (),
        information: Sequence[str] = (),
        deadline: str = "",
        due: str = "",
        asked: str = "",
        mentions: Sequence[str] = (),
        outgoing: bool = False,
    ) -> None:
        self.kind, self.deadline = _deadline(deadline)
        self.title, self.number, self.source = title, number, source
        self.named = {Purpose.ACTION: action, Purpose.COMMENT: comment, Purpose.INFORMATION: information}
        self.due, self.asked, self.mentions, self.outgoing = due, asked, mentions, outgoing


async def errand(talk: Talk, session: AsyncSession) -> Errand:
    """A run of something on this session, at the time of the talk."""
    catalogue = await talk.dispatcher.catalogues.current(session)
    return Errand(session, catalogue, talk.clock(), talk.dispatcher.host, talk.dispatcher.household)


async def logged(talk: Talk, one: Statement) -> Routed:
    """It is logged, or sent, and everybody whom it concerns is told."""
    async with talk.database.writing() as session:
        occasion = await errand(talk, session)
        source = _group(occasion.catalogue, one.source)
        entry = Entry(
            direction=Direction.OUTGOING if one.outgoing else Direction.INCOMING,
            source=one.source,
            title=one.title,
            number=one.number,
            source_id=source,
            date="2024-09-01",
            deadline=one.deadline,
            deadline_kind=one.kind,
            addressees=[
                Addressee(purpose, name, _group(occasion.catalogue, name), one.asked, one.due)
                for purpose, names in one.named.items()
                for name in names
            ],
            mentions=[Mentioned(reference, "mentioned") for reference in one.mentions],
        )
        household = occasion.household
        pattern = household.outgoing_numbers if one.outgoing else household.incoming_numbers
        liaison = await log.log(session, entry, pattern, occasion.host, BOT, talk.clock())
        if one.outgoing:
            sent = update(Liaison).where(Liaison.id == liaison.id)
            await session.execute(sent.values(status=LiaisonStatus.SENT, sent_at=talk.clock()))
        routed = await routing.route(occasion, liaison.id, BOT)
    await talk.settles()
    return routed


async def routed_again(talk: Talk) -> Routed:
    async with talk.database.writing() as session:
        routed = await routing.route(await errand(talk, session), await newest(talk), BOT)
    await talk.settles()
    return routed


async def over(talk: Talk, status: LiaisonStatus = LiaisonStatus.CLOSED, deed: Deed = Deed.CLOSED) -> None:
    """The newest statement is closed, or what else ends it."""
    number = await newest(talk)
    async with talk.database.writing() as session:
        await life.move(session, number, status, deed, BOT, talk.clock())
        await routing.settle(await errand(talk, session), number, BOT)
    await talk.settles()


async def reopened(talk: Talk) -> None:
    number = await newest(talk)
    async with talk.database.writing() as session:
        await life.move(session, number, LiaisonStatus.RECEIVED, Deed.REOPENED, BOT, talk.clock())
        await routing.resume(await errand(talk, session), number, BOT)
    await talk.settles()


async def put_off(talk: Talk, deadline: str) -> None:
    """The newest statement has another deadline."""
    number = await newest(talk)
    kind, text = _deadline(deadline)
    async with talk.database.writing() as session:
        await session.execute(update(Liaison).where(Liaison.id == number).values(deadline=text, deadline_kind=kind))
        await routing.deadline_changed(await errand(talk, session), number, BOT)
    await talk.settles()


async def newest(talk: Talk) -> int:
    async with talk.database.reading() as session:
        return await session.scalar(select(Liaison.id).order_by(Liaison.id.desc()).limit(1)) or 0


async def row(talk: Talk) -> Liaison:
    async with talk.database.reading() as session:
        found = await session.get(Liaison, await newest(talk))
        assert found
        return found


async def assignments_of(talk: Talk) -> Sequence[LiaisonAssignment]:
    async with talk.database.reading() as session:
        mine = LiaisonAssignment.liaison_id == await newest(talk)
        return (await session.scalars(select(LiaisonAssignment).where(mine).order_by(LiaisonAssignment.id))).all()


async def history(talk: Talk) -> Sequence[Event]:
    async with talk.database.reading() as session:
        return await events.history(session, await newest(talk))


def voice(talk: Talk, account: str) -> Voice:
    """One person more in the talk."""
    made = Voice(talk, account)
    talk._voices.append(made)
    return made


async def represents(
    talk: Talk, who: Voice, *codes: str, alternate: bool = False, zone: str = "", name: str = ""
) -> int:
    """From now on they represent the groups; gives the person's number."""
    async with talk.database.writing() as session:
        occasion = await errand(talk, session)
        newcomer = Newcomer(who.platform, who.account, name or who.account.capitalize())
        caller = await people.identify(session, newcomer, occasion.household, talk.clock())
        if zone:
            await session.execute(update(Person).where(Person.id == caller.person_id).values(timezone=zone))
        for code in codes:
            kind = RepresentativeKind.ALTERNATE if alternate else RepresentativeKind.REPRESENTATIVE
            group = _group(occasion.catalogue, code)
            assert group, code
            await deeds.appoint(session, Wanted(caller.person_id, kind, group_id=group), BOT, talk.clock())
    return caller.person_id


async def at_once(talk: Talk, *said: tuple[Voice, str]) -> None:
    """Several people say something at the same time, each to a replica of their own."""
    desks = [talk.new_desk() for _ in said]
    arrivals = [who.arrival(line, kind="button") for who, line in said]
    await asyncio.gather(*(desk.receive(arrival) for desk, arrival in zip(desks, arrivals, strict=True)))
    await talk.settles(*desks)


def _deadline(text: str) -> tuple[DeadlineKind, str]:
    if not text:
        return DeadlineKind.UNSTATED, ""
    return (DeadlineKind.DATE if text[:4].isdecimal() else DeadlineKind.VAGUE), text


def _group(catalogue: Catalogue, name: str) -> int | None:
    return next((one.id for one in catalogue.groups.values() if one.code == name), None)


__all__ = [
    "Statement",
    "assignments_of",
    "at_once",
    "errand",
    "history",
    "logged",
    "newest",
    "over",
    "put_off",
    "reopened",
    "represents",
    "routed_again",
    "row",
    "voice",
]
