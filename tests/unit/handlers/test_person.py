"""The person: whoami, settings, and answers for their eyes alone."""

import pytest

from tests.talk import Talk


async def test_whoami_says_name_platform_role_and_zone(talk: Talk) -> None:
    await talk.secretariat.says("whoami")
    talk.secretariat.sees("Secretariat (slack:secretariat)", "role here is secretariat", "Europe/Zurich")


@pytest.mark.parametrize("line", ["whoami", "settings", "settings zone Asia/Seoul"])
async def test_what_is_personal_is_private_in_a_channel(talk: Talk, line: str) -> None:
    await talk.member.says(line, channel=True)
    assert talk.member.message.private


async def test_an_answer_from_the_roadmap_is_for_all_in_a_channel(talk: Talk) -> None:
    await talk.member.says("roadmap show Y.3800", channel=True)
    assert not talk.member.message.private


async def test_settings_lead_to_the_zone(talk: Talk) -> None:
    await talk.member.says("settings")
    talk.member.sees("Europe/Zurich (until you choose your own)")
    await talk.member.presses("Change the zone")
    assert talk.member.is_asked
    await talk.member.says("Asia/Seoul")
    await talk.member.says("settings")
    talk.member.sees("Asia/Seoul")
    talk.member.sees_not("until you choose")


@pytest.mark.parametrize("zone", ["asia/seoul", "Seoul", "SEOUL", "Asia/Seoul"])
async def test_a_zone_may_be_written_as_people_write_it(talk: Talk, zone: str) -> None:
    await talk.member.says(f"settings zone {zone}")
    talk.member.sees("Asia/Seoul")


async def test_the_same_account_name_on_two_platforms_is_two_people(talk: Talk) -> None:
    await talk.member.says("settings zone Asia/Seoul")
    await talk.colleague.says("whoami")
    talk.colleague.sees("Colleague (telegram:colleague)", "Europe/Zurich")
