"""The header forms as they are really filled in: merged or not, in any order, on several lines."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from handlers.liaison.reading.flat import flat
from handlers.liaison.reading.reader import read, read_text
from handlers.liaison.reading.statement import Layout, ReadStatement, Said, Sureness
from handlers.liaison.reading.unreadable import Unreadable
from storage.words import DeadlineKind, Purpose
from tests.unit.handlers.liaison.reading.making import ROWS, itu_text, mail, pdf, with_row, word


def word_statement(rows: Sequence[Sequence[str]], paragraphs: Sequence[str] = ("Text.",)) -> ReadStatement:
    return read("ls.docx", word(rows, paragraphs))


def named(statement: ReadStatement, purpose: Purpose) -> list[str]:
    return [one.name for one in statement.addressees if one.purpose is purpose]


def test_a_table_without_merged_cells_is_read() -> None:
    statement = word_statement([row[:2] for row in ROWS])
    assert statement.source.value == "ITU-T SG13"
    assert named(statement, Purpose.ACTION) == ["ISG QKD"]


def test_rows_may_come_in_any_order() -> None:
    there, back = word_statement(ROWS), word_statement(tuple(reversed(ROWS)))
    assert {**flat(there), "found": 0} == {**flat(back), "found": 0}


def test_labels_need_no_colon_and_no_capitals() -> None:
    statement = word_statement([(row[0].rstrip(":").upper(), *row[1:]) for row in ROWS])
    assert statement.title.value == "LS on key management"
    assert statement.deadline.value.text == "2024-06-30"


def test_several_pairs_may_share_a_row() -> None:
    first = ("Question(s):", "16/13", "Meeting, date:", "Geneva, 4-15 March 2024")
    statement = word_statement([first, *(row[:2] for row in ROWS[1:] if row[0] != "Approval:")])
    assert statement.questions.value == ("Q16/13",)
    assert statement.date.value == "2024-03-15"


def test_label_and_value_may_share_a_cell() -> None:
    statement = word_statement([(f"{row[0]} {row[1]}",) for row in ROWS])
    assert named(statement, Purpose.ACTION) == ["ISG QKD"]
    assert statement.date.value == "2024-03-15"


def test_a_header_may_be_paragraphs_and_no_table() -> None:
    lines = [f"{row[0]}\t{row[1]}" for row in ROWS]
    assert read("ls.docx", word((), [*lines, "Text."])).layout is Layout.ITU


def test_a_row_goes_on_below_an_empty_label() -> None:
    rows = [*ROWS[:4], ("", "ISO/IEC JTC 1/SC 27", ""), *ROWS[4:]]
    assert named(word_statement(rows), Purpose.ACTION) == ["ISG QKD", "JTC 1/SC 27"]


def test_the_first_of_several_contacts_is_taken() -> None:
    rows = [*ROWS, ("Contact:", "John Roe", "E-mail: john@example.org")]
    statement = word_statement(rows)
    assert (statement.contact.value, statement.contact_email.value) == ("Jane Doe", "jane@example.org")


def test_a_table_in_the_body_is_body() -> None:
    statement = read("ls.docx", word(ROWS, ["These were approved:"]))
    assert statement.body == "These were approved:"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("ETSI ISG QKD; ISO/IEC JTC 1/SC 27", ["ISG QKD", "JTC 1/SC 27"]),
        ("ETSI ISG QKD, ISO/IEC JTC1 SC27 WG 3", ["ISG QKD", "JTC 1/SC 27/WG 3"]),
        ("ETSI ISG QKD\nITU-T SG 17", ["ISG QKD", "ITU-T SG17"]),
        ("ETSI ISG QKD and ITU-T Study Group 17", ["ISG QKD", "ITU-T SG17"]),
        ("ITU-T SG11, SG15 and SG17", ["ITU-T SG11", "ITU-T SG15", "ITU-T SG17"]),
        ("ITU-T Study Groups 11, 15, and 17", ["ITU-T SG11", "ITU-T SG15", "ITU-T SG17"]),
        ("- ITU-T SG17 (Q15/17)\n- ETSI", ["ITU-T SG17", "ETSI"]),
        ("Q6/13, Q16/13", ["Q6/13", "Q16/13"]),
        ("ITU-T Q6, 16/13", ["Q6/13", "Q16/13"]),
        ("ITU-T WP3/13", ["WP3/13"]),
        ("ITU-R WP 5D", ["ITU-R WP 5D"]),
        ("IETF opsawg, netmod", ["IETF opsawg", "IETF netmod"]),
        ("Institute of Electrical and Electronics Engineers", ["Institute of Electrical and Electronics Engineers"]),
        ("ITU-T SG17, SG17", ["ITU-T SG17"]),
        ("-", []),
        ("–", []),
        ("N/A", []),
        ("None", []),
        ("", []),
    ],
)
def test_a_cell_names_groups_in_any_usual_way(written: str, names: list[str]) -> None:
    assert named(word_statement(with_row("For action to", written)), Purpose.ACTION) == names


@pytest.mark.parametrize(
    ("written", "kind", "text"),
    [
        ("22 January 2018", DeadlineKind.DATE, "2018-01-22"),
        ("2018-01-22", DeadlineKind.DATE, "2018-01-22"),
        ("January 22, 2018", DeadlineKind.DATE, "2018-01-22"),
        ("22nd of January, 2018", DeadlineKind.DATE, "2018-01-22"),
        ("22 Jan. 2018", DeadlineKind.DATE, "2018-01-22"),
        ("22-Jan-2018", DeadlineKind.DATE, "2018-01-22"),
        ("22.01.2018", DeadlineKind.DATE, "2018-01-22"),
        ("30/04/2024", DeadlineKind.DATE, "2024-04-30"),
        ("By 22 January 2018", DeadlineKind.DATE, "2018-01-22"),
        ("Monday, 22 January 2018 (23:59 CET)", DeadlineKind.DATE, "2018-01-22"),
        ("by the end of April 2024", DeadlineKind.VAGUE, "by the end of April 2024"),
        ("April 2024", DeadlineKind.VAGUE, "April 2024"),
        ("next meeting", DeadlineKind.VAGUE, "next meeting"),
        ("ASAP", DeadlineKind.VAGUE, "ASAP"),
        ("SG13 meeting (4-15 March 2024)", DeadlineKind.VAGUE, "SG13 meeting (4-15 March 2024)"),
        ("31 February 2024", DeadlineKind.VAGUE, "31 February 2024"),
        ("N/A", DeadlineKind.NONE, "N/A"),
        ("n.a.", DeadlineKind.NONE, "n.a."),
        ("-", DeadlineKind.NONE, "-"),
        ("None", DeadlineKind.NONE, "None"),
        ("No deadline", DeadlineKind.NONE, "No deadline"),
        ("", DeadlineKind.UNSTATED, ""),
    ],
)
def test_a_deadline_is_none_unstated_a_date_or_vague(written: str, kind: DeadlineKind, text: str) -> None:
    deadline = word_statement(with_row("Deadline", written)).deadline.value
    assert (deadline.kind, deadline.text) == (kind, text)


def test_a_date_of_which_the_month_cannot_be_told_is_a_guess() -> None:
    assert word_statement(with_row("Deadline", "04/05/2024")).deadline.sure is Sureness.GUESS


def test_a_header_without_a_deadline_states_none() -> None:
    rows = [row for row in ROWS if row[0] != "Deadline:"]
    assert word_statement(rows).deadline.value.kind is DeadlineKind.UNSTATED


@pytest.mark.parametrize(
    ("title", "number", "source"),
    [
        ("LS/r on key management (reply to SG17-LS5)", "SG17-LS5", "ITU-T SG17"),
        ("LS/r on key management (reply to Q11/17-LS5)", "Q11/17-LS5", "Q11/17"),
        ("LS/o/r on key management - Reply to liaison statement from ETSI ISG QKD", "", "ISG QKD"),
        ("Reply LS on key management", "", ""),
        ("Reply to the liaison from ISO/IEC JTC 1/SC 27 on keys", "", "JTC 1/SC 27"),
        ("Response to ITU-T SG17 LS on keys", "", "ITU-T SG17"),
        ("LS reply on keys", "", ""),
    ],
)
def test_a_title_says_that_it_is_a_reply_and_to_what(title: str, number: str, source: str) -> None:
    statement = word_statement(with_row("Title", title))
    assert statement.is_reply
    original = statement.in_response_to.value
    assert (original.number, original.source) == (number, source)


@pytest.mark.parametrize(
    "title", ["LS on key management", "LS/o on keys", "LS/i on reply codes", "LS on SIP responses"]
)
def test_a_title_that_answers_nothing_is_no_reply(title: str) -> None:
    assert not word_statement(with_row("Title", title)).is_reply


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("SG13-LS136", "SG13-LS136"),
        ("SG13 - LS 136", "SG13-LS136"),
        ("SG13-LS136 (TD 123)", "SG13-LS136"),
        ("JCA-QKDN-LS7", "JCA-QKDN-LS7"),
        ("LS 136", "SG13-LS136"),
        ("LS136-E", "SG13-LS136"),
        ("SG13-TD123/WP3", "SG13-TD123/WP3"),
        ("ISGQKD(24)000012r1", "ISGQKD(24)000012r1"),
        ("ISO/IEC JTC 1/SC 27 N 21345", "ISO/IEC JTC 1/SC 27 N 21345"),
    ],
)
def test_the_number_stands_above_the_header(written: str, number: str) -> None:
    assert read("ls.docx", word(ROWS, ["Text."], before=[written])).number.value == number


@pytest.mark.parametrize(
    ("written", "questions"),
    [
        ("16/13", ("Q16/13",)),
        ("Q16/13", ("Q16/13",)),
        ("6, 16/13", ("Q6/13", "Q16/13")),
        ("Q6/13 and Q16/13", ("Q6/13", "Q16/13")),
        ("2, 3 and 4/13", ("Q2/13", "Q3/13", "Q4/13")),
        ("ALL/13", ("QALL/13",)),
        ("N/A", ()),
    ],
)
def test_questions_are_listed(written: str, questions: tuple[str, ...]) -> None:
    rows = (("Question(s):", written, "Geneva, 4-15 March 2024"), *ROWS[1:])
    assert word_statement(rows).questions.value == questions


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("ITU-T Study Group 13", "ITU-T SG13"),
        ("Rapporteur, Q16/13", "ITU-T SG13"),
        ("ITU-T Study Group 15, Rapporteur group for Q4/15", "ITU-T SG15"),
        ("ETSI ISG QKD", "ETSI ISG QKD"),
        ("ISO/IEC JTC 1/SC 27", "ISO/IEC JTC 1/SC 27"),
        ("JCA-QKDN", "JCA-QKDN"),
        ("ACME Forum", "ACME Forum"),
    ],
)
def test_the_source_has_its_body(source: str, name: str) -> None:
    assert word_statement(with_row("Source", source)).source.value == name


def test_a_meeting_of_several_days_dates_a_statement_by_its_last() -> None:
    rows = with_row("Approval", "SG13 meeting (Geneva, 23 October – 3 November 2023)")
    assert word_statement(rows).date.value == "2023-11-03"


def test_a_pdf_is_read_as_its_lines() -> None:
    statement = read("ls.pdf", pdf(itu_text(body="Y.3815 was approved on 29 September 2023.").split("\n")))
    assert named(statement, Purpose.ACTION) == ["ISG QKD"]
    assert statement.mentions[0].date == "2023-09-29"


def test_a_mail_brings_a_statement_that_is_attached() -> None:
    statement = read(
        "mail.eml", mail("Fwd: LS", "See attached.", {"ls.docx": word(ROWS, ["Text."]), "y.zip": b"PK\x03\x04"})
    )
    assert statement.source.value == "ITU-T SG13"
    assert statement.attachments.value == ("y.zip",)


def test_a_mail_may_be_a_statement_itself() -> None:
    statement = read("mail.eml", mail("LS on key management", itu_text()))
    assert named(statement, Purpose.ACTION) == ["ISG QKD"]


def test_a_mail_is_the_envelope_of_a_statement_without_a_header() -> None:
    statement = read("mail.eml", mail("LS on QKD from ETSI ISG QKD", "ETSI ISG QKD published GS QKD 016.\n"))
    assert statement.layout is Layout.MAIL
    assert statement.date.value == "2023-11-14"
    assert statement.contact_email.value == "jane.doe@example.org"
    assert statement.title.value == "LS on QKD from ETSI ISG QKD"


def test_what_is_no_statement_says_what_to_do() -> None:
    with pytest.raises(Unreadable) as refused:
        read_text("Hello, how are you?")
    assert "liaison log" in refused.value.hint


def test_each_action_has_its_own_date() -> None:
    statement = read_text(
        "Title: LS on keys\nResponse to: -\nSource: ETSI ISG QKD\nTo: ITU-T SG17, 3GPP SA3\nCc: -\n\n1 Overall "
        "description\nWe work.\n\n"
        "2 Actions\nTo ITU-T SG17:\nACTION: Please comment by 30 April 2024.\nTo 3GPP SA3: please answer before "
        "1 March 2024.\n\n"
        "3 Dates of next meetings\nISG QKD#40, 3 June 2024\n"
    )
    assert [(one.group, one.deadline.text) for one in statement.actions] == [
        ("ITU-T SG17", "2024-04-30"),
        ("3GPP SA3", "2024-03-01"),
    ]
    assert statement.deadline.value.text == "2024-03-01"
    assert statement.cc.value == ()


@pytest.mark.parametrize(
    ("body", "reference", "said", "former"),
    [
        ("Y.3815 was approved on 29 September 2023.", "Y.3815", Said.APPROVED, ""),
        ("The approval of Recommendation ITU-T Y.3815 is pleasing.", "Y.3815", Said.APPROVED, ""),
        ("X.1716 was determined.", "X.1716", Said.DETERMINED, ""),
        ("ETSI published GS QKD 016 V2.1.1.", "GS QKD 016", Said.PUBLISHED, ""),
        ("1. New work items\nY.QKDN-rsrq on resilience", "Y.QKDN-rsrq", Said.NEW_WORK_ITEM, ""),
        ("SG17 established a new work item X.sec_QKDN_tn.", "X.sec_QKDN_tn", Said.NEW_WORK_ITEM, ""),
        ("Y.3819 (ex Y.QKDN-amc) goes on.", "Y.3819", Said.RENAMED, "Y.QKDN-amc"),
        ("Y.3819 (formerly Y.QKDN-amc) was consented.", "Y.3819", Said.CONSENTED, "Y.QKDN-amc"),
        ("Y.3819 will be approved in March 2024.", "Y.3819", Said.MENTIONED, ""),
        ("Y.3819 was not approved.", "Y.3819", Said.MENTIONED, ""),
        ("It is planned for consent of Y.3819 next year.", "Y.3819", Said.MENTIONED, ""),
        ("See RFC 9340.", "RFC 9340", Said.MENTIONED, ""),
        ("See ISO/IEC 23837-1:2023.", "ISO/IEC 23837-1:2023", Said.MENTIONED, ""),
    ],
)
def test_the_body_says_something_of_the_roadmap(body: str, reference: str, said: Said, former: str) -> None:
    mention = next(one for one in read_text(itu_text(body=body)).mentions if one.reference == reference)
    assert (mention.said, mention.former) == (said, former)


@pytest.mark.parametrize(
    "body",
    [
        "See www.itu.int and Annex A.1, TD 123, Q.16/13, SG13-LS5 and S2-2401234.",
        "Write to j.doe@example.org, e.g. by 3 p.m.",
        "J.Smith of JTC 1/SC 27 says so.",
    ],
)
def test_what_only_looks_like_a_reference_is_none(body: str) -> None:
    assert read_text(itu_text(body=body)).mentions == ()


def test_a_sentence_may_say_different_things_of_two() -> None:
    body = (
        "Recommendation Y.3815 “Overview of resilience of networks” was approved on 3 May 2024 and Y.3819 "
        "“Requirements and architectural model for autonomic management” was consented. "
        "On 4 May 2024 SG13 approved Y.3820 and consented Y.3821."
    )
    said = {one.reference: (one.said, one.date) for one in read_text(itu_text(body=body)).mentions}
    assert said == {
        "Y.3815": (Said.APPROVED, "2024-05-03"),
        "Y.3819": (Said.CONSENTED, ""),
        "Y.3820": (Said.APPROVED, "2024-05-04"),
        "Y.3821": (Said.CONSENTED, "2024-05-04"),
    }


def test_a_heading_says_what_the_list_below_it_is() -> None:
    body = "1. Consented on 4 May 2024\n- Y.3819 (ex Y.QKDN-amc)\n- Y.3820\n2. Other work\n- Y.3821"
    said = {one.reference: (one.said, one.date) for one in read_text(itu_text(body=body)).mentions}
    assert said["Y.3820"] == (Said.CONSENTED, "2024-05-04")
    assert said["Y.3821"] == (Said.MENTIONED, "")
