"""Whatever comes, the reader reads it or says why not."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from time import process_time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handlers.liaison.reading.days import periods
from handlers.liaison.reading.names import names_in, tidy_name
from handlers.liaison.reading.reader import read, read_text
from handlers.liaison.reading.record import as_json, from_json
from handlers.liaison.reading.unreadable import Unreadable
from storage.words import DeadlineKind
from tests.unit.handlers.liaison.reading.making import ROWS, itu_text, pdf, with_row, word

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LABELS = st.sampled_from(
    [row[0] for row in ROWS]
    + ["To:", "Cc:", "From:", "Date:", "Body:", "ACTION:", "Purpose:", "From Group:", "\n", "1 "]
)
WORDS = st.text(alphabet="AGQSTY/.-,;:()[]<>0123 exabn\n\t|@“”\u200b\u202e", max_size=40)
NAMES = st.sampled_from(["a.docx", "a.pdf", "a.eml", "a.txt", "a", "", "\x00.eml", "a.docm"])
BEGINNINGS = st.sampled_from(
    [b"", b"PK\x03\x04", b"%PDF-1.4\n", b"From: a\nMIME-Version: 1.0\n", b"\xff\xfe", b"{\\rtf", b"\xd0\xcf\x11\xe0"]
)
WORD, PDF = word(ROWS, ["Y.3815 was approved."]), pdf(itu_text().split("\n"))


def answers(name: str, content: bytes) -> None:
    """Read a file; `Unreadable` is an answer too, and says something."""
    message = "."
    try:
        read(name, content)
    except Unreadable as unreadable:
        message = unreadable.message
    assert message.endswith(".")


@QUICK
@given(NAMES, BEGINNINGS, st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(name: str, beginning: bytes, content: bytes) -> None:
    answers(name, beginning + content)


@QUICK
@given(st.sampled_from([WORD, PDF]), st.integers(0, 10**6), st.binary(min_size=1, max_size=20))
def test_a_damaged_file_is_read_or_refused(content: bytes, place: int, damage: bytes) -> None:
    place %= len(content)
    answers("a", content[:place] + damage + content[place + len(damage) :])


@settings(QUICK, max_examples=150)
@given(st.lists(st.tuples(LABELS, WORDS), max_size=14))
@example([("Title:", "LS"), ("Source:", "SG13"), ("For action to:", "Q6, 16/"), ("Deadline:", "0/0/2000")])
def test_any_text_in_a_form_is_read_or_refused(parts: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{label} {words}" for label, words in parts)
    try:
        statement = read_text(text)
    except Unreadable:
        return
    assert from_json(as_json(statement)) == statement


@settings(QUICK, max_examples=25)
@given(
    st.sampled_from([row[0].rstrip(":") for row in ROWS]), st.text(max_size=60).filter(lambda text: text.isprintable())
)
def test_any_words_in_a_cell_leave_a_statement(label: str, written: str) -> None:
    answers("a.docx", word(with_row(label, written)))


@QUICK
@given(st.text(max_size=300))
def test_any_mail_is_read_or_refused(text: str) -> None:
    answers(
        "a.eml",
        f"From: {text}\nSubject: LS from SG13\nMIME-Version: 1.0\nContent-Type: {text}\n\n{text}".encode(
            "utf-8", "replace"
        ),
    )


WRITINGS = (
    "{0.day} {0:%B} {0.year}",
    "{0:%Y-%m-%d}",
    "{0:%B} {0.day}, {0.year}",
    "{0.day} {0:%b} {0.year}",
    "{0:%d.%m.%Y}",
    "{0.day}th of {0:%B} {0.year}",
)


@QUICK
@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(WRITINGS))
def test_a_day_is_the_same_in_every_writing(day: date, writing: str) -> None:
    found = periods(f"Geneva, {writing.format(day)}.")
    assert [(one.first, one.last) for one in found] == [(day, day)]
    deadline = read_text(itu_text(Deadline=writing.format(day))).deadline.value
    assert (deadline.kind, deadline.text) == (DeadlineKind.DATE, day.isoformat())


@QUICK
@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(1, 40))
def test_a_meeting_has_a_first_and_a_last_day(first: date, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    years = f" {first.year}" if first.year != last.year else ""
    [found] = periods(f"Geneva, {first.day} {first:%B}{years} – {last.day} {last:%B} {last.year}")
    assert (found.first, found.last) == (first, last)


@QUICK
@given(st.text(max_size=80))
def test_a_tidy_name_stays_as_it_is(written: str) -> None:
    for name in names_in(written):
        once = tidy_name(name)
        assert tidy_name(once) == once


@pytest.mark.parametrize(
    "filling",
    ["a ", "1 ", "(", "To:\n", "Y.3800 (ex ", "SG13 and ", "by ", "x@", "1/1/", "A.", "reply to ", "- ", ", "],
)
def test_a_long_text_takes_no_long_time(filling: str) -> None:
    begun = process_time()
    with suppress(Unreadable):
        read_text(itu_text(Title=f"LS {filling * 2000}", body=filling * (40_000 // len(filling))))
    assert process_time() - begun < 2
