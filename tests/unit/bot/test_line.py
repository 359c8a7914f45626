"""Command lines: how values are read from what a person types."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from handlers.form import Form, Line, field
from handlers.line import (
    first_words,
    names_a_field,
    of_parameter,
    quote,
    read_line,
    read_named,
    to_parameter,
    write_line,
)


class Booking(Form):
    title: Line = field("Title")
    place: Line = field("Place")
    note: Line | None = field("Note", default=None)
    page: Line | None = field("Page", default=None, named=True)


FIELDS = Booking.fields()


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("", {}),
        ("Talk", {"title": "Talk"}),
        ("Talk Geneva", {"title": "Talk", "place": "Geneva"}),
        ("Talk Geneva bring it along", {"title": "Talk", "place": "Geneva", "note": "bring it along"}),
        ("'Seventh meeting' Geneva", {"title": "Seventh meeting", "place": "Geneva"}),
        ("place=Geneva Talk", {"title": "Talk", "place": "Geneva"}),
        ("title=\"Seventh meeting\" place='New York'", {"title": "Seventh meeting", "place": "New York"}),
        ("Talk PLACE=Geneva", {"title": "Talk", "place": "Geneva"}),
        ("Talk\tGeneva\nnow", {"title": "Talk", "place": "Geneva", "note": "now"}),
        ("title=Talk page=2", {"title": "Talk", "page": "2"}),
        ("title=", {"title": ""}),
        ("a=b Geneva", {"title": "a=b", "place": "Geneva"}),
        ("Talk Geneva 'it' and 'that'", {"title": "Talk", "place": "Geneva", "note": "'it' and 'that'"}),
        (r"title='Shor\'s' x", {"title": "Shor's", "place": "x"}),
        ("title=“Seventh meeting” place=‘New York’", {"title": "Seventh meeting", "place": "New York"}),
        ("title=„Siebte Sitzung“ place=«La Haye»", {"title": "Siebte Sitzung", "place": "La Haye"}),
        ("‘Shor’s algorithm’ Geneva", {"title": "Shor’s algorithm", "place": "Geneva"}),
        ("”Seventh meeting” Geneva", {"title": "Seventh meeting", "place": "Geneva"}),
        ("Talk Geneva “it” and “that”", {"title": "Talk", "place": "Geneva", "note": "“it” and “that”"}),
        ("title=“never closed place=x", {"title": "“never", "place": "x", "note": "closed"}),
        ("title='never closed place=x", {"title": "'never", "place": "x", "note": "closed"}),
    ],
)
def test_a_line_gives_values_by_position_and_by_name(line: str, values: dict[str, str]) -> None:
    assert read_line(line, FIELDS) == values


def test_what_no_field_takes_is_kept_apart() -> None:
    class Nothing(Form):
        pass

    assert read_line("too much", Nothing.fields()) == {"?": "too much"}


@given(some.text(min_size=1).map(str.strip).filter(bool))
def test_a_quoted_value_comes_back_as_it_was(value: str) -> None:
    assert read_line(f"page={quote(value)} Talk", FIELDS) == {"page": value, "title": "Talk"}


@given(some.text())
def test_no_line_is_refused_and_no_letter_is_invented(line: str) -> None:
    values = read_line(line, FIELDS)
    assert all(letter in line for value in values.values() for letter in value)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("roadmap list ETSI", ["roadmap", "list"]),
        ("roadmap body=ETSI", ["roadmap"]),
        ("  ask\tme ", ["ask", "me"]),
    ],
)
def test_the_first_words_end_where_values_begin(line: str, words: list[str]) -> None:
    assert first_words(line, 2) == words


def test_only_a_fields_own_name_marks_a_line_as_a_command() -> None:
    assert names_a_field("x page=2", FIELDS)
    assert not names_a_field("is a=b true?", FIELDS)


MARKED = some.text(alphabet="ab '\"\\“”„‘’‚«»", min_size=1).map(str.strip).filter(bool)


@given(MARKED, MARKED)
def test_any_quotation_mark_in_a_quoted_value_comes_back(title: str, page: str) -> None:
    line = f"page={quote(page)} {quote(title)}"
    assert read_line(line, FIELDS) == {"page": page, "title": title}


@given(some.dictionaries(some.sampled_from(["title", "place", "note", "page"]), MARKED))
def test_a_written_line_gives_its_values_back(values: dict[str, str]) -> None:
    line = write_line("room book", values)
    assert read_line(line.removeprefix("room book").strip(), FIELDS) == values


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("title=Talk", {"title": "Talk"}),
        ("title='Seventh meeting' page=2", {"title": "Seventh meeting", "page": "2"}),
        ("title=Seventh meeting, with x=y", {"title": "Seventh meeting, with x=y"}),
        ("title=Seventh meeting page=2", {"title": "Seventh meeting", "page": "2"}),
        ("title='Seventh meeting' in Geneva", {}),
        ("the title=Talk", {}),
        ("other=Talk", {}),
        ("", {}),
    ],
)
def test_a_line_of_nothing_but_named_values_is_told_from_an_answer(line: str, values: dict[str, str]) -> None:
    assert read_named(line, FIELDS) == values


@pytest.mark.parametrize(
    ("line", "carried"),
    [
        ("register", "register"),
        ("register SG17", "register_SG17"),
        ("liaison read-file 12", "liaison_read-file_12"),
        ("liaison log file=12", "liaison_log_file--12"),
        ("liaison log date=-12", None),
        ("liaison log read--file", None),
        ("register Q16/13", None),
        ("register a_b", None),
        ("register " + "x" * 60, None),
        ("", None),
    ],
)
def test_a_link_carries_a_plain_line(line: str, carried: str | None) -> None:
    assert to_parameter(line) == carried
    if carried:
        assert of_parameter(carried) == line
