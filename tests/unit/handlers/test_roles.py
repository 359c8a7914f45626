"""Roles: given, taken, listed, and never the last administrator's."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage.tables import Account, AuditEntry
from tests.talk import Talk


async def number(talk: Talk, account: str) -> int:
    async with talk.database.reading() as session:
        found = await session.scalar(select(Account.person_id).where(Account.external_id == account))
    assert found
    return found


async def test_a_role_is_given_to_a_person_by_name_and_they_are_told(talk: Talk) -> None:
    await talk.member.says("whoami")
    await talk.administrator.says("role grant Member secretariat")
    talk.administrator.sees("Member has the role secretariat now")
    talk.member.is_told("Administrator gave you the role secretariat")
    await talk.member.says("whoami")
    talk.member.sees("role here is secretariat")


@pytest.mark.parametrize("by", ["slack:member", "number", "Memb"])
async def test_a_person_is_named_by_account_number_or_part_of_the_name(talk: Talk, by: str) -> None:
    await talk.member.says("whoami")
    who = str(await number(talk, "member")) if by == "number" else by
    await talk.administrator.says(f"role grant {who} secretariat")
    talk.administrator.sees("Member has the role secretariat now")


async def test_where_several_fit_they_are_offered(talk: Talk) -> None:
    for voice in (talk.member, talk.colleague):
        await voice.says("whoami")
    await talk.administrator.says("role grant e secretariat")
    talk.administrator.sees("2 fit “e”")
    await talk.administrator.presses(f"Member (number {await number(talk, 'member')})")
    talk.administrator.sees("Member has the role secretariat now")


async def test_nobody_of_that_name_is_said(talk: Talk) -> None:
    await talk.administrator.says("role grant Zaphod secretariat")
    talk.administrator.sees("Zaphod")
    talk.administrator.sees_not("has the role secretariat now")


async def test_a_role_is_taken_away_again(talk: Talk) -> None:
    await talk.member.says("whoami")
    await talk.administrator.says("role grant Member secretariat")
    await talk.administrator.says("role revoke Member secretariat")
    talk.administrator.sees("no longer has the role secretariat")
    talk.member.is_told("took the role secretariat away")
    await talk.member.says("whoami")
    talk.member.sees("role here is member")


async def test_a_guest_by_name_is_shut_out(talk: Talk) -> None:
    await talk.member.says("whoami")
    await talk.administrator.says("role grant Member guest")
    await talk.member.says("whoami")
    talk.member.sees("role here is guest")


async def test_a_role_that_a_person_has_changes_nothing(talk: Talk) -> None:
    await talk.member.says("whoami")
    for _ in range(2):
        await talk.administrator.says("role grant Member secretariat")
    talk.administrator.sees("already")
    async with talk.database.reading() as session:
        entries = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "grant role"))).all()
    assert [(one.before, one.after) for one in entries] == [({"roles": []}, {"roles": ["secretariat"]})]


@pytest.mark.parametrize("line", ["role revoke Member administrator", "role grant Member member"])
async def test_the_last_administrator_stays(talk: Talk, line: str) -> None:
    await talk.member.says("whoami")
    await talk.administrator.says("role grant Member administrator")
    await talk.administrator.says(line)
    talk.administrator.sees("Member is the last administrator")
    await talk.member.says("whoami")
    talk.member.sees("role here is administrator")


async def test_an_administrator_goes_while_another_one_stays(talk: Talk) -> None:
    for voice in (talk.member, talk.colleague):
        await voice.says("whoami")
    for name in ("Member", "Colleague"):
        await talk.administrator.says(f"role grant {name} administrator")
    await talk.member.says("role revoke Colleague administrator")
    talk.member.sees("no longer has the role administrator")


async def test_the_secretariat_sees_who_was_given_what(talk: Talk) -> None:
    await talk.member.says("whoami")
    await talk.administrator.says("role grant Member secretariat")
    await talk.secretariat.says("role list")
    talk.secretariat.sees("Member", "secretariat since 2 September 2024, by Administrator")


@pytest.mark.parametrize("line", ["role grant Member administrator", "role revoke Member administrator"])
async def test_roles_are_given_by_administrators_alone(talk: Talk, line: str) -> None:
    await talk.secretariat.says(line)
    talk.secretariat.sees("needs the role administrator")


async def test_members_do_not_see_who_has_which_role(talk: Talk) -> None:
    await talk.member.says("role list")
    talk.member.sees("needs the role secretariat")
