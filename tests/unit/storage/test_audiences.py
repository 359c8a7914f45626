"""Audiences resolved: each person once, where they prefer, and who cannot be reached with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import audiences, subscriptions, targets
from storage.audience import as_audience
from storage.audiences import Recipient, Sort
from storage.database import Database
from storage.people import Household
from storage.subscriptions import Interest
from storage.tables import Account, Body, Group, Person, Representative, Target
from storage.targets import Destination
from storage.words import Pace, RepresentativeKind, RepresentativeStatus, SubscriptionKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUSEHOLD = Household(ZoneInfo("Europe/Zurich"), has_mail=True, reflector="All@Example.org")
NO_MAIL = Household(ZoneInfo("Europe/Zurich"))


async def person(session: AsyncSession, name: str, *accounts: str, prefers: str = "") -> int:
    """A person with accounts such as `slack:kim`."""
    made = insert(Person).values(name=name, reached_on=prefers, created_at=NOW).returning(Person.id)
    id_ = (await session.execute(made)).scalar_one()
    for account in accounts:
        platform, _, external = account.partition(":")
        row = {"person_id": id_, "platform": platform, "external_id": external, "created_at": NOW}
        await session.execute(insert(Account).values(row))
    return int(id_)


async def listens(
    session: AsyncSession, platform: str, address: str, title: str = "", pace: Pace = Pace.AT_ONCE
) -> int:
    target = await targets.kept(session, Destination(platform, address), title)
    interest = Interest(SubscriptionKind.ANNOUNCEMENTS, pace)
    await subscriptions.subscribe(session, target, [interest], zone="Europe/Zurich", by=None, now=NOW)
    return target


async def represents(session: AsyncSession, person_id: int, code: str, body: str = "ITU-T", email: str = "") -> None:
    body_id = await session.scalar(select(Body.id).where(Body.code == body))
    if body_id is None:
        body_id = (await session.execute(insert(Body).values(code=body, name="").returning(Body.id))).scalar_one()
    group = await session.scalar(select(Group.id).where(Group.code == code))
    if group is None:
        made = insert(Group).values(body_id=body_id, code=code, name="", scope="", ended="", homepage="")
        group = (await session.execute(made.returning(Group.id))).scalar_one()
    await session.execute(
        insert(Representative).values(
            person_id=person_id,
            group_id=group,
            kind=RepresentativeKind.REPRESENTATIVE,
            status=RepresentativeStatus.CONFIRMED,
            email=email,
            requested_at=NOW,
        )
    )


async def resolved(session: AsyncSession, text: str, household: Household = HOUSEHOLD) -> Sequence[Recipient]:
    return await audiences.resolve(session, as_audience(text), household, NOW)


def names(found: Sequence[Recipient]) -> list[str]:
    return sorted(one.name for one in found)


async def test_everybody_is_who_subscribed(database: Database) -> None:
    async with database.writing() as session:
        await person(session, "Kim", "slack:kim")
        await person(session, "Lee", "slack:lee")
        await listens(session, "slack", "kim")
        await listens(session, "slack", "C1", "#general")
        assert names(await resolved(session, "everybody")) == ["#general", "Kim"]


async def test_who_listens_in_several_places_gets_it_once_where_they_prefer(database: Database) -> None:
    async with database.writing() as session:
        await person(session, "Kim", "slack:kim", "telegram:7", prefers="telegram")
        await listens(session, "slack", "kim")
        telegram = await listens(session, "telegram", "7")
        assert [one.target for one in await resolved(session, "everybody")] == [telegram]


async def test_a_representative_who_listens_too_gets_it_once(database: Database) -> None:
    async with database.writing() as session:
        kim = await person(session, "Kim", "slack:kim")
        await represents(session, kim, "SG13")
        await represents(session, kim, "SG17")
        target = await listens(session, "slack", "kim")
        found = await resolved(session, "everybody + representatives")
        assert [(one.target, one.is_subscriber) for one in found] == [(target, True)]


async def test_representatives_are_chosen_by_group_and_body(database: Database) -> None:
    async with database.writing() as session:
        for name, code, body in (("Kim", "SG13", "ITU-T"), ("Lee", "SG17", "ITU-T"), ("Ada", "ISG QKD", "ETSI")):
            await represents(session, await person(session, name, f"slack:{name}"), code, body)
        assert names(await resolved(session, "representatives of SG13, ETSI")) == ["Ada", "Kim"]
        assert names(await resolved(session, "representatives of ITU-T SG17")) == ["Lee"]
        assert names(await resolved(session, "representatives without representatives of ITU-T")) == ["Ada"]


async def test_what_is_left_out_is_left_out_however_it_was_meant(database: Database) -> None:
    async with database.writing() as session:
        kim = await person(session, "Kim", "slack:kim")
        await represents(session, kim, "SG13")
        place = await listens(session, "slack", "C1")
        await listens(session, "slack", "kim")
        found = await resolved(session, f"everybody + representatives without person {kim}, place {place}")
        assert names(found) == []


async def test_the_address_of_an_appointment_is_the_last_way(database: Database) -> None:
    async with database.writing() as session:
        kim, lee = await person(session, "Kim"), await person(session, "Lee", "slack:lee")
        for one, email in ((kim, "kim@example.org"), (lee, "lee@example.org")):
            await represents(session, one, "SG13", email=email)
        found = {one.name: one.platform for one in await resolved(session, "representatives")}
    assert found == {"Kim": "email", "Lee": "slack"}


async def test_who_cannot_be_reached_is_named_with_the_reason(database: Database) -> None:
    async with database.writing() as session:
        ids = [
            await person(session, "Kim"),
            await person(session, "Lee", "email:lee@example.org"),
            await person(session, "Ada", "slack:ada"),
        ]
        closed = await targets.kept(session, Destination("slack", "ada"))
        await session.execute(update(Target).where(Target.id == closed).values(closed_at=NOW, closed_because="blocked"))
        text = " + ".join(f"person {one}" for one in ids)
        found = {one.name: one.because for one in await resolved(session, text, NO_MAIL) if one.target is None}
    assert found == {
        "Kim": "has no address yet",
        "Lee": "can only be reached by e-mail, which is not set up",
        "Ada": "blocked",
    }


async def test_a_closed_way_is_passed_over(database: Database) -> None:
    async with database.writing() as session:
        kim = await person(session, "Kim", "slack:kim", "telegram:7")
        closed = await targets.kept(session, Destination("slack", "kim"))
        await session.execute(update(Target).where(Target.id == closed).values(closed_at=NOW))
        assert [one.platform for one in await resolved(session, f"person {kim}")] == ["telegram"]


async def test_the_reflector_is_told_once_and_not_by_name_of_its_address(database: Database) -> None:
    async with database.writing() as session:
        await listens(session, "email", "all@example.org")
        found = await resolved(session, "everybody + reflector")
        assert [(one.sort, one.name) for one in found] == [(Sort.REFLECTOR, "the reflector")]
        assert await resolved(session, "everybody without reflector") == []


async def test_without_a_reflector_it_is_said_so(database: Database) -> None:
    async with database.writing() as session:
        found = await resolved(session, "reflector", NO_MAIL)
    assert [(one.target, one.because) for one in found] == [(None, "no reflector is set up")]


async def test_an_address_of_nobody_is_not_named(database: Database) -> None:
    async with database.writing() as session:
        await listens(session, "email", "kim@example.org")
        assert names(await resolved(session, "everybody")) == ["an e-mail address"]


async def test_whoever_chose_a_digest_is_due_in_the_morning(database: Database) -> None:
    async with database.writing() as session:
        await listens(session, "slack", "C1", pace=Pace.DAILY)
        found = await resolved(session, "everybody")
    assert [one.due for one in found] == [datetime(2026, 3, 3, 7, 0, tzinfo=UTC)]


@pytest.mark.parametrize("size", [10, 2_000])
async def test_many_are_resolved_in_a_few_statements(database: Database, size: int) -> None:
    async with database.writing() as session:
        ids = range(1, size + 1)
        await session.execute(insert(Person), [{"id": n, "name": f"P{n}", "created_at": NOW} for n in ids])
        rows = [{"person_id": n, "platform": "slack", "external_id": f"U{n}", "created_at": NOW} for n in ids]
        await session.execute(insert(Account), rows)
        for n in ids[:1]:
            await represents(session, n, "SG13")
        group = await session.scalar(select(Group.id).where(Group.code == "SG13"))
        same = {"group_id": group, "kind": RepresentativeKind.REPRESENTATIVE, "requested_at": NOW}
        confirmed = {**same, "status": RepresentativeStatus.CONFIRMED}
        await session.execute(insert(Representative), [{"person_id": n, **confirmed} for n in ids[1:]])
        statements: list[str] = []
        engine = database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
        assert len(await resolved(session, "representatives")) == size
    assert len(statements) <= 10
