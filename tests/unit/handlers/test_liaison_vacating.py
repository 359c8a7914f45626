"""What somebody saw to who represents the group no more is offered to the others, or goes to the secretariat."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from handlers import following
from storage.database import Database
from storage.liaison.events import Deed
from storage.representing import deeds
from storage.representing.trail import BOT
from storage.tables import Representative
from storage.words import AssignmentState, RepresentativeStatus
from tests.talk import Talk, Voice, buttons_of
from tests.unit.handlers.liaison_desk import (
    Statement,
    assignments_of,
    errand,
    history,
    logged,
    over,
    represents,
    voice,
)

FOR_SG17 = Statement("LS on threats", action=["SG17"], deadline="2024-12-01")
ACCEPT = "liaison accept SG11-LS5"


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample)


async def owned(talk: Talk) -> int:
    """The member, who represents SG17, sees to what it is asked; gives the person's number."""
    await talk.secretariat.says("secretariat here")
    person = await represents(talk, talk.member, "SG17", name="Kim")
    await logged(talk, FOR_SG17)
    await talk.member.says(ACCEPT)
    return person


async def ends(talk: Talk, person: int) -> None:
    """The person's appointments end, and the bot looks around."""
    async with talk.database.writing() as session:
        mine = Representative.person_id == person, Representative.status == RepresentativeStatus.CONFIRMED
        for one in list(await session.scalars(select(Representative.id).where(*mine))):
            await deeds.end(session, one, "the term ended", BOT, talk.clock())
    await talk.does_chores()


async def colleague(talk: Talk) -> Voice:
    other = voice(talk, "ana")
    await represents(talk, other, "SG17", alternate=True)
    return other


def labels(voice: Voice) -> list[str]:
    return [one.label for one in buttons_of(voice.told[-1])]


async def test_it_is_offered_to_whoever_else_represents_the_group(talk: Talk) -> None:
    other = await colleague(talk)
    person = await owned(talk)
    before = len(other.told)
    await ends(talk, person)
    other.is_told("Kim saw to it for SG17, and does not represent it any more", "Who sees to it for SG17?")
    assert len(other.told) == before + 1
    (one,) = await assignments_of(talk)
    assert (one.state, one.person_id, one.raised_at) == (AssignmentState.OFFERED, None, None)
    await other.presses("Accept", of=other.told[-1])
    other.sees("You see to SG11-LS5 for SG17")


async def test_the_successor_is_asked_after_a_handover(talk: Talk) -> None:
    person = await owned(talk)
    successor = voice(talk, "ana")
    await represents(talk, successor, "SG17")
    await ends(talk, person)
    successor.is_told("Kim saw to it for SG17", "LS on threats")
    assert labels(successor) == ["Accept", "Pass on…", "Show it"]


async def test_whoever_handed_over_by_command_owns_nothing_any_more(talk: Talk) -> None:
    person = await owned(talk)
    async with talk.database.reading() as session:
        number = await session.scalar(select(Representative.id).where(Representative.person_id == person))
    await talk.secretariat.says(f"representative handover {number} name='Ana Poe' email=ana@example.org")
    await talk.does_chores()
    (one,) = await assignments_of(talk)
    assert (one.state, one.person_id) == (AssignmentState.OFFERED, None)


async def test_where_nobody_else_is_there_it_goes_to_the_secretariat(talk: Talk) -> None:
    person = await owned(talk)
    await ends(talk, person)
    said = next(one for one in reversed(talk.secretariat.told) if "saw to it" in talk.plain(one))
    assert [one.label for one in buttons_of(said)] == ["Accept", "Assign…", "Show it"]
    (one,) = await assignments_of(talk)
    assert one.raised_at == talk.clock()


async def test_who_left_reads_that_nothing_is_asked_of_them(talk: Talk) -> None:
    person = await owned(talk)
    await ends(talk, person)
    said = [talk.plain(one) for one in talk.member.told if "SG11-LS5" in talk.plain(one)]
    assert said
    assert all("Nothing is asked of your groups any more" in one for one in said)
    await talk.member.says("liaison show SG11-LS5")
    assert "Accept" not in [one.label for one in buttons_of(talk.member.last)]


async def test_it_is_done_once(talk: Talk) -> None:
    other = await colleague(talk)
    person = await owned(talk)
    await ends(talk, person)
    count = len(other.told)
    await talk.does_chores()
    assert len(other.told) == count
    assert [one.deed for one in await history(talk)].count(Deed.OFFERED) == 1


async def test_two_processes_at_once_do_it_once(talk: Talk) -> None:
    other = await colleague(talk)
    person = await owned(talk)
    async with talk.database.writing() as session:
        (number,) = await session.scalars(select(Representative.id).where(Representative.person_id == person))
        await deeds.end(session, number, "", BOT, talk.clock())

    async def chore() -> None:
        async with talk.database.writing() as session:
            await following.offer_vacant.run(await errand(talk, session))

    before = len(other.told)
    await asyncio.gather(chore(), chore())
    await talk.settles()
    assert len(other.told) == before + 1


async def test_whoever_was_assigned_without_representing_the_group_keeps_it(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here")
    person = await represents(talk, talk.member, "SG13", name="Kim")
    await logged(talk, FOR_SG17)
    await talk.secretariat.says(f"liaison assign SG11-LS5 SG17 {person}")
    await talk.member.says(ACCEPT)
    await ends(talk, person)
    (one,) = await assignments_of(talk)
    assert (one.state, one.person_id) == (AssignmentState.ACCEPTED, person)


async def test_whoever_still_represents_it_otherwise_keeps_it(talk: Talk) -> None:
    person = await owned(talk)
    async with talk.database.writing() as session:
        (number,) = await session.scalars(select(Representative.id).where(Representative.person_id == person))
        await deeds.end(session, number, "", BOT, talk.clock())
    await represents(talk, talk.member, "SG17", alternate=True)
    await talk.does_chores()
    (one,) = await assignments_of(talk)
    assert (one.state, one.person_id) == (AssignmentState.ACCEPTED, person)


async def test_what_is_closed_is_offered_to_nobody(talk: Talk) -> None:
    other = await colleague(talk)
    person = await owned(talk)
    await over(talk)
    count = len(other.told)
    await ends(talk, person)
    assert len(other.told) == count
