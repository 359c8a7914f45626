"""Dispatch: what reaches a handler, and what is kept of an outcome."""

import pytest

from bot import outcome as outcomes
from bot.arrival import Arrival, Asking, Message
from bot.commands import Commands, declared
from bot.dispatch import Dispatcher, legible
from bot.render.renderer import Renderer
from handlers.command import Attachment, Button, Place
from storage.catalogue import CatalogueKeeper
from storage.database import Database
from storage.people import Household, Newcomer, identify
from storage.roles import Role
from tests.talk import HOST, ZONE, Talk

COMMANDS = Commands(declared())


def test_control_characters_are_left_out_of_all_that_a_person_gives() -> None:
    arrival = Arrival(
        platform="slack",
        event_id="1",
        account="U1",
        name="A\x00da\u202e",
        place=Place("slack", "C1"),
        kind="form",
        text="settings\x07 zone",
        values={"zone": "Asia/\x1bSeoul"},
    )
    clean = legible(arrival)
    assert (clean.name, clean.text, clean.values) == ("Ada", "settings zone", {"zone": "Asia/Seoul"})


def test_a_message_outlives_the_process_whole() -> None:
    message = Message(
        "**x** é",
        (Button("A", "help"), Button("B", url="https://e.com", style="danger")),
        (Attachment("a.bin", "application/octet-stream", b"\x00\xff"),),
        private=True,
        shareable=True,
        elsewhere="register",
    )
    assert outcomes.read(outcomes.written(message), COMMANDS) == message


def test_a_question_outlives_the_process_whole() -> None:
    zone = next(command for command in COMMANDS if command.words == "settings zone")
    asking = Asking(
        zone, {"zone": "Moon"}, {"zone": "no"}, Message("Zone?", (Button("Cancel", "cancel"),)), {"zone": "Seoul"}
    )
    assert outcomes.read(outcomes.written(asking), COMMANDS) == asking


def test_a_question_of_a_command_that_has_gone_is_still_asked() -> None:
    zone = next(command for command in COMMANDS if command.words == "settings zone")
    kept = outcomes.written(Asking(zone, {}, {}, Message("Zone?")))
    assert outcomes.read(kept, []) == Message("Zone?")


async def test_a_role_of_this_process_goes_before_all_others(database: Database) -> None:
    newcomer = Newcomer("terminal", "root")
    for household, role in (
        (Household(ZONE), Role.MEMBER),
        (Household(ZONE, ["terminal:root"]), Role.ADMINISTRATOR),
        (Household(ZONE, ["terminal:root"], {"terminal:root": Role.GUEST}), Role.GUEST),
    ):
        async with database.writing() as session:
            caller = await identify(session, newcomer, household, Talk(database).clock())
        assert caller.role is role


async def said_by_a_guest(database: Database, text: str) -> Message:
    household = Household(ZONE, newcomers=Role.GUEST, guests_ask=False)
    dispatcher = Dispatcher(COMMANDS, Renderer(), CatalogueKeeper(), household, HOST)
    place = Place("slack", "T1/U1")
    arrival = Arrival(platform="slack", event_id="1", account="T1/U1", place=place, kind="message", text=text)
    async with database.writing() as session:
        outcome = await dispatcher.handle(session, arrival, Talk(database).clock())
    return outcome.question if isinstance(outcome, Asking) else outcome


@pytest.mark.parametrize("text", ["what is new?", "meeting list", "roadmap list ETSI"])
async def test_where_guests_may_not_ask_they_are_offered_to_register(sample: Database, text: str) -> None:
    message = await said_by_a_guest(sample, text)
    assert "members and representatives only" in message.markdown
    assert [button.command for button in message.buttons] == ["register"]


@pytest.mark.parametrize("text", ["help", "whoami", "register"])
async def test_some_commands_are_for_everyone(sample: Database, text: str) -> None:
    assert "representatives only" not in (await said_by_a_guest(sample, text)).markdown
