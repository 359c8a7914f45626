"""Help: what one may do, and nothing else."""

import pytest

from handlers.command import Form, Reply, Request, Role, command
from storage.database import Database
from tests.talk import Talk


class Nothing(Form):
    pass


@command("meeting close", form=Nothing, role=Role.SECRETARIAT, help="Close a meeting")
async def close(request: Request, _nothing: Nothing) -> Reply:
    return Reply("dialogue/cancelled")


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample, close)


async def test_help_lists_every_command_that_one_may_call(talk: Talk) -> None:
    await talk.secretariat.says("help")
    talk.secretariat.sees("roadmap list", "define", "settings zone", "meeting close")


async def test_help_is_silent_about_what_one_may_not_call(talk: Talk) -> None:
    await talk.member.says("help")
    talk.member.sees("roadmap list")
    talk.member.sees_not("meeting close")


async def test_help_about_a_command_shows_its_fields_and_an_example(talk: Talk) -> None:
    await talk.member.says("help liaison list")
    talk.member.sees("liaison list", "direction", "incoming or outgoing", "For example")
    talk.member.sees_not("roadmap list")


async def test_help_about_a_subject_shows_its_commands(talk: Talk) -> None:
    await talk.member.says("help meetings")
    talk.member.sees("meeting rsvp")
    await talk.member.says("help meeting")
    talk.member.sees("meeting next", "meeting list", "meeting show")
    talk.member.sees_not("meeting close")


async def test_a_sentence_that_begins_with_help_is_a_question(talk: Talk) -> None:
    await talk.member.says("help me find standards about key management")
    talk.member.sees("Understood: Key management")


async def test_a_command_for_another_role_is_refused(talk: Talk) -> None:
    await talk.member.says("meeting close")
    talk.member.sees("needs the role secretariat; yours is member")
    await talk.secretariat.says("meeting close")
    talk.secretariat.sees_not("needs the role")


@pytest.mark.parametrize("voice", ["guest", "member", "colleague"])
@pytest.mark.parametrize("kind", ["command", "button", "form"])
async def test_a_role_is_asked_for_however_the_command_comes(talk: Talk, voice: str, kind: str) -> None:
    person = getattr(talk, voice)
    await person.says("meeting close", kind=kind)
    person.sees("needs the role secretariat")


async def test_a_command_for_another_role_is_not_suggested(talk: Talk) -> None:
    await talk.member.says("/meeting clo")
    talk.member.sees_not("“meeting close”")
    await talk.secretariat.says("/meeting clos")
    talk.secretariat.sees_not("There is no command")


async def test_the_start_page_says_who_answers_and_whom(talk: Talk) -> None:
    await talk.member.says("/start")
    talk.member.sees("Hello Member", "JCA-QKDN", "role here is member")
    talk.member.sees_buttons("Next meeting", "What can I ask?")


async def test_help_without_a_subject_offers_the_subjects(talk: Talk) -> None:
    await talk.member.says("help")
    talk.member.sees_buttons("Roadmap", "Group", "Meeting")
    await talk.member.presses("Roadmap")
    talk.member.sees("roadmap list", "roadmap show")
    talk.member.sees_not("meeting next")


async def test_a_subject_with_many_commands_lists_them_with_a_button_each(talk: Talk) -> None:
    await talk.member.says("help roadmap")
    await talk.member.presses("roadmap show")
    talk.member.sees("roadmap show", "For example")


async def test_all_commands_fit_a_phone(talk: Talk) -> None:
    await talk.administrator.says("help")
    assert len(talk.administrator.seen.splitlines()) < 40


async def test_whoever_represents_nobody_is_offered_to_register(talk: Talk) -> None:
    await talk.member.says("/start")
    talk.member.sees_buttons("Register")


async def test_a_link_to_registering_leads_there(talk: Talk) -> None:
    await talk.member.says("/start register")
    assert talk.member.is_asked
    talk.member.sees("Group")


async def test_whoever_greets_is_greeted_and_told_what_to_ask(talk: Talk) -> None:
    await talk.guest.says("Hello there!")
    talk.guest.sees("Hello! Ask me in plain words")
    await talk.guest.says("What can you do?")
    talk.guest.sees_not("Hello!")
