"""Where the secretariat wants requests and reports."""

from tests.talk import Talk


async def test_a_channel_is_chosen_listed_and_left(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here", channel=True)
    talk.secretariat.sees("From now on requests and reports come here")
    await talk.secretariat.says("secretariat list")
    talk.secretariat.sees("slack: general")
    await talk.secretariat.says("secretariat nowhere", channel=True)
    await talk.secretariat.says("secretariat list")
    talk.secretariat.sees("No place was chosen")


async def test_choosing_a_place_twice_is_said(talk: Talk) -> None:
    for _ in range(2):
        await talk.secretariat.says("secretariat here", channel=True)
    talk.secretariat.sees("come here already")


async def test_a_place_that_was_not_chosen_cannot_be_left(talk: Talk) -> None:
    await talk.secretariat.says("secretariat nowhere")
    talk.secretariat.sees("do not come here")


async def test_places_are_chosen_by_the_secretariat(talk: Talk) -> None:
    await talk.member.says("secretariat here", channel=True)
    talk.member.sees("needs the role secretariat")
