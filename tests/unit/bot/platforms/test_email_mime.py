"""The mail as a mail program reads it: headers, parts, files, and nothing that a name could smuggle in."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.arrival import Message
from bot.platforms import Envelope
from bot.platforms.email.address import MailAddress
from bot.platforms.email.mime import LONGEST_SUBJECT, Letterhead, composed
from bot.render.renderer import Renderer
from handlers.command import Attachment, Button

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RENDER = Renderer()
UNSUBSCRIBE = "https://bot.example.org/unsubscribe/" + "x" * 200


def raw(
    message: Message, envelope: Envelope | None = None, name: str = "JCA-QKDN", to: str = "anna@example.org"
) -> bytes:
    head = Letterhead(name, MailAddress.of("bot@example.org"))
    made = composed(head, MailAddress.of(to), RENDER.parse(message.markdown), message, envelope or Envelope("1"), NOW)
    return bytes(made)


def read(content: bytes) -> EmailMessage:
    parsed = message_from_bytes(content, policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    return parsed


def mail(
    markdown: str = "Hello", *buttons: Button, envelope: Envelope | None = None, name: str = "JCA-QKDN"
) -> EmailMessage:
    return read(raw(Message(markdown, buttons), envelope, name))


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_one_template_gives_both_parts() -> None:
    made = mail("**Hello** [you](https://example.org/)")
    assert made.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in made.iter_parts()] == ["text/plain", "text/html"]
    assert body(made, "plain") == "Hello you <https://example.org/>\n"
    assert '<strong>Hello</strong> <a href="https://example.org/">you</a>' in body(made, "html")


def test_the_headers_say_who_writes_and_that_no_answer_is_wanted() -> None:
    made = mail(envelope=Envelope("1", subject="Seventh meeting"))
    assert made["From"] == "JCA-QKDN <bot@example.org>"
    assert (made["To"], made["Subject"]) == ("anna@example.org", "Seventh meeting")
    assert made["Date"].datetime == NOW
    assert (made["Auto-Submitted"], made["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert (made["List-Id"], made["List-Unsubscribe"]) == (None, None)


def test_the_subject_is_the_first_line_where_there_is_none() -> None:
    assert mail("# The *seventh* meeting\n\nis in Geneva")["Subject"] == "The seventh meeting"


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        ("The secretariat has entered you:", "The secretariat has entered you"),
        ("See Doc. 18 of SG13. It is short.", "See Doc. 18 of SG13. It is short."),
        (
            f"Your term as representative ended. Thank you for Doc. 18{' and more' * 9}",
            "Your term as representative ended",
        ),
        (f"Are you still a representative? If not, {'write ' * 20}", "Are you still a representative?"),
        (f"See Doc. Number 18, {'word ' * 30}", f"See Doc. Number 18, {'word ' * 11}".rstrip() + "…"),
        ("量" * 100, "量" * 77 + "…"),
    ],
)
def test_a_long_first_line_makes_a_short_subject(line: str, subject: str) -> None:
    # Python 3.13.0 folds one space too many into a long header with signs beyond ASCII.
    assert " ".join(mail(line)["Subject"].split()) == subject


def test_a_long_subject_is_cut() -> None:
    subject = mail(envelope=Envelope("1", subject="word " * 100))["Subject"]
    assert (len(subject), subject[-1]) == (LONGEST_SUBJECT, "…")


def test_a_mail_without_words_has_an_empty_subject() -> None:
    assert mail("")["Subject"] == ""


def test_a_repeat_has_the_same_id_and_another_delivery_another_one() -> None:
    ids = [mail(envelope=Envelope(key))["Message-ID"] for key in ("a", "a", "b")]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@example.org>")


def test_a_mail_program_can_end_such_mails_with_one_request() -> None:
    content = raw(Message("Hello"), Envelope("1", unsubscribe=UNSUBSCRIBE, list_id="meetings"))
    # Whole, on the wire too: a folded or encoded address is none to most programs.
    assert f"\r\nList-Unsubscribe: <{UNSUBSCRIBE}>\r\n".encode() in content
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in content
    assert b"\r\nList-Id: <meetings.example.org>\r\n" in content
    assert UNSUBSCRIBE in body(read(content), "html")
    assert UNSUBSCRIBE in body(read(content), "plain")


@pytest.mark.parametrize(
    "address", ["https://x/\r\nBcc: eve@example.org", "https://x/> <https://y/", "https://bücher/"]
)
def test_an_address_that_would_break_the_header_is_left_out(address: str) -> None:
    made = mail(envelope=Envelope("1", unsubscribe=address))
    assert (made["List-Unsubscribe"], made["Bcc"]) == (None, None)


def test_a_button_is_a_line_to_type_or_a_link() -> None:
    buttons = (Button("Still me", "representative still 12"), Button("The page", url="https://example.org/a?b=1&c=2"))
    made = mail("Still you?", *buttons)
    assert "To do this, write to the bot in chat:\n\n- Still me: representative still 12" in body(made, "plain")
    assert "- The page <https://example.org/a?b=1&c=2>" in body(made, "plain")
    assert '<a href="https://example.org/a?b=1&amp;c=2">The page</a>' in body(made, "html")
    assert ">representative still 12</code>" in body(made, "html")


def test_files_come_along() -> None:
    files = (
        Attachment(
            "Bericht März.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"1"
        ),
        Attachment("data.csv", "text/csv", b"a,b\n1,2\n"),
        Attachment("../../etc/passwd", "no type", b"\x00\xff"),
        Attachment("mail.eml", "message/rfc822", b"Subject: x\n\nbody"),
        Attachment("C:\\x\\" + "long" * 60 + ".pdf", "application/pdf", b"5"),
    )
    made = read(raw(Message("Hello", attachments=files)))
    found = list(made.iter_attachments())
    assert [one.get_payload(decode=True) for one in found] == [one.content for one in files]
    assert [one.get_filename() for one in found[:4]] == ["Bericht März.docx", "data.csv", "passwd", "mail.eml"]
    assert str(found[4].get_filename()).endswith("longlong.pdf")
    assert [one.get_content_type() for one in found[1:4]] == ["text/csv", *["application/octet-stream"] * 2]
    assert body(made, "plain") == "Hello\n"


@pytest.mark.parametrize(
    "breaking", ["\r\nBcc: eve@example.org", "\nBcc: eve@example.org", "\r\n\r\n<b>", "\x00\x1b[31m"]
)
def test_nothing_from_people_becomes_a_header(breaking: str) -> None:
    message = Message("Hello", attachments=(Attachment(f"a{breaking}.txt", f"text/plain{breaking}", b"x"),))
    envelope = Envelope(f"1{breaking}", f"Meeting{breaking}", f"https://x/{breaking}", f"list{breaking}")
    made = read(raw(message, envelope, name=f"Group{breaking}"))
    assert made["Bcc"] is None
    assert sorted(set(made.keys())) == sorted(made.keys())
    assert made["From"].addresses[0].addr_spec == "bot@example.org"
    assert body(made, "plain").startswith("Hello\n")


TEXT = st.text(max_size=300)


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT, TEXT, TEXT)
def test_whatever_people_write_it_is_a_mail(markdown: str, subject: str, name: str, label: str) -> None:
    message = Message(markdown, (Button(label, label),), (Attachment(name, label, name.encode(errors="replace")),))
    content = raw(message, Envelope(subject, subject, list_id=label), name)
    content.decode("ascii")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")
    made = read(content)
    assert made["To"] == "anna@example.org"
    assert len(made["From"].addresses) == 1
    assert made["From"].addresses[0].addr_spec == "bot@example.org"
    assert len(list(made.iter_attachments())) == 1
    assert len(made["Subject"]) <= LONGEST_SUBJECT
    assert not [part.defects for part in made.walk() if part.defects]


def test_names_and_words_in_any_script_stay_what_they_are() -> None:
    made = mail(
        "量子鍵配送 für alle " * 60, envelope=Envelope("1", subject="Réunion 量子鍵配送 " * 6), name="Gruppe für 量子"
    )
    assert made["Subject"] == ("Réunion 量子鍵配送 " * 6).strip()
    assert made["From"].addresses[0].display_name == "Gruppe für 量子"
    assert body(made, "plain") == "量子鍵配送 für alle " * 59 + "量子鍵配送 für alle\n"
