"""Liaison statements by command: lists, search, and files to take away."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest

from handlers.command import Attachment
from storage.transfer import import_file
from tests.questions.letters import written
from tests.talk import Talk
from tests.unit.handlers.liaison_desk import Statement, logged, represents

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
async def letters(talk: Talk) -> Talk:
    await written(talk.database)
    talk.clock.now = NOW
    return talk


def listed(talk: Talk) -> list[str]:
    """The numbers in the member's last answer, in their order."""
    lines = [line.strip(" •-") for line in talk.member.seen.splitlines()]
    return [line.split()[0] for line in lines if "(from " in line]


def attached(talk: Talk) -> Attachment:
    (file,) = talk.member.message.attachments
    return file


LISTS = {
    "liaison list open for=SG13": ["JCA-QKDN-LS5"],
    "liaison list open for SG13": ["JCA-QKDN-LS5"],
    "liaison list open to=SG17": ["SG13-LS150"],
    "liaison list overdue": ["JCA-QKDN-LS6", "SG13-LS150"],
    "liaison list overdue incoming": ["SG13-LS150"],
    "liaison list unowned": ["ETSI-LS21", "SC27-LS31"],
    "liaison list outgoing since=2026": ["JCA-QKDN-LS5", "JCA-QKDN-LS6"],
    "liaison list source=ETSI": ["ETSI-LS21", "CYBER-LS2"],
    "liaison list from='ISO/IEC JTC 1/SC 27'": ["SC27-LS31"],
    "liaison list about=Y.3815": ["SG13-LS150"],
    "liaison list answering=LS5": ["SG13-LS151", "SG17-LS88"],
    "liaison list open due_until=2026-10": ["JCA-QKDN-LS6"],
    "liaison list purpose=comment": ["JCA-QKDN-LS6", "SC27-LS31"],
    "liaison list owner='Kim Lee'": ["SG13-LS150"],
    "liaison list incoming due next month": ["ETSI-LS21"],
    "liaison list drafts": [],
}


@pytest.mark.parametrize("line", LISTS)
async def test_a_list_has_just_what_its_line_says(letters: Talk, line: str) -> None:
    await letters.member.says(line)
    assert listed(letters) == LISTS[line]


async def test_a_long_list_goes_on_with_a_button_and_with_more(letters: Talk) -> None:
    await letters.member.says("liaison list")
    first = listed(letters)
    assert "13 liaison statements, 1 to 6 shown" in letters.member.seen
    await letters.member.presses("Next 6 of 7 more")
    second = listed(letters)
    await letters.member.says("more")
    assert len({*first, *second, *listed(letters)}) == 13


async def test_the_secretariat_sees_drafts_when_it_asks_for_them(letters: Talk) -> None:
    await letters.secretariat.says("liaison list drafts")
    letters.secretariat.sees("JCA-QKDN-LS7")
    await letters.secretariat.says("liaison list outgoing")
    letters.secretariat.sees_not("JCA-QKDN-LS7")


async def test_a_guest_sees_no_names_of_persons(letters: Talk) -> None:
    await letters.guest.says("liaison list overdue")
    letters.guest.sees("SG13-LS150")
    letters.guest.sees_not("Kim Lee")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("liaison list for=Atlantis", "I know no group “Atlantis”"),
        ("liaison list since=soon", "“soon” is no date for since"),
        ("liaison list purpose=fun", "“fun” is no purpose"),
        ("liaison list owner=Nobody", "Nobody called “Nobody”"),
        ("liaison list open bananas", "I do not know “bananas”"),
    ],
)
async def test_what_means_nothing_is_refused_with_what_to_type(letters: Talk, line: str, said: str) -> None:
    await letters.member.says(line)
    letters.member.sees(said)


async def test_a_search_gives_the_best_first_with_the_words_around(letters: Talk) -> None:
    await letters.member.says("liaison search key delivery")
    assert listed(letters) == ["ETSI-LS21"]
    letters.member.sees("Interfaces for key delivery")


async def test_a_search_that_lacks_a_word_gives_what_has_some(letters: Talk) -> None:
    await letters.member.says("liaison search evaluation zorkmid")
    assert listed(letters) == ["SC27-LS31"]


async def test_a_phrase_is_searched_for_as_it_stands(letters: Talk) -> None:
    await letters.member.says('liaison search "delivery key"')
    letters.member.sees("no such liaison statement")


async def test_an_exported_file_can_be_imported_again(letters: Talk, tmp_path: Path) -> None:
    await letters.member.says("liaison export")
    file = tmp_path / "liaisons.csv"
    file.write_bytes(attached(letters).content)
    outcome = await import_file(letters.database, "liaisons", file, NOW)
    assert (outcome.added, outcome.changed) == (0, 0)


async def test_an_export_says_our_numbers_and_who_sees_to_it(talk: Talk, tmp_path: Path) -> None:
    await represents(talk, talk.member, "SG17", name="Kim")
    await logged(talk, Statement(action=["SG17"]))
    await talk.member.says("liaison accept SG11-LS5")
    await talk.member.says("liaison export open")
    file = tmp_path / "liaisons.csv"
    file.write_bytes(attached(talk).content)
    row = list(csv.DictReader(io.StringIO(file.read_text())))[-1]
    assert (row["number"], row["ours"], row["owner"]) == ("SG11-LS5", "JCA-QKDN-IN1", "Kim")
    file.write_text(file.read_text().replace("JCA-QKDN-IN1,Kim", "JCA-QKDN-IN9,Ana"))
    assert (await import_file(talk.database, "liaisons", file, NOW)).is_nothing


async def test_an_export_has_just_what_its_filters_say(letters: Talk) -> None:
    await letters.member.says("liaison export overdue")
    rows = csv.DictReader(io.StringIO(attached(letters).content.decode()))
    assert [row["number"] for row in rows] == ["JCA-QKDN-LS6", "SG13-LS150"]


async def test_a_report_is_a_word_document_with_a_table(letters: Talk) -> None:
    await letters.member.says("liaison export report overdue")
    document = docx.Document(io.BytesIO(attached(letters).content))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0][:7] == ["Number", "Date", "From", "To", "Title", "Status", "Deadline"]
    assert rows[1][:7] == [
        *("JCA-QKDN-LS6", "2026-08-01", "JCA-QKDN", "JTC 1/SC 27", "Comments on the QKD security framework"),
        *("sent", "2026-10-15"),
    ]


async def test_a_report_may_be_markdown(letters: Talk) -> None:
    await letters.member.says("liaison export report overdue format=md")
    text = attached(letters).content.decode()
    assert "| Number | Date | From | To |" in text
    assert r"| JCA-QKDN-LS6 | 2026-08-01 |" in text


async def test_nothing_gives_no_file(letters: Talk) -> None:
    await letters.member.says("liaison export since=2030")
    letters.member.sees("no file")
    assert not letters.member.message.attachments


@pytest.mark.parametrize("question", ["liaisons from ETSI", "liaisons in 2026", "liaisons without an owner"])
async def test_a_short_question_about_liaisons_is_not_taken_for_a_mistyped_command(
    letters: Talk, question: str
) -> None:
    await letters.member.says(question)
    letters.member.sees("ETSI-LS21")
