"""Representatives when two do something at the same instant: one wins, the other is told."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.tables import AuditEntry, Representative
from storage.words import OPEN
from tests.talk import Talk, Voice

LINE = "register SG13 representative name='Kim Lee' email=kim@example.org"


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample)


async def at_once(talk: Talk, *said: tuple[Voice, str]) -> None:
    """Several people say something at the same time, each to a replica of their own."""
    desks = [talk.new_desk() for _ in said]
    arrivals = [voice.arrival(line, kind="button") for voice, line in said]
    await asyncio.gather(*(desk.receive(arrival) for desk, arrival in zip(desks, arrivals, strict=True)))
    await talk.settles(*desks)


async def rows(talk: Talk) -> list[Representative]:
    async with talk.database.reading() as session:
        return list(await session.scalars(select(Representative).order_by(Representative.id)))


async def test_of_two_who_confirm_the_other_is_told_who_was_first(talk: Talk) -> None:
    await talk.member.says(LINE)
    confirm = "representative confirm 1"
    await at_once(talk, (talk.secretariat, confirm), (talk.administrator, confirm))
    seen = sorted([talk.secretariat.seen, talk.administrator.seen], key=lambda text: "Confirmed by" in text)
    assert "I told them" in seen[0]
    assert "Confirmed by" in seen[1]
    assert len(talk.member.told) == 1


async def test_confirming_and_declining_at_once_ends_in_one_of_them(talk: Talk) -> None:
    await talk.member.says(LINE)
    await at_once(
        talk, (talk.secretariat, "representative confirm 1"), (talk.administrator, "representative decline 1 no")
    )
    (one,) = await rows(talk)
    assert len(talk.member.told) == 1
    talk.member.is_told("confirmed" if one.status == "confirmed" else "declined")
    async with talk.database.reading() as session:
        decided = await session.scalars(select(AuditEntry).where(AuditEntry.action.in_(("confirm", "decline"))))
        assert len(list(decided)) == 1


async def test_one_address_registered_from_two_platforms_at_once_is_in_the_list_once(talk: Talk) -> None:
    await at_once(talk, (talk.member, LINE), (talk.colleague, LINE))
    assert len([one for one in await rows(talk) if one.status in OPEN]) == 1
    seen = sorted([talk.member.seen, talk.colleague.seen], key=lambda text: "already" in text)
    assert "The secretariat was asked" in seen[0]
    assert "already" in seen[1]


async def test_registering_twice_at_once_makes_one_request(talk: Talk) -> None:
    await talk.member.says("whoami")
    await at_once(talk, (talk.member, LINE), (talk.member, LINE))
    assert len(await rows(talk)) == 1
    assert len(talk.secretariat.told) == 1


async def test_taking_back_while_it_is_confirmed_leaves_it_over(talk: Talk) -> None:
    await talk.member.says(LINE)
    await at_once(talk, (talk.member, "representative end 1"), (talk.secretariat, "representative confirm 1"))
    (one,) = await rows(talk)
    assert one.status == "ended"


async def test_handing_over_to_one_person_twice_at_once_invites_them_once(talk: Talk) -> None:
    await talk.member.says(LINE)
    await talk.secretariat.says("representative confirm 1")
    line = "representative handover 1 name='Ana Silva' email=ana@example.org"
    await at_once(talk, (talk.member, line), (talk.member, line))
    assert len([one for one in await rows(talk) if one.follows == 1]) == 1
