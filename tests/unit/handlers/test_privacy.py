"""Privacy: what is held about a person, and forgetting them."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from handlers.chore import Errand
from handlers.command import Role
from handlers.privacy import forget_long_gone
from storage import subscriptions, targets
from storage.catalogue import CatalogueKeeper
from storage.database import Database
from storage.people import Household
from storage.subscriptions import Interest
from storage.tables import Account, Base, Grant, InboxEvent, Liaison, Person, Representative
from storage.tables import Group as GroupRow
from storage.targets import Destination
from storage.words import RepresentativeKind, RepresentativeStatus, SubscriptionKind
from tests.talk import HOST, ZONE, Talk

ADDRESS = "kim.unmistakable@example.org"


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample, has_mail=True)


async def person_of(talk: Talk, account: str) -> int:
    async with talk.database.reading() as session:
        found = await session.scalar(select(Account.person_id).where(Account.external_id == account))
    assert found
    return found


async def represents(talk: Talk, person: int) -> int:
    """The member is a confirmed representative of SG17; the entry's number."""
    async with talk.database.writing() as session:
        group = await session.scalar(select(GroupRow.id).where(GroupRow.code == "SG17"))
        row = {
            "person_id": person,
            "group_id": group,
            "kind": RepresentativeKind.REPRESENTATIVE,
            "status": RepresentativeStatus.CONFIRMED,
            "email": ADDRESS,
            "affiliation": "Unmistakable Laboratories",
            "since": "2023",
            "requested_at": talk.clock(),
        }
        made = await session.execute(insert(Representative).values(row).returning(Representative.id))
        return made.scalar_one()


async def everything(database: Database) -> str:
    """All that the database holds but the inbox's event that is being answered."""
    async with database.reading() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in (InboxEvent.__tablename__,)]
        return "\n".join([str(row) for table in tables for row in await session.execute(select(table))])


async def test_my_data_is_a_file_with_all_that_is_held(talk: Talk) -> None:
    await talk.member.says("settings zone Asia/Seoul")
    await represents(talk, await person_of(talk, "member"))
    await talk.member.says("my data")
    held = json.loads(talk.member.message.attachments[0].content)
    assert held["person"][0]["timezone"] == "Asia/Seoul"
    assert held["accounts"][0]["external_id"] == "member"
    assert held["representatives"][0]["email"] == ADDRESS
    assert held["changes"][0]["action"] == "set zone"


async def test_my_data_has_neither_hash_nor_salt_of_a_code(talk: Talk) -> None:
    await talk.member.says(f"address {ADDRESS}")
    await talk.member.says("my data")
    held = json.loads(talk.member.message.attachments[0].content)
    assert set(held["codes"][0]) == {"purpose", "tries", "made_at", "expires_at", "over_at"}


async def test_my_data_has_nobody_elses(talk: Talk) -> None:
    await talk.colleague.says("settings zone Asia/Seoul")
    await talk.member.says("my data")
    assert "Seoul" not in talk.member.message.attachments[0].content.decode()


async def test_my_data_is_not_sent_where_others_read(talk: Talk) -> None:
    await talk.member.says("my data", channel=True)
    talk.member.sees("Others read along here")
    assert talk.member.message.attachments == ()


async def test_to_be_forgotten_one_types_a_word(talk: Talk) -> None:
    await talk.member.says("forget me")
    talk.member.sees("Type the word forget")
    await talk.member.says("yes")
    talk.member.sees("type the word forget, or cancel")
    await talk.member.says("forget")
    talk.member.sees("Done")


async def test_nothing_personal_is_left_of_one_who_is_forgotten(talk: Talk) -> None:
    await talk.colleague.says("settings zone Asia/Seoul")
    await talk.colleague.says(f"address {ADDRESS}")
    person = await person_of(talk, "colleague")
    await represents(talk, person)
    await talk.administrator.says(f"role grant {person} secretariat")
    assert len(re.findall("(?i)colleague", await everything(talk.database))) > 3
    await talk.colleague.says("forget me forget")
    left = await everything(talk.database)
    assert [word for word in (ADDRESS, "Unmistakable", "colleague", "Colleague") if word in left] == []


async def test_nobody_loses_their_address_to_one_who_only_typed_it(talk: Talk) -> None:
    await talk.colleague.says("whoami")
    owner = await person_of(talk, "colleague")
    async with talk.database.writing() as session:
        row = {"person_id": owner, "platform": "email", "external_id": ADDRESS, "created_at": talk.clock()}
        await session.execute(insert(Account).values(row))
        target = await targets.kept(session, Destination("email", ADDRESS))
        interests = [Interest(SubscriptionKind.MEETINGS)]
        number = await subscriptions.subscribe(session, target, interests, zone="UTC", by=owner, now=talk.clock())
    await talk.member.says(f"address {ADDRESS}")
    await talk.member.says("forget me forget")
    async with talk.database.reading() as session:
        kept = await subscriptions.numbered(session, number)
    assert kept
    assert (kept.address, kept.closed_because) == (ADDRESS, "")


async def test_one_who_is_forgotten_is_nobodys_contact(talk: Talk) -> None:
    await talk.member.says("whoami")
    person = await person_of(talk, "member")
    async with talk.database.writing() as session:
        row = {"person_id": person, "platform": "email", "external_id": ADDRESS, "created_at": talk.clock()}
        await session.execute(insert(Account).values(row))
        contact = {"contact": "Kim Unmistakable", "contact_email": ADDRESS.title()}
        await session.execute(update(Liaison).where(Liaison.number == "SG13-LS10").values(contact))
        await session.execute(update(GroupRow).where(GroupRow.code == "SG17").values(email=ADDRESS))
    await talk.member.says("my data")
    held = json.loads(talk.member.message.attachments[0].content)
    assert [each["number"] for each in held["contact of"]] == ["SG13-LS10"]
    await talk.member.says("forget me forget")
    assert "unmistakable" not in (await everything(talk.database)).lower()


async def test_the_public_record_stays_without_the_name(talk: Talk) -> None:
    await talk.member.says("whoami")
    entry = await represents(talk, await person_of(talk, "member"))
    await talk.member.says("forget me forget")
    talk.member.sees("1 appointment ended")
    async with talk.database.reading() as session:
        row = (await session.scalars(select(Representative).where(Representative.id == entry))).one()
    assert (row.status, row.since, row.email, row.affiliation) == (RepresentativeStatus.ENDED, "2023", "", "")


async def test_the_secretariat_learns_that_a_group_lost_its_representative(talk: Talk) -> None:
    await talk.member.says("whoami")
    await represents(talk, await person_of(talk, "member"))
    await talk.member.says("forget me forget")
    talk.secretariat.is_told("representative of SG17 is no longer there")


async def test_whoever_was_forgotten_is_met_anew(talk: Talk) -> None:
    await talk.member.says("settings zone Asia/Seoul")
    before = await person_of(talk, "member")
    await talk.member.says("forget me forget")
    await talk.member.says("whoami")
    talk.member.sees("Europe/Zurich")
    assert await person_of(talk, "member") != before


async def test_the_last_administrator_is_not_forgotten(talk: Talk) -> None:
    await talk.member.says("whoami")
    person = await person_of(talk, "member")
    async with talk.database.writing() as session:
        row = {"person_id": person, "role": int(Role.ADMINISTRATOR), "granted_at": talk.clock()}
        await session.execute(insert(Grant).values(row))
    await talk.member.says("forget me forget")
    talk.member.sees("You are the last administrator")


async def forgotten(talk: Talk) -> set[int]:
    async with talk.database.reading() as session:
        return set(await session.scalars(select(Person.id).where(Person.forgotten_at.is_not(None))))


async def test_nobody_is_forgotten_unless_the_settings_say_so(talk: Talk) -> None:
    await talk.member.says("whoami")
    talk.clock.advance(timedelta(days=4000))
    await talk.does_chores()
    assert await forgotten(talk) == set()


async def test_those_long_gone_are_forgotten_where_the_settings_say_so(talk: Talk) -> None:
    await talk.member.says("whoami")
    await talk.colleague.says("settings zone Asia/Seoul")
    gone = await person_of(talk, "colleague")
    entry = await represents(talk, await person_of(talk, "member"))
    talk.clock.advance(timedelta(days=400))
    await forget_after(talk, timedelta(days=365))
    assert await forgotten(talk) == {gone}
    async with talk.database.reading() as session:
        status = await session.scalar(select(Representative.status).where(Representative.id == entry))
    assert status is RepresentativeStatus.CONFIRMED


async def forget_after(talk: Talk, time: timedelta) -> None:
    async with talk.database.writing() as session:
        catalogue = await CatalogueKeeper().current(session)
        household = Household(ZONE, forget_after=time)
        errand = Errand(session=session, catalogue=catalogue, now=talk.clock(), host=HOST, household=household)
        await forget_long_gone(errand)


async def test_requests_of_others_no_longer_name_somebody_who_was_forgotten(talk: Talk) -> None:
    await talk.member.says("register SG13 representative name='Kim Lee' email=kim@example.org")
    await talk.secretariat.says("representative confirm 1")
    await talk.member.says("representative handover 1 name='Eve Moss' email=eve@example.org")
    talk.secretariat.is_told("Takes over from Kim Lee")
    await talk.member.says("forget me")
    await talk.member.says("forget")
    said = "".join(talk.plain(message) for message in talk.secretariat.told)
    assert "Takes over from somebody who asked to be forgotten" in said
    assert "Kim Lee" not in said
