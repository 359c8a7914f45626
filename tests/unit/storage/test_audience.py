"""Audiences in words: what is written is read back, and what is not understood is said so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from storage.audience import (
    Audience,
    Called,
    Channel,
    Everybody,
    Here,
    Human,
    Part,
    Place,
    Reflector,
    Representatives,
    as_audience,
)

names = some.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9/.-]{0,9}( [A-Z][a-z-]{2,9}[a-z])?\Z").map(str)
numbers = some.integers(1, 999_999_999)
parts: some.SearchStrategy[Part] = some.one_of(
    some.just(Everybody()),
    some.just(Reflector()),
    some.just(Here()),
    some.builds(Representatives, some.just("") | names),
    some.builds(Channel, names),
    some.builds(Called, names),
    some.builds(Place, numbers),
    some.builds(Human, numbers),
)
audiences = some.builds(
    Audience,
    some.lists(parts, min_size=1, max_size=5, unique=True).map(tuple),
    some.lists(parts, max_size=3, unique=True).map(tuple),
)


@given(audiences)
def test_what_is_written_is_read_back(audience: Audience) -> None:
    assert as_audience(str(audience)) == audience


def understood(text: str) -> str:
    """The audience in words, or why there is none."""
    try:
        return str(as_audience(text))
    except ValueError as error:
        return f"refused: {error}"


@given(some.text(max_size=80))
def test_any_text_is_an_audience_or_is_refused_with_what_there_is(text: str) -> None:
    said = understood(text)
    assert "everybody" in said if said.startswith("refused: ") else understood(said) == said


SG13, ETSI = Representatives("SG13"), Representatives("ETSI")


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        ("everybody", Audience((Everybody(),))),
        ("Everyone, reflector", Audience((Everybody(), Reflector()))),
        ("representatives of SG13, ETSI", Audience((SG13, ETSI))),
        ("representatives of SG13 and ETSI + #general", Audience((SG13, ETSI, Channel("general")))),
        ("all representatives", Audience((Representatives(),))),
        ("reps of SG13, everybody", Audience((SG13, Everybody()))),
        ("people: Kim Lee, Ada Park", Audience((Called("Kim Lee"), Called("Ada Park")))),
        ("channels #a, #b-c", Audience((Channel("a"), Channel("b-c")))),
        ("channel general", Audience((Channel("general"),))),
        (
            "everybody without #general, here + reflector",
            Audience((Everybody(), Reflector()), (Channel("general"), Here())),
        ),
        ("everybody - representatives of CEN-CENELEC", Audience((Everybody(),), (Representatives("CEN-CENELEC"),))),
        ("here except people: Kim", Audience((Here(),), (Called("Kim"),))),
        ("everybody + everybody", Audience((Everybody(),))),
    ],
)
def test_people_write_audiences_in_several_ways(text: str, audience: Audience) -> None:
    assert as_audience(text) == audience


@pytest.mark.parametrize(
    "text", ["", "   ", "cheese", "everybody + cheese", "without here", "+", "everybody, SG13", "#"]
)
def test_what_is_no_audience_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="representatives of SG13"):
        as_audience(text)
