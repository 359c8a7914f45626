"""Forms that know, search and check; forms left half-way, refused, or not for everybody's eyes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Literal

import pytest
from pydantic import StringConstraints

from handlers.command import AnyCommand, Form, Redirect, Refused, Reply, Request, Role, command
from handlers.form import Choice, Line, field
from handlers.situation import Situation
from storage.database import Database
from tests.talk import Talk

GROUPS = {
    "SG13": "SG13 Future networks",
    "SG17": "SG17 Security",
    "ISG QKD": "ETSI ISG QKD Quantum keys",
    "SG11": "SG11 Quantum signalling",
}


class Delegation(Form):
    group: Line = field("Group", help="whom you speak for", searched=True)
    kind: Literal["representative", "alternate"] = field("Kind")
    name: Line = field("Name", named=True)
    email: Annotated[str, StringConstraints(pattern="@")] = field("E-mail", named=True)
    remark: Line | None = field("Remark", default=None, named=True, asked=True)

    @classmethod
    async def known(cls, situation: Situation) -> Mapping[str, str]:
        return {"name": situation.caller.name, "email": "nowhere"}

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        if not typed:
            return ()
        found = [Choice(code, label) for code, label in GROUPS.items() if typed.lower() in label.lower()]
        near = [
            Choice(code, label, fits=False) for code, label in GROUPS.items() if typed.lower()[0] == label.lower()[0]
        ]
        return found or near

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        return {"group": "it ended"} if self.group == "SG11" else {}

    @classmethod
    def doing(cls, values: Mapping[str, str]) -> str:
        return f"becoming a delegate of {values['group']}" if values.get("group") else ""


@command(
    "delegate", form=Delegation, role=Role.GUEST, help="Be a delegate", changes=True, private=True, for_everyone=True
)
async def delegate(request: Request, given: Delegation) -> Reply:
    if given.name == "Nobody":
        raise Refused("Nobody may not be a delegate.", "Say who you are.")
    if given.email == "taken@x":
        raise Refused("that address is somebody else's", field="email")
    shown = f"{given.group}/{given.kind}/{given.name}/{given.email}/{given.remark}"
    return Reply("terms/unknown", subject=shown, near=())


class Nothing(Form):
    pass


@command("hand over", form=Nothing, role=Role.GUEST, help="Hands over", for_everyone=True)
async def hand_over(request: Request, nothing: Nothing) -> Redirect:
    return Redirect("delegate SG17")


@command("run in circles", form=Nothing, role=Role.GUEST, help="Runs in circles")
async def circle(request: Request, nothing: Nothing) -> Redirect:
    return Redirect("hand over")


COMMANDS: tuple[AnyCommand, ...] = (delegate, hand_over, circle)


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample, *COMMANDS)


async def test_what_is_known_is_not_asked_for_but_shown(talk: Talk) -> None:
    await talk.member.says("delegate SG17")
    talk.member.sees("Group: SG17 Security", "Name: Member", "Kind")


async def test_a_known_value_may_be_changed_by_name_without_losing_the_question(talk: Talk) -> None:
    await talk.member.says("delegate SG17")
    await talk.member.says("name='Ada Lovelace'")
    talk.member.sees("Name: Ada Lovelace", "Kind")
    await talk.member.presses("alternate")
    await talk.member.says("ada@x")
    await talk.member.presses("Skip")
    talk.member.sees("SG17/alternate/Ada Lovelace/ada@x/None")


async def test_a_value_that_is_given_by_name_needs_no_quotation_marks(talk: Talk) -> None:
    await talk.member.says("delegate SG17")
    await talk.member.says("name=Ada Lovelace")
    talk.member.sees("Name: Ada Lovelace", "Kind")


async def test_something_known_that_does_not_do_is_asked_for_like_anything_missing(talk: Talk) -> None:
    await talk.member.says("delegate SG17 kind=alternate")
    talk.member.sees("E-mail")
    talk.member.sees_not("nowhere", "does not do")


async def test_a_typed_text_that_fits_one_alone_is_taken_at_once(talk: Talk) -> None:
    await talk.member.says("delegate")
    talk.member.sees("Group", "Type a few letters")
    await talk.member.says("secur")
    talk.member.sees("Group: SG17 Security", "Kind")


async def test_several_that_fit_are_offered_as_buttons(talk: Talk) -> None:
    await talk.member.says("delegate quantum kind=alternate")
    talk.member.sees("2 fit “quantum”")
    talk.member.sees_buttons("ETSI ISG QKD Quantum keys", "SG11 Quantum signalling", "Cancel")
    talk.restart()
    await talk.member.presses("ETSI ISG QKD Quantum keys")
    talk.member.sees("Group: ETSI ISG QKD Quantum keys", "Kind: alternate", "E-mail")


async def test_what_fits_nothing_is_answered_with_what_is_near_and_nothing_else_is_lost(talk: Talk) -> None:
    await talk.member.says("delegate 'Study group' kind=alternate")
    talk.member.sees("Nothing fits “Study group”, but these are near", "Everything else is kept")
    talk.member.sees_buttons("SG13 Future networks", "SG17 Security")
    await talk.member.says("zzz")
    talk.member.sees("Nothing fits “zzz”: type something else")


async def test_a_choice_that_is_only_near_is_never_taken_by_itself(talk: Talk) -> None:
    await talk.member.says("delegate 'Everything quantum'")
    talk.member.sees("Nothing fits")
    talk.member.sees_buttons("ETSI ISG QKD Quantum keys")


async def test_the_forms_own_rule_asks_again_for_its_field_alone(talk: Talk) -> None:
    await talk.member.says("delegate SG11 alternate email=a@x")
    talk.member.sees('"SG11" does not do: it ended', "Everything else is kept", "Group")
    await talk.member.says("SG13")
    talk.member.sees("Remark", "leaves it empty")
    await talk.member.says("none yet")
    talk.member.sees("SG13/alternate/Member/a@x/none yet")


async def test_a_complete_line_is_not_asked_for_what_it_may_leave_out(talk: Talk) -> None:
    await talk.member.says("delegate SG13 alternate email=a@x")
    talk.member.sees("SG13/alternate/Member/a@x/None")


async def test_the_same_command_again_asks_whether_to_go_on(talk: Talk) -> None:
    await talk.member.says("delegate SG17")
    talk.clock.advance(timedelta(days=1))
    talk.restart()
    await talk.member.says("delegate")
    talk.member.sees("You were becoming a delegate of SG17", "Go on?")
    await talk.member.presses("Go on")
    talk.member.sees("Group: SG17 Security", "Kind")
    await talk.member.says("delegate")
    await talk.member.presses("Start anew")
    talk.member.sees("Group", "Type a few letters")
    talk.member.sees_not("SG17")


async def test_a_form_left_half_way_may_be_dropped(talk: Talk) -> None:
    await talk.member.says("delegate SG17")
    await talk.member.says("delegate")
    await talk.member.presses("Drop it")
    talk.member.sees("Cancelled")
    await talk.member.says("delegate")
    talk.member.sees_not("You were")


async def test_after_a_pause_a_free_text_is_no_answer_before_it_is_said_to_be_one(talk: Talk) -> None:
    await talk.member.says("delegate SG17 kind=alternate email=a@x name=")
    talk.member.sees("Name")
    talk.clock.advance(timedelta(hours=2))
    await talk.member.says("hello")
    talk.member.sees("You were becoming a delegate of SG17", "Go on?")
    talk.member.sees_buttons("Name: hello", "Go on", "Start anew", "Drop it")
    await talk.member.presses("Name: hello")
    await talk.member.presses("Skip")
    talk.member.sees("SG17/alternate/hello/a@x")
    talk.member.sees_not("Go on?")


async def test_a_late_answer_that_completes_the_form_is_followed_by_no_reminder(talk: Talk) -> None:
    await talk.member.says("delegate SG17 email=a@x")
    talk.clock.advance(timedelta(hours=2))
    await talk.member.presses("alternate")
    await talk.member.presses("Skip")
    talk.clock.advance(timedelta(hours=2))
    await talk.member.says("room", kind="command")
    talk.member.sees_not("Go on?")


async def test_after_a_pause_what_can_only_be_the_answer_is_taken(talk: Talk) -> None:
    await talk.member.says("delegate SG17")
    talk.clock.advance(timedelta(hours=2))
    await talk.member.says("alternate")
    talk.member.sees("Kind: alternate", "E-mail")


async def test_after_a_pause_something_else_is_answered_with_one_reminder(talk: Talk) -> None:
    await talk.member.says("delegate SG17")
    talk.clock.advance(timedelta(hours=2))
    await talk.member.says("/whoami")
    talk.member.sees("Member (slack:member)", "You were becoming a delegate of SG17")
    await talk.member.says("/whoami")
    talk.member.sees_not("You were")
    await talk.member.says("go on")
    talk.member.sees("Kind")


async def test_another_form_does_not_lose_the_first(talk: Talk) -> None:
    await talk.member.says("delegate SG17")
    await talk.member.says("/settings zone Moon")
    talk.member.sees("Time zone")
    await talk.member.says("Asia/Seoul")
    talk.member.sees("Seoul")
    await talk.member.says("/delegate")
    await talk.member.presses("Go on")
    talk.member.sees("Group: SG17 Security")


async def test_a_form_left_for_a_week_is_closed_with_one_message(talk: Talk) -> None:
    await talk.member.says("delegate SG17")
    talk.clock.advance(timedelta(days=6))
    await talk.does_chores()
    assert talk.member.told == []
    talk.clock.advance(timedelta(days=1))
    await talk.does_chores()
    await talk.does_chores()
    (message,) = talk.member.told
    assert "delegate" in message.markdown
    assert [button.command for button in message.buttons] == ["delegate"]
    await talk.member.says("go on")
    talk.member.sees_not("Kind")


async def test_what_the_handler_refuses_stays_open_with_all_that_was_typed(talk: Talk) -> None:
    await talk.member.says("delegate SG17 alternate name=Nobody")
    await talk.member.says("a@x")
    await talk.member.presses("Skip")
    talk.member.sees("Nobody may not be a delegate")
    talk.member.sees_buttons("Change it", "Drop it")
    await talk.member.presses("Change it")
    talk.member.sees("Group: SG17 Security", "Kind: alternate", "Name: Nobody", "Nothing is done yet")
    await talk.member.presses("Change Name")
    talk.member.sees("Name")
    await talk.member.says("Ada")
    talk.member.sees("SG17/alternate/Ada/a@x/None")


async def test_a_refusal_that_blames_a_field_asks_for_it_again(talk: Talk) -> None:
    await talk.member.says("delegate SG17 alternate")
    await talk.member.says("taken@x")
    await talk.member.presses("Skip")
    talk.member.sees('"taken@x" does not do: that address is somebody else\'s', "E-mail")
    await talk.member.says("own@x")
    talk.member.sees("SG17/alternate/Member/own@x")


async def test_a_modal_that_is_refused_may_be_opened_again_with_its_values(talk: Talk) -> None:
    given = {"group": "SG17", "kind": "alternate", "name": "Nobody", "email": "a@x"}
    await talk.member.fills("delegate", given)
    assert talk.member.is_asked
    talk.member.sees("Nobody may not be a delegate")
    await talk.member.fills("delegate", {**given, "name": "Ada"})
    talk.member.sees("SG17/alternate/Ada/a@x/None")
    await talk.member.says("go on")
    assert not talk.member.is_asked


async def test_a_handler_hands_over_to_another_command_line(talk: Talk) -> None:
    await talk.member.says("hand over")
    talk.member.sees("Group: SG17 Security", "Kind")


async def test_what_was_handed_over_is_not_handed_on(talk: Talk) -> None:
    await talk.member.says("run in circles")
    talk.member.sees("reference")


async def test_a_link_begins_a_form(talk: Talk) -> None:
    await talk.colleague.says("start delegate_SG17", kind="command")
    talk.colleague.sees("Group: SG17 Security", "Kind")


async def test_a_link_changes_nothing_before_it_is_agreed_to(talk: Talk) -> None:
    await talk.colleague.says("start settings_zone_Seoul", kind="command")
    talk.colleague.sees("Time zone: Seoul", "Nothing is done yet")
    await talk.colleague.presses("Send")
    talk.colleague.sees("Asia/Seoul")


async def test_a_link_to_nothing_that_there_is_greets(talk: Talk) -> None:
    await talk.colleague.says("start item-12", kind="command")
    assert not talk.colleague.is_asked


async def test_a_private_form_is_not_filled_in_before_others(talk: Talk) -> None:
    await talk.colleague.says("delegate SG17", kind="command", channel=True)
    talk.colleague.sees("Let's do this in private")
    assert talk.colleague.message.elsewhere == "delegate SG17"
    await talk.colleague.says("alternate", channel=True)
    talk.colleague.sees_not("E-mail")


async def test_an_answer_is_shareable_unless_its_command_changes_something(talk: Talk) -> None:
    await talk.member.says("meeting list")
    assert talk.member.message.shareable
    await talk.member.says("settings zone Seoul")
    assert not talk.member.message.shareable


async def test_the_menu_of_a_form_offers_what_its_field_offers(talk: Talk) -> None:
    found = await talk.desk.offer("slack", "member", "delegate", "group", " quantum ")
    assert [one.value for one in found] == ["ISG QKD", "SG11"]
    assert await talk.desk.offer("slack", "member", "delegate", "name", "a") == ()
    assert await talk.desk.offer("slack", "member", "no such command", "group", "a") == ()


class Room(Form):
    room: Line = field("Room", searched=True)

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        rooms = [Choice(f"R{number}", f"Room {number}") for number in range(20)]
        return [*rooms, Choice("none", "Mine is not here", fits=False)]


@command("room take", form=Room, role=Role.MEMBER, help="Take a room")
async def take(request: Request, room: Room) -> Reply:
    return Reply("terms/unknown", subject=room.room, near=())


async def test_of_many_that_fit_some_are_shown_and_the_way_out_always(sample: Database) -> None:
    talk = Talk(sample, take)
    await talk.member.says("room take room")
    talk.member.sees("20 fit “room”", "13 more fit: type more letters")
    assert [button.label for button in talk.member.message.buttons] == [
        *(f"Room {number}" for number in range(7)),
        "Mine is not here",
        "Cancel",
    ]
