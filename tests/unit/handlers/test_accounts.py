"""Accounts: one person on several platforms, and two persons who turn out to be one."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import insert, select

from handlers.command import Role
from storage.tables import Account, Grant, Person
from tests.talk import Talk, Voice


async def link_code(voice: Voice) -> str:
    await voice.says("link")
    found = re.search(r"link ([A-Z0-9]{8})", voice.seen)
    assert found
    return found[1]


async def person_of(talk: Talk, account: str) -> int:
    async with talk.database.reading() as session:
        found = await session.scalar(select(Account.person_id).where(Account.external_id == account))
    assert found
    return found


async def give(talk: Talk, voice: Voice, role: Role) -> None:
    await voice.says("whoami")
    person = await person_of(talk, voice.account)
    async with talk.database.writing() as session:
        row = {"person_id": person, "role": int(role), "granted_at": talk.clock(), "granted_by": None}
        await session.execute(insert(Grant).values(row))


async def test_a_code_typed_on_the_other_platform_makes_two_accounts_one_person(talk: Talk) -> None:
    code = await link_code(talk.member)
    await talk.colleague.says(f"link {code}")
    talk.colleague.sees("one person", "slack: Member", "telegram: Colleague")
    talk.member.is_told("Your account on telegram", "is linked")
    await talk.member.says("settings zone Asia/Seoul")
    await talk.colleague.says("whoami")
    talk.colleague.sees("Asia/Seoul")


async def test_a_code_may_be_typed_in_small_letters_and_with_spaces(talk: Talk) -> None:
    code = (await link_code(talk.member)).lower()
    await talk.colleague.says(f"link {code[:4]} {code[4:]}")
    talk.colleague.sees("one person")


async def test_a_link_code_is_good_once(talk: Talk) -> None:
    code = await link_code(talk.member)
    await talk.colleague.says(f"link {code}")
    await talk.guest.says(f"link {code}")
    talk.guest.sees("used already")


async def test_a_link_code_is_over_after_a_quarter_of_an_hour(talk: Talk) -> None:
    code = await link_code(talk.member)
    talk.clock.advance(timedelta(minutes=15))
    await talk.colleague.says(f"link {code}")
    talk.colleague.sees("too old")


async def test_ones_own_code_links_nothing_and_stays_good(talk: Talk) -> None:
    code = await link_code(talk.member)
    await talk.member.says(f"link {code}")
    talk.member.sees("That code is your own")
    await talk.colleague.says(f"link {code}")
    talk.colleague.sees("one person")


async def test_guessing_link_codes_ends_after_ten_in_an_hour(talk: Talk) -> None:
    code = await link_code(talk.member)
    for _ in range(10):
        await talk.colleague.says("link ABCDEFGH")
        talk.colleague.sees("I know no such code")
    await talk.colleague.says(f"link {code}")
    talk.colleague.sees("Too many wrong codes", "12:00")


async def test_a_code_that_a_channel_has_read_is_worth_nothing(talk: Talk) -> None:
    code = await link_code(talk.member)
    await talk.colleague.says(f"link {code}", channel=True)
    talk.colleague.sees("Others here have read that code")
    await talk.colleague.says(f"link {code}")
    talk.colleague.sees("used already")


async def test_two_with_a_history_are_merged_by_an_administrator(talk: Talk) -> None:
    await give(talk, talk.member, Role.SECRETARIAT)
    await give(talk, talk.colleague, Role.MEMBER)
    await talk.administrator.says("whoami")
    await talk.colleague.says(f"link {await link_code(talk.member)}")
    talk.colleague.sees("an administrator has to say")
    talk.administrator.is_told("Are these two one person?", "Member", "Colleague")
    await talk.administrator.presses("Merge", of=talk.administrator.told[-1])
    talk.administrator.sees("they are one person")
    talk.administrator.is_told("Administrator decided", "they are one person")
    talk.member.is_told("they are linked now")
    talk.colleague.is_told("they are linked now")
    await talk.colleague.says("whoami")
    talk.colleague.sees("role here is secretariat")


async def test_the_first_decision_about_two_persons_counts(talk: Talk) -> None:
    await give(talk, talk.member, Role.SECRETARIAT)
    await give(talk, talk.colleague, Role.MEMBER)
    await talk.administrator.says("whoami")
    await talk.colleague.says(f"link {await link_code(talk.member)}")
    asked = talk.administrator.told[-1]
    await talk.administrator.presses("Keep apart", of=asked)
    talk.administrator.sees("they are two people")
    await talk.administrator.presses("Merge", of=asked)
    talk.administrator.sees("they are two people")
    await talk.colleague.says(f"link {await link_code(talk.member)}")
    talk.colleague.sees("belong to two people")


async def test_merging_is_for_administrators(talk: Talk) -> None:
    await talk.secretariat.says("account merge 1 2")
    talk.secretariat.sees("needs the role administrator")


async def test_an_account_is_unlinked_while_another_one_remains(talk: Talk) -> None:
    await talk.colleague.says(f"link {await link_code(talk.member)}")
    await talk.member.says("account list")
    await talk.member.presses("Unlink telegram Colleague")
    talk.member.sees("no longer yours")
    await talk.member.says("account list")
    talk.member.sees_not("telegram")
    assert await person_of(talk, "member") != await _new_person(talk)


async def _new_person(talk: Talk) -> int:
    await talk.colleague.says("whoami")
    return await person_of(talk, "colleague")


async def test_the_last_account_stays(talk: Talk) -> None:
    await talk.member.says("whoami")
    async with talk.database.reading() as session:
        account = await session.scalar(select(Account.id).where(Account.external_id == "member"))
    await talk.member.says(f"account unlink {account}")
    talk.member.sees("That is your last account")


async def test_somebody_elses_account_is_not_unlinked(talk: Talk) -> None:
    await talk.colleague.says("whoami")
    async with talk.database.reading() as session:
        account = await session.scalar(select(Account.id).where(Account.external_id == "colleague"))
    await talk.member.says(f"account unlink {account}")
    talk.member.sees("none of your accounts")


async def test_the_merged_person_points_to_the_one_who_stays(talk: Talk) -> None:
    await talk.colleague.says("whoami")
    goes = await person_of(talk, "colleague")
    await talk.colleague.says(f"link {await link_code(talk.member)}")
    async with talk.database.reading() as session:
        assert await session.scalar(select(Person.merged_into).where(Person.id == goes)) == await person_of(
            talk, "member"
        )


async def test_one_is_told_things_where_one_wants(talk: Talk) -> None:
    await talk.colleague.says(f"link {await link_code(talk.member)}")
    await talk.member.says("settings")
    await talk.member.presses("Tell me things on telegram")
    talk.member.sees("From now on I tell you things on telegram")
    await talk.administrator.says(f"role grant {await person_of(talk, 'member')} secretariat")
    talk.colleague.is_told("gave you the role secretariat")


async def test_one_is_not_told_things_where_one_is_not(talk: Talk) -> None:
    await talk.member.says("settings reach telegram")
    talk.member.sees("I do not know you on “telegram”", "slack")
