"""Codes by e-mail: an address is proved by whoever reads the mail that is sent to it."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.arrival import Message
from storage.database import Database
from storage.tables import Account, AuditEntry, Code, Notice, Representative
from storage.words import RepresentativeStatus
from tests.talk import Talk, Voice

ADDRESS = "kim@example.org"


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample, has_mail=True)


def mailed_code(talk: Talk, address: str = ADDRESS) -> str:
    found = re.search(r"\d{3} \d{3}", talk.plain(talk.mailed(address)[-1]))
    assert found
    return found[0]


def another(code: str) -> str:
    return f"{(int(code.replace(' ', '')) + 1) % 10**6:06}"


async def asks(voice: Voice, address: str = ADDRESS) -> str:
    await voice.says(f"address {address}")
    return mailed_code(voice.talk, address)


async def test_the_digits_from_the_mail_prove_the_address(talk: Talk) -> None:
    code = await asks(talk.member)
    talk.member.sees("I sent a code to kim@example.org")
    await talk.member.presses("Type the code")
    talk.member.sees("Type the six digits")
    await talk.member.says(code)
    talk.member.sees("kim@example.org is yours now")
    await talk.member.says("account list")
    talk.member.sees("email: kim@example.org")


async def test_a_wrong_code_says_how_many_tries_are_left(talk: Talk) -> None:
    code = await asks(talk.member)
    await talk.member.says(f"code {another(code)}")
    talk.member.sees("not the code", "4 tries left")
    await talk.member.says(f"code {code}")
    talk.member.sees("is yours now")


async def test_after_five_wrong_tries_the_right_code_is_wrong_too(talk: Talk) -> None:
    code = await asks(talk.member)
    for _ in range(5):
        await talk.member.says(f"code {another(code)}")
    talk.member.sees("the last try")
    await talk.member.says(f"code {code}")
    talk.member.sees("was tried too often")
    talk.member.sees_buttons("Send a new code")


async def test_a_new_code_replaces_the_old_one(talk: Talk) -> None:
    old = await asks(talk.member)
    await talk.member.presses("Send a new code")
    new = mailed_code(talk)
    await talk.member.says(f"code {old}")
    talk.member.sees("not the code")
    await talk.member.says(f"code {new}")
    talk.member.sees("is yours now")


async def test_codes_for_two_addresses_are_both_good(talk: Talk) -> None:
    first = await asks(talk.member)
    second = await asks(talk.member, "lee@example.org")
    await talk.member.says(f"code {first}")
    talk.member.sees("kim@example.org is yours")
    await talk.member.says(f"code {second}")
    talk.member.sees("lee@example.org is yours")


async def test_a_code_is_good_once(talk: Talk) -> None:
    code = await asks(talk.member)
    await talk.member.says(f"code {code}")
    await talk.member.says(f"code {code}")
    talk.member.sees("used already")


async def test_of_two_messages_with_one_code_at_the_same_instant_one_counts(talk: Talk) -> None:
    code = await asks(talk.member)
    other = talk.new_desk()
    talk.member.everything = []
    await asyncio.gather(*(desk.receive(talk.member.arrival(f"code {code}")) for desk in (talk.desk, other)))
    await talk.settles(talk.desk, other)
    answers = [talk.plain(one) for one in talk.member.everything if isinstance(one, Message)]
    assert sorted("is yours now" in one for one in answers) == [False, True]
    assert sorted("used already" in one for one in answers) == [False, True]


async def test_a_code_is_over_after_a_quarter_of_an_hour(talk: Talk) -> None:
    code = await asks(talk.member)
    talk.clock.advance(timedelta(minutes=15))
    await talk.member.says(f"code {code}")
    talk.member.sees("too old")


async def test_an_address_is_sent_three_codes_an_hour(talk: Talk) -> None:
    for _ in range(3):
        await asks(talk.member)
    await talk.colleague.says(f"address {ADDRESS}")
    talk.colleague.sees("The next one can be sent at 12:00 (Europe/Zurich)")
    assert len(talk.mailed(ADDRESS)) == 3
    talk.clock.advance(timedelta(hours=1))
    await talk.colleague.says(f"address {ADDRESS}")
    assert len(talk.mailed(ADDRESS)) == 4


async def test_new_codes_do_not_give_new_tries_for_ever(talk: Talk) -> None:
    for _ in range(2):
        code = await asks(talk.member)
        for _ in range(5):
            await talk.member.says(f"code {another(code)}")
    code = await asks(talk.member)
    await talk.member.says(f"code {code}")
    talk.member.sees("Too many wrong codes", "12:00")


async def test_somebody_elses_code_is_no_code(talk: Talk) -> None:
    code = await asks(talk.member)
    await talk.colleague.says(f"code {code}")
    talk.colleague.sees("I sent you no code")


@pytest.mark.parametrize("line", ["address kim@", "address kim at example.org", "address remove nobody"])
async def test_an_impossible_address_is_asked_again(talk: Talk, line: str) -> None:
    await talk.member.says(f"/{line}")
    talk.member.sees("that is no e-mail address")
    assert talk.member.is_asked


async def test_the_code_is_in_the_database_as_a_hash_alone_once_it_was_sent(talk: Talk) -> None:
    code = (await asks(talk.member)).replace(" ", "")
    await talk.does_chores()
    async with talk.database.reading() as session:
        rows = [str(dict(row)) for row in (await session.execute(select(Notice.data, Notice.buttons))).mappings()]
        kept = [f"{row.salt}{row.digest}" for row in await session.scalars(select(Code))]
    assert len(kept) == 1
    assert [one for one in (*rows, *kept) if code in one or f"{code[:3]} {code[3:]}" in one] == []


async def test_no_address_stands_in_the_audit_trail(talk: Talk) -> None:
    await talk.member.says(f"code {await asks(talk.member)}")
    async with talk.database.reading() as session:
        entry = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "prove address"))).one()
    assert ADDRESS not in f"{entry.before}{entry.after}{entry.subject_id}"


async def test_whoever_proves_the_address_of_a_known_person_is_that_person(talk: Talk) -> None:
    await talk.member.says(f"code {await asks(talk.member)}")
    await talk.colleague.says(f"code {await asks(talk.colleague)}")
    await talk.colleague.says("account list")
    talk.colleague.sees("slack: Member", "telegram: Colleague")


async def test_an_address_is_taken_away_again(talk: Talk) -> None:
    await talk.member.says(f"code {await asks(talk.member)}")
    await talk.member.says(f"address remove {ADDRESS}")
    talk.member.sees("no longer yours")
    async with talk.database.reading() as session:
        assert (await session.scalars(select(Account.id).where(Account.platform == "email"))).all() == []


async def test_without_e_mail_no_code_is_promised(sample: Database) -> None:
    talk = Talk(sample)
    await talk.member.says(f"address {ADDRESS}")
    talk.member.sees("I cannot send e-mail here")


async def test_whom_the_secretariat_registered_is_known_by_the_proved_address(talk: Talk) -> None:
    await talk.secretariat.says(f"representative add SG17 representative name='Kim Lee' email={ADDRESS}")
    await talk.member.says(f"code {await asks(talk.member)}")
    talk.member.sees("is yours now", "stands verified in the list of representatives")
    await talk.member.says("whoami")
    talk.member.sees("role here is representative")


async def test_whom_the_secretariat_registered_beside_their_own_request_is_in_the_list_once(talk: Talk) -> None:
    await talk.member.fills(
        "register", {"group": "SG17", "kind": "representative", "name": "Kim", "email": "other@example.org"}
    )
    await talk.secretariat.says(f"representative add SG17 alternate name='Kim Lee' email={ADDRESS}")
    await talk.member.says(f"code {await asks(talk.member)}")
    talk.member.sees("is yours now")
    async with talk.database.reading() as session:
        rows = (await session.execute(select(Representative.person_id, Representative.status))).all()
    assert len({row.person_id for row in rows}) == 1
    assert sorted(row.status for row in rows) == [RepresentativeStatus.CONFIRMED, RepresentativeStatus.ENDED]


async def test_six_digits_alone_are_the_code_that_is_awaited(talk: Talk) -> None:
    code = await asks(talk.member)
    await talk.member.says(code.replace(" ", ""))
    talk.member.sees("is yours now")


async def test_six_wrong_digits_alone_count_as_a_try(talk: Talk) -> None:
    await talk.member.says(another(await asks(talk.member)))
    talk.member.sees("not the code", "4 tries left")


async def test_six_digits_alone_are_a_question_for_whom_awaits_no_code(talk: Talk) -> None:
    await talk.member.says("103744")
    talk.member.sees("TS 103 744", "Quantum-safe")
    await talk.member.says(await asks(talk.member))
    await talk.member.says("103744")
    talk.member.sees("TS 103 744", "Quantum-safe")


async def test_six_digits_after_the_command_are_a_code_though_none_was_sent(talk: Talk) -> None:
    await talk.member.says("code")
    await talk.member.says("103744")
    talk.member.sees("I sent you no code")
