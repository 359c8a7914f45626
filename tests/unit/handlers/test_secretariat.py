"""Where the secretariat wants requests and reports."""

from handlers.command import Place
from tests.talk import Talk


async def test_a_channel_is_chosen_listed_and_left(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here", channel=True)
    talk.secretariat.sees("From now on requests and reports come here")
    await talk.secretariat.says("secretariat list")
    talk.secretariat.sees("a Slack channel")
    talk.secretariat.sees_not("general")
    await talk.secretariat.says("secretariat nowhere", channel=True)
    await talk.secretariat.says("secretariat list")
    talk.secretariat.sees("No place was chosen")


async def test_a_channel_is_listed_by_what_people_call_it(talk: Talk) -> None:
    await talk.secretariat.says("secretariat here name='#desk'", channel=True)
    await talk.secretariat.says("secretariat here")
    await talk.administrator.says("secretariat list")
    talk.administrator.sees("#desk (Slack)", "Secretariat (Slack)")
    await talk.secretariat.says("secretariat list")
    talk.secretariat.sees("#desk (Slack)", "here")


async def test_a_channel_that_the_platform_names_is_listed_by_that_name(talk: Talk) -> None:
    arrival = talk.secretariat.arrival("secretariat here", channel=True)
    place = Place("slack", "general", private=False, title="Coordination")
    await talk.secretariat.sends(arrival.model_copy(update={"place": place}))
    await talk.secretariat.says("secretariat list")
    talk.secretariat.sees("Coordination (Slack)")


async def test_choosing_a_place_twice_is_said(talk: Talk) -> None:
    for _ in range(2):
        await talk.secretariat.says("secretariat here", channel=True)
    talk.secretariat.sees("come here already")


async def says_in_a_thread(talk: Talk, text: str, thread: str) -> None:
    """As on Slack, where a mention begins a thread of its own."""
    arrival = talk.secretariat.arrival(text, channel=True)
    await talk.secretariat.sends(arrival.model_copy(update={"place": Place("slack", "general", thread, False)}))


async def test_a_channel_is_chosen_and_left_as_a_whole_whatever_thread_it_is_said_in(talk: Talk) -> None:
    await says_in_a_thread(talk, "secretariat here", "1.1")
    await says_in_a_thread(talk, "secretariat here", "2.2")
    talk.secretariat.sees("come here already")
    await says_in_a_thread(talk, "secretariat nowhere", "3.3")
    talk.secretariat.sees("no longer come here")


async def test_requests_go_to_the_channel_and_not_into_a_thread(talk: Talk) -> None:
    await says_in_a_thread(talk, "secretariat here", "1.1")
    await talk.member.says("register SG17 representative email=kim@example.org")
    assert [(one.address.conversation, one.address.thread) for one in talk.platform("slack").letters] == [
        ("general", "")
    ]


async def test_a_place_that_was_not_chosen_cannot_be_left(talk: Talk) -> None:
    await talk.secretariat.says("secretariat nowhere")
    talk.secretariat.sees("do not come here")


async def test_places_are_chosen_by_the_secretariat(talk: Talk) -> None:
    await talk.member.says("secretariat here", channel=True)
    talk.member.sees("needs the role secretariat")
