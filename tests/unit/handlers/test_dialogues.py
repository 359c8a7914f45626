"""Forms filled in step by step."""

from datetime import timedelta
from typing import Annotated, Literal

import pytest
from pydantic import Field

from handlers.command import Form, Reply, Request, Role, command
from handlers.form import Line, field
from storage.database import Database
from tests.talk import Talk


class Booking(Form):
    title: Line = field("Title", help="what it is about")
    seats: Annotated[int, Field(ge=1, le=500)] = field("Seats", help="how many people")
    mode: Literal["physical", "remote", "hybrid"] = field("Mode")
    note: Line | None = field("Note", default=None, named=True)


@command("room book", form=Booking, role=Role.MEMBER, help="Book a room", example="room book Talk 20 hybrid")
async def book(request: Request, booking: Booking) -> Reply:
    name = f"{booking.title}/{booking.seats}/{booking.mode}/{booking.note}"
    return Reply("terms/unknown", subject=name, near=())


@pytest.fixture
def talk(sample: Database) -> Talk:
    return Talk(sample, book)


async def test_a_line_with_all_values_asks_nothing(talk: Talk) -> None:
    await talk.member.says("room book title='Seventh meeting' seats=20 mode=hybrid note=\"bring it\"")
    talk.member.sees("Seventh meeting/20/hybrid/bring it")


async def test_what_is_missing_is_asked_for_one_after_another(talk: Talk) -> None:
    await talk.member.says("room book")
    talk.member.sees("Title", "what it is about")
    await talk.member.says("Seventh meeting")
    talk.member.sees("Seats")
    await talk.member.says("20")
    talk.member.sees("Mode")
    talk.member.sees_buttons("physical", "remote", "hybrid", "Cancel")
    await talk.member.presses("hybrid")
    talk.member.sees("Seventh meeting/20/hybrid/None")


async def test_only_the_wrong_value_is_asked_for_again(talk: Talk) -> None:
    await talk.member.says("room book title=Talk seats=many mode=remote")
    talk.member.sees('"many" does not do: a whole number is needed', "Everything else is kept", "Seats")
    await talk.member.says("501")
    talk.member.sees("at most 500", "Seats")
    await talk.member.says("500")
    talk.member.sees("Talk/500/remote")


async def test_an_optional_value_that_is_wrong_can_be_left_out(talk: Talk) -> None:
    await talk.member.says(f"room book title=Talk seats=5 mode=remote note={'x' * 301}")
    talk.member.sees("longer than 300 characters", "Note", "leaves it empty")
    assert len(talk.member.seen) < 300
    await talk.member.says("-")
    talk.member.sees("Talk/5/remote/None")


async def test_a_choice_may_be_typed_in_any_case_and_shortened(talk: Talk) -> None:
    await talk.member.says("room book title=Talk seats=5")
    await talk.member.says("HYB")
    talk.member.sees("Talk/5/hybrid")


async def test_a_dialogue_survives_a_restart(talk: Talk) -> None:
    await talk.member.says("room book title=Talk")
    talk.restart()
    await talk.member.says("20")
    talk.restart()
    await talk.member.presses("remote")
    talk.member.sees("Talk/20/remote")


@pytest.mark.parametrize("word", ["cancel", "/cancel", "Cancel"])
async def test_cancel_leaves_the_form(talk: Talk, word: str) -> None:
    await talk.member.says("room book title=Talk")
    await talk.member.says(word)
    talk.member.sees("Cancelled")
    await talk.member.says("20")
    talk.member.sees_not("Mode")


async def test_the_cancel_button_leaves_the_form(talk: Talk) -> None:
    await talk.member.says("room book title=Talk")
    await talk.member.presses("Cancel")
    talk.member.sees("Cancelled. Nothing was changed.")


async def test_there_may_be_nothing_to_cancel(talk: Talk) -> None:
    await talk.member.says("/cancel")
    talk.member.sees("nothing to cancel")


async def test_a_button_of_a_question_that_was_answered_says_so(talk: Talk) -> None:
    await talk.member.says("room book title=Talk seats=5")
    old = talk.member.last
    await talk.member.says("cancel")
    await talk.member.presses("hybrid", of=old)
    talk.member.sees("That form is closed")
    await talk.member.says("room book title=Talk mode=remote")
    await talk.member.presses("hybrid", of=old)
    talk.member.sees("That question was answered already")
    await talk.member.says("7")
    talk.member.sees("Talk/7/remote")


async def test_another_command_leaves_the_form_open(talk: Talk) -> None:
    await talk.member.says("room book title=Talk")
    await talk.member.says("/whoami")
    talk.member.sees("Member (slack:member)")
    await talk.member.says("meeting show 4")
    talk.member.sees("Fourth meeting")
    await talk.member.says("5")
    talk.member.sees("Mode")


async def test_another_command_with_a_wrong_value_is_a_command_too(talk: Talk) -> None:
    await talk.member.says("room book title=Talk mode=remote")
    await talk.member.says("roadmap list order=newish")
    talk.member.sees("allowed are newest or oldest")


async def test_a_free_answer_may_look_like_a_command(talk: Talk) -> None:
    await talk.member.says("room book seats=5 mode=remote")
    await talk.member.says("meeting list")
    talk.member.sees("meeting list/5/remote")


async def test_each_place_and_person_has_its_own_dialogue(talk: Talk) -> None:
    await talk.member.says("room book title=Talk mode=remote")
    await talk.colleague.says("room book title=Other mode=hybrid")
    await talk.member.says("4", channel=True)
    talk.member.sees_not("Talk/")
    await talk.colleague.says("6")
    talk.colleague.sees("Other/6/hybrid")
    await talk.member.says("5")
    talk.member.sees("Talk/5/remote")


async def test_a_dialogue_that_nobody_went_on_with_is_over_after_a_week(talk: Talk) -> None:
    await talk.member.says("room book title=Talk mode=remote")
    talk.clock.advance(timedelta(days=8))
    await talk.member.says("5")
    talk.member.sees_not("Talk/")


async def test_a_modal_is_checked_like_a_line(talk: Talk) -> None:
    await talk.member.fills("room book", {"title": "Talk", "seats": "0", "mode": "remote", "note": ""})
    talk.member.sees("at least 1")
    await talk.member.fills("room book", {"title": "Talk", "seats": "9", "mode": "remote", "note": ""})
    talk.member.sees("Talk/9/remote/None")


async def asked_for_seats(talk: Talk) -> None:
    await talk.member.says("room book")
    await talk.member.says("Talk")
    talk.member.sees("Seats")


@pytest.mark.parametrize("question", ["who represents SG17?", "When is the next meeting?", "who represents SG17"])
async def test_a_question_instead_of_a_number_is_answered_and_the_form_goes_on(talk: Talk, question: str) -> None:
    await talk.member.says(question)
    answer = talk.member.seen
    await asked_for_seats(talk)
    await talk.member.says(question)
    talk.member.sees(answer.splitlines()[0], "Room book still waits for Seats; what you filled in is kept.")
    await talk.member.presses("Go on")
    talk.member.sees("Title: Talk", "Seats")
    await talk.member.says("20")
    await talk.member.says("remote")
    talk.member.sees("Talk/20/remote")


async def test_after_a_question_the_answer_may_be_typed_at_once(talk: Talk) -> None:
    await asked_for_seats(talk)
    await talk.member.says("who represents SG17?")
    await talk.member.says("20")
    talk.member.sees("Mode")


async def test_a_question_instead_of_a_choice_is_answered(talk: Talk) -> None:
    await talk.member.says("room book Talk seats=20")
    await talk.member.says("what is a key manager?")
    talk.member.sees("Room book still waits for Mode")
    await talk.member.says("remote")
    talk.member.sees("Talk/20/remote")


@pytest.mark.parametrize("answer", ["many?", "a lot of people", "how ever many come"])
async def test_a_bad_answer_is_no_question(talk: Talk, answer: str) -> None:
    await asked_for_seats(talk)
    await talk.member.says(answer)
    talk.member.sees("does not do: a whole number is needed")


async def test_a_question_typed_as_a_text_is_asked_about_and_may_be_the_text(talk: Talk) -> None:
    await talk.member.says("room book")
    await talk.member.says("who represents SG17?")
    talk.member.sees("who represents SG17? is a question", "your answer for Title", "kept either way")
    await talk.member.presses("It answers “Title”")
    talk.member.sees("Title: who represents SG17?", "Seats")


async def test_a_question_typed_as_a_text_may_be_answered_instead(talk: Talk) -> None:
    await talk.member.says("room book")
    await talk.member.says("who represents SG17?")
    await talk.member.presses("Answer it instead")
    talk.member.sees("SG17", "Room book still waits for Title")
    await talk.member.says("Talk")
    talk.member.sees("Title: Talk", "Seats")


@pytest.mark.parametrize("title", ["Shall we dance at the zoo?", "Why me?", "Who represents SG17, and\nwho does not?"])
async def test_a_text_that_is_no_plain_question_is_a_text(talk: Talk, title: str) -> None:
    await talk.member.says("room book")
    await talk.member.says(title)
    talk.member.sees("Seats")
    talk.member.sees_not("is a question")


async def test_a_form_that_asks_for_a_question_gets_it(talk: Talk) -> None:
    await talk.member.says("/ask")
    await talk.member.says("who represents SG17?")
    talk.member.sees_not("is a question", "still waits")


async def test_what_a_button_gave_is_not_offered_for_change(talk: Talk) -> None:
    await talk.member.says("room book title=Talk", kind="button")
    talk.member.sees("Title: Talk", "Seats")
    talk.member.sees_not("To change it")


async def test_what_was_typed_is_offered_for_change(talk: Talk) -> None:
    await talk.member.says("room book title=Talk")
    talk.member.sees("To change it, type title=")


async def test_what_is_shared_with_a_channel_says_nothing_of_a_form(talk: Talk) -> None:
    await talk.member.says("room book Talk", channel=True)
    await talk.member.says("ask who represents SG17?", channel=True, kind="button")
    talk.member.sees("SG17")
    talk.member.sees_not("Room book")
