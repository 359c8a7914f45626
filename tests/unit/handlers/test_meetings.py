"""Meetings by command, in the person's own time."""

from datetime import UTC, datetime

from tests.talk import Talk


async def test_the_next_meeting_is_the_first_one_ahead(talk: Talk) -> None:
    talk.clock.now = datetime(2023, 5, 1, tzinfo=UTC)
    await talk.member.says("meeting next")
    talk.member.sees("Fifth meeting", "tentative")


async def test_all_meetings_are_listed(talk: Talk) -> None:
    await talk.member.says("meeting list")
    talk.member.sees("6 meetings", "First meeting", "Singapore")
    await talk.member.presses("Meeting 4")
    talk.member.sees("Fourth meeting", "17 May 2024")


async def test_an_unknown_meeting_is_said_to_be_unknown(talk: Talk) -> None:
    await talk.member.says("meeting show 99")
    talk.member.sees("There is no meeting 99")
    await talk.member.presses("All meetings")
    talk.member.sees("6 meetings")


async def test_shown_times_follow_the_zone_that_a_person_set(talk: Talk) -> None:
    await talk.member.says("meeting show 1")
    talk.member.sees("22 March 2023, 13:00 (Europe/Zurich)")
    await talk.member.says("settings zone Asia/Seoul")
    talk.member.sees("you see times in Asia/Seoul", "2 September 2024, 18:00")
    await talk.member.says("meeting show 1")
    talk.member.sees("22 March 2023, 21:00 (Asia/Seoul)", "13:00 in Europe/Zurich")


async def test_a_zone_is_one_persons_own(talk: Talk) -> None:
    await talk.member.says("settings zone Asia/Seoul")
    await talk.colleague.says("meeting show 1")
    talk.colleague.sees("13:00 (Europe/Zurich)")


async def test_a_zone_outlives_a_restart_and_holds_everywhere(talk: Talk) -> None:
    await talk.member.says("settings zone seoul")
    talk.restart()
    await talk.member.says("when was the first meeting?", channel=True)
    talk.member.sees("21:00 (Asia/Seoul)")
