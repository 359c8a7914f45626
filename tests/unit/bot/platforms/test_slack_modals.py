"""Forms as Slack's modals."""

from typing import Any, Literal

import pytest

from bot.arrival import Arrival, Asking
from bot.platforms.slack import modals
from bot.platforms.slack.way import Way, place
from handlers.command import Reply, Request, Role, command
from handlers.form import Choice, Form, Line, Text, field


class Logging(Form):
    title: Line = field("Title", help="as it stands on the statement")
    direction: Literal["incoming", "outgoing"] = field("Direction")
    note: Text | None = field("Note", default=None, named=True)


@command("liaison log", form=Logging, role=Role.SECRETARIAT, help="Log a liaison statement")
async def log(request: Request, logging: Logging) -> Reply:
    return Reply("liaisons/logged")


def an_arrival(**more: Any) -> Arrival:
    way = Way("U1", "C1", "1.1", "https://hooks.example/1", "7.8", 5.0, quiet=True)
    return Arrival(
        platform="slack",
        event_id="1",
        account="T1/U1",
        place=place("T1", way),
        kind="command",
        text="liaison log",
        address=way.address(),
        **more,
    )


def a_view(values: dict[str, str], errors: dict[str, str] | None = None) -> dict[str, Any]:
    view = modals.view(an_arrival(), Asking(log, values, errors or {}))
    assert view is not None
    return view


def test_each_field_is_an_input_with_its_help_and_its_value() -> None:
    view = a_view({"title": "On keys", "direction": "outgoing", "note": "two\nlines"})
    title, direction, note = view["blocks"][1:]
    assert view["title"]["text"] == "Liaison log"
    assert (title["block_id"], title["optional"]) == ("title", False)
    assert title["hint"]["text"] == "as it stands on the statement"
    assert title["element"] == {"type": "plain_text_input", "action_id": "value", "initial_value": "On keys"}
    assert [option["value"] for option in direction["element"]["options"]] == ["incoming", "outgoing"]
    assert direction["element"]["initial_option"]["value"] == "outgoing"
    assert note["optional"]
    assert note["element"]["multiline"]


def test_a_value_that_is_no_choice_is_not_chosen() -> None:
    assert "initial_option" not in a_view({"direction": "sideways"})["blocks"][2]["element"]


def test_what_was_wrong_is_said_at_its_field_or_above_all() -> None:
    view = a_view({}, {"title": "this is empty", "": "these do not fit"})
    assert view["blocks"][0]["text"]["text"] == "Log a liaison statement\nthese do not fit"
    assert view["blocks"][1]["hint"]["text"] == "this is empty. as it stands on the statement"


def test_a_modal_remembers_where_it_was_asked_for() -> None:
    errand = modals.Errand.model_validate_json(a_view({})["private_metadata"])
    assert errand == modals.errand(an_arrival(), "liaison log")
    assert errand.place == an_arrival().place
    assert (errand.channel, errand.thread_ts, errand.quiet) == ("C1", "1.1", True)


def test_no_modal_opens_that_would_lose_what_was_typed() -> None:
    assert modals.view(an_arrival(), Asking(log, {"note": "x" * 3001})) is None


@pytest.mark.parametrize(
    ("errors", "shown"),
    [
        ({"title": "this is empty"}, {"title": "this is empty"}),
        ({"": "these do not fit"}, {"title": "these do not fit"}),
        ({"title": "this is empty", "when": "no such field"}, {"title": "this is empty; no such field"}),
    ],
)
def test_errors_stand_at_fields_that_the_modal_has(errors: dict[str, str], shown: dict[str, str]) -> None:
    answer = modals.refusal(an_arrival(), Asking(log, {}, errors))
    assert answer == {"response_action": "errors", "errors": shown}


def test_a_form_that_needs_more_without_an_error_is_shown_again() -> None:
    answer = modals.refusal(an_arrival(), Asking(log, {"title": "On keys"}))
    assert answer["response_action"] == "update"


class Joining(Form):
    group: Line = field("Group", searched=True)


@command("join", form=Joining, role=Role.MEMBER, help="Join")
async def join(request: Request, joining: Joining) -> Reply:
    return Reply("joined")


def menu(asking: Asking) -> Any:
    view: Any = modals.view(an_arrival(), asking)
    assert view is not None
    return view["blocks"][1]["element"]


def test_a_searched_field_is_a_menu_that_asks_the_bot() -> None:
    assert menu(Asking(join, {})) == {
        "type": "external_select",
        "action_id": "value",
        "placeholder": {"type": "plain_text", "text": "Type a few letters", "emoji": False},
        "min_query_length": 0,
    }


def test_what_is_known_is_chosen_already_under_its_label() -> None:
    chosen = menu(Asking(join, {"group": "SG17"}, labels={"group": "SG17 Security"}))["initial_option"]
    assert (chosen["value"], chosen["text"]["text"]) == ("SG17", "SG17 Security")


def test_what_is_not_understood_is_not_chosen() -> None:
    asking = Asking(join, {"group": "quantum"}, {"group": "2 fit it"}, labels={"group": "quantum"})
    assert "initial_option" not in menu(asking)


def test_options_keep_within_slacks_limits() -> None:
    choices = [Choice(f"g{number}", "x" * 80) for number in range(120)]
    found: Any = modals.options([Choice("", "nothing"), Choice("v" * 151, "long"), *choices])["options"]
    assert len(found) == 100
    assert {len(option["text"]["text"]) for option in found} == {75}
    assert found[0]["value"] == "g0"
