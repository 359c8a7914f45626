"""The audit trail as the secretariat reads it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage.tables import Account
from tests.talk import Talk


async def number(talk: Talk) -> int:
    async with talk.database.reading() as session:
        found = await session.scalar(select(Account.person_id).where(Account.external_id == "member"))
    assert found
    return found


async def test_an_entry_says_who_as_what_when_from_where_before_and_after(talk: Talk) -> None:
    await talk.member.says("settings zone Asia/Seoul")
    await talk.secretariat.says(f"audit show person {await number(talk)}")
    talk.secretariat.sees(
        "set zone by Member, as member, from slack:with-member;",
        "2 September 2024, 11:00 (Europe/Zurich)",
        "zone: Europe/Zurich → Asia/Seoul",
    )


async def test_many_entries_are_paged_newest_first(talk: Talk) -> None:
    for zone in ("Asia/Seoul", "Asia/Tokyo") * 5:
        await talk.member.says(f"settings zone {zone}")
    await talk.secretariat.says(f"audit show person {await number(talk)}")
    talk.secretariat.sees("10 changes, newest first")
    await talk.secretariat.presses("2 older")
    talk.secretariat.sees("zone: Europe/Zurich → Asia/Seoul")


async def test_a_liaison_statement_is_named_by_its_number(talk: Talk) -> None:
    await talk.secretariat.says("liaison close SG13-LS136 'seen by all'")
    await talk.secretariat.says("audit show liaison sg13-ls136")
    talk.secretariat.sees("Liaison sg13-ls136: 1 change", "closed by Secretariat")


async def test_what_was_never_changed_is_said(talk: Talk) -> None:
    await talk.secretariat.says("audit show representative 12")
    talk.secretariat.sees("Nothing was changed about representative 12")


async def test_groups_persons_and_times_are_shown_as_people_know_them(talk: Talk) -> None:
    await talk.member.says("register SG17 representative email=kim@example.org")
    await talk.secretariat.says("representative confirm 1")
    await talk.secretariat.says("audit show representative 1")
    talk.secretariat.sees(
        "group: nothing → SG17",
        "person: nothing → Member",
        "decided by: nothing → Secretariat",
        "decided: nothing → 2 September 2024, 11:00 (Europe/Zurich)",
    )
    talk.secretariat.sees_not("group id", "+00:00", "decided at")


async def test_a_group_is_named_by_its_code(talk: Talk) -> None:
    await talk.secretariat.says("group mail SG17 sg17@example.org")
    await talk.secretariat.says("audit show group sg17")
    talk.secretariat.sees("Group sg17: 1 change", "email: nothing → changed")


@pytest.mark.parametrize("voice", ["guest", "member", "colleague"])
async def test_the_trail_is_for_the_secretariat(talk: Talk, voice: str) -> None:
    await getattr(talk, voice).says("audit show person 1")
    getattr(talk, voice).sees("needs the role secretariat")


async def test_the_trail_is_not_shown_where_others_read(talk: Talk) -> None:
    await talk.member.says("settings zone Asia/Seoul")
    await talk.secretariat.says(f"audit show person {await number(talk)}", channel=True)
    talk.secretariat.sees("Others read along here")
