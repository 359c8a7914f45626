"""Representatives in the database: who is one, what is due, and races that one wins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.representing.fields import first_day, last_day
from storage import representatives
from storage.database import Database
from storage.people import Caller, Household, Newcomer, identify
from storage.representing import deeds, due, owners
from storage.representing.deeds import Taken, Wanted
from storage.representing.trail import BOT, Actor
from storage.tables import Account, AuditEntry, Body, Group, Person, Representative
from storage.words import RepresentativeKind, RepresentativeStatus

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
HOUSEHOLD = Household(ZoneInfo("Europe/Zurich"))
KIM = Newcomer("slack", "T1/U1", "Kim")
LEE = Newcomer("telegram", "42", "Lee")
REPRESENTATIVE = RepresentativeKind.REPRESENTATIVE


@pytest.fixture
async def other(sample: Database) -> AsyncIterator[Database]:
    """Another process on the same database."""
    made = Database(sample.url.render_as_string(hide_password=False))
    yield made
    await made.close()


async def met(database: Database, newcomer: Newcomer = KIM) -> Caller:
    async with database.writing() as session:
        return await identify(session, newcomer, HOUSEHOLD, NOW)


async def group_of(database: Database, code: str = "SG13") -> int:
    async with database.reading() as session:
        return (await session.scalars(select(Group.id).where(Group.code == code))).one()


async def asked(database: Database, caller: Caller, group: int, email: str = "kim@example.org") -> int:
    wanted = Wanted(caller.person_id, REPRESENTATIVE, group, email=email)
    async with database.writing() as session:
        return await deeds.ask(session, wanted, Actor(caller, "here"), NOW)


async def confirmed(database: Database, caller: Caller, group: int, email: str = "kim@example.org") -> int:
    number = await asked(database, caller, group, email)
    async with database.writing() as session:
        assert await deeds.confirm(session, number, Actor(caller, "here"), NOW)
    return number


async def together(
    databases: tuple[Database, ...], deed: Callable[[AsyncSession], Awaitable[object]]
) -> list[object | BaseException]:
    """Do the same in several transactions at once."""

    async def once(database: Database) -> object:
        async with database.writing() as session:
            return await deed(session)

    return await asyncio.gather(*map(once, databases), return_exceptions=True)


async def test_of_two_who_confirm_at_once_one_does(sample: Database, other: Database) -> None:
    kim = await met(sample)
    number = await asked(sample, kim, await group_of(sample))
    done = await together(
        (sample, other, sample, other), lambda one: deeds.confirm(one, number, Actor(kim, "here"), NOW)
    )
    assert sorted(map(bool, done)) == [False, False, False, True]
    async with sample.reading() as session:
        noted = await session.scalars(select(AuditEntry).where(AuditEntry.action == "confirm"))
        assert len(list(noted)) == 1


async def test_of_confirming_and_declining_at_once_one_wins(sample: Database, other: Database) -> None:
    kim = await met(sample)
    number = await asked(sample, kim, await group_of(sample))
    actor = Actor(kim, "here")

    async def confirm() -> bool:
        async with sample.writing() as session:
            return await deeds.confirm(session, number, actor, NOW)

    async def decline() -> bool:
        async with other.writing() as session:
            return await deeds.decline(session, number, "no", actor, NOW)

    was_confirmed, was_declined = await asyncio.gather(confirm(), decline())
    async with sample.reading() as session:
        one = await representatives.known(session, number)
    assert (one.status.value, was_declined) == (("confirmed", False) if was_confirmed else ("declined", True))


async def test_of_two_requests_of_one_person_at_once_one_is_made(sample: Database, other: Database) -> None:
    kim, group = await met(sample), await group_of(sample)
    wanted = Wanted(kim.person_id, REPRESENTATIVE, group, email="kim@example.org")
    done = await together((sample, other), lambda one: deeds.ask(one, wanted, Actor(kim, "here"), NOW))
    assert {type(one) for one in done} == {int, Taken}


async def test_of_two_accounts_with_one_address_at_once_one_is_made(sample: Database, other: Database) -> None:
    group = await group_of(sample)
    callers = [await met(sample, KIM), await met(sample, LEE)]
    done = await asyncio.gather(
        *(asked(one, caller, group) for one, caller in zip((sample, other), callers, strict=True)),
        return_exceptions=True,
    )
    assert {type(one) for one in done} == {int, Taken}


async def test_of_two_proposals_of_one_group_at_once_one_is_made(sample: Database, other: Database) -> None:
    kim = await met(sample)
    wanted = Wanted(kim.person_id, REPRESENTATIVE, proposed="WG 9")
    done = await together((sample, other), lambda one: deeds.ask(one, wanted, Actor(kim, "here"), NOW))
    assert {type(one) for one in done} == {int, Taken}


async def test_registering_anew_while_being_declined_ends_in_one_open_request_at_most(
    sample: Database, other: Database
) -> None:
    kim, group = await met(sample), await group_of(sample)
    number = await asked(sample, kim, group)

    async def decline() -> bool:
        async with other.writing() as session:
            return await deeds.decline(session, number, "no", Actor(kim, "here"), NOW)

    declined, again = await asyncio.gather(decline(), asked(sample, kim, group), return_exceptions=True)
    assert declined is True
    async with sample.reading() as session:
        now_open = await representatives.of_person(session, kim.person_id)
    assert len(now_open) == (0 if isinstance(again, Taken) else 1)


async def test_of_two_rounds_at_once_one_asks(sample: Database, other: Database) -> None:
    number = await confirmed(sample, await met(sample), await group_of(sample))
    later = NOW + timedelta(days=400)
    done = await together((sample, other), lambda one: due.claim_to_ask(one, later, later.date(), 10))
    assert sorted(done, key=str, reverse=True) == [[], [number]]


async def test_a_taken_place_says_by_which_entry(sample: Database) -> None:
    kim, group = await met(sample), await group_of(sample)
    number = await asked(sample, kim, group)
    with pytest.raises(Taken) as taken:
        await asked(sample, kim, group, "other@example.org")
    assert taken.value.id == number


async def test_an_address_cannot_be_changed_to_one_in_the_list(sample: Database) -> None:
    group = await group_of(sample)
    await asked(sample, await met(sample), group)
    lee = await met(sample, LEE)
    number = await asked(sample, lee, group, "lee@example.org")
    async with sample.writing() as session:
        with pytest.raises(Taken):
            await deeds.change(session, number, {"email": "kim@example.org"}, Actor(lee, "here"), NOW)


async def test_only_confirmed_representatives_are_an_audience(sample: Database) -> None:
    group = await group_of(sample)
    kim, lee = await met(sample), await met(sample, LEE)
    await confirmed(sample, kim, group)
    await asked(sample, lee, group, "lee@example.org")
    async with sample.reading() as session:
        assert await representatives.confirmed_persons(session) == [kim.person_id]
        assert await representatives.confirmed_persons(session, [group]) == [kim.person_id]
        assert await representatives.confirmed_persons(session, [group + 1]) == []


async def test_a_group_with_an_alternate_alone_has_no_representative(sample: Database) -> None:
    kim, group = await met(sample), await group_of(sample)
    number = await confirmed(sample, kim, group)
    async with sample.writing() as session:
        assert group not in await representatives.without_representative(session)
        await deeds.change(session, number, {"kind": RepresentativeKind.ALTERNATE}, BOT, NOW)
        assert group in await representatives.without_representative(session)


async def test_a_group_that_ended_needs_no_representative(sample: Database) -> None:
    ended = await group_of(sample, "FG-QIT4N")
    async with sample.reading() as session:
        assert ended not in await representatives.without_representative(session)


async def test_the_directory_is_of_bodies_too(sample: Database) -> None:
    await confirmed(sample, await met(sample), await group_of(sample))
    async with sample.reading() as session:
        bodies = dict((await session.execute(select(Body.code, Body.id))).all())
        assert (await representatives.directory(session, body_ids=[bodies["ITU-T"]])).total == 1
        assert (await representatives.directory(session, body_ids=[bodies["ETSI"]])).total == 0


async def entered(database: Database, group: int, email: str) -> int:
    """The secretariat entered somebody who never spoke."""
    async with database.writing() as session:
        person = await owners.person_behind(session, email, "Ana", NOW)
        return await deeds.appoint(session, Wanted(person, REPRESENTATIVE, group, email=email), BOT, NOW)


async def test_whoever_proves_an_address_gets_what_was_entered_with_it(sample: Database) -> None:
    kim = await met(sample)
    number = await entered(sample, await group_of(sample), "ana@example.org")
    async with sample.writing() as session:
        assert await owners.prove(session, kim.person_id, "ana@example.org", Actor(kim, "here"), NOW) == [number]
        one = await representatives.known(session, number)
    assert (one.person_id, one.is_verified) == (kim.person_id, True)


async def test_an_address_that_somebody_else_registered_stays_theirs(sample: Database) -> None:
    kim, lee = await met(sample), await met(sample, LEE)
    number = await asked(sample, lee, await group_of(sample))
    async with sample.writing() as session:
        assert await owners.prove(session, kim.person_id, "kim@example.org", Actor(kim, "here"), NOW) == []
        assert (await representatives.known(session, number)).person_id == lee.person_id


async def test_two_entries_with_one_address_are_one_person(sample: Database) -> None:
    numbers = [await entered(sample, await group_of(sample, code), "ana@example.org") for code in ("SG13", "SG17")]
    async with sample.reading() as session:
        assert len({one.person_id for one in await representatives.numbered(session, numbers)}) == 1


async def test_a_proved_address_names_its_owner(sample: Database) -> None:
    kim = await met(sample)
    account = {"platform": "email", "external_id": "kim@example.org", "person_id": kim.person_id, "created_at": NOW}
    async with sample.writing() as session:
        await session.execute(insert(Account).values(name="", timezone="", **account))
        assert await owners.owner(session, "kim@example.org") == kim.person_id
        assert await owners.proved_address(session, kim.person_id) == "kim@example.org"


@pytest.mark.parametrize(
    ("until", "last"), [("2026", date(2026, 12, 31)), ("2026-02", date(2026, 2, 28)), ("2026-03-15", date(2026, 3, 15))]
)
async def test_a_term_lasts_until_the_whole_of_its_end_is_over(sample: Database, until: str, last: date) -> None:
    number = await confirmed(sample, await met(sample), await group_of(sample))
    async with sample.writing() as session:
        await session.execute(update(Representative).values(until=until))
    async with sample.reading() as session:
        assert await due.past_their_end(session, last) == []
        assert await due.past_their_end(session, last + timedelta(days=1)) == [number]


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 1, 1)), st.sampled_from([4, 7, 10]))
def test_a_day_lies_in_its_month_and_year(day: date, length: int) -> None:
    partial = day.isoformat()[:length]
    assert first_day(partial) <= day <= last_day(partial)
    assert (last_day(partial) + timedelta(days=1)).isoformat()[:length] > partial


async def test_an_entry_of_somebody_forgotten_can_still_be_read(sample: Database) -> None:
    kim = await met(sample)
    number = await confirmed(sample, kim, await group_of(sample))
    async with sample.writing() as session:
        await session.execute(update(Person).where(Person.id == kim.person_id).values(name="", forgotten_at=NOW))
        await session.execute(update(Representative).values(status=RepresentativeStatus.ENDED, email=""))
    async with sample.reading() as session:
        assert (await representatives.known(session, number)).name == ""
