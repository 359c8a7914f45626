"""Letters: whatever a mail's header says, it is read, once, and tells nobody's address."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mailbox.connection import Head
from bot.mailbox.letter import Letter, Origin, letter_of
from tests.unit.bot.mails import mail

OWN = "bot@example.org"


def read(raw: bytes) -> Letter:
    return letter_of(Head(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", len(raw)), OWN)


@given(st.binary(max_size=500))
def test_any_header_is_read(header: bytes) -> None:
    letter = letter_of(Head(b"Subject: " + header, 1), OWN)
    assert "@" not in letter.domain
    assert "\n" not in letter.subject


@given(st.text(max_size=40), st.emails())
def test_a_subject_tells_no_address(text: str, address: str) -> None:
    subject = " ".join(f"{text} {address}".split())
    letter = letter_of(Head(f"Subject: {subject}\r\n\r\n".encode(errors="replace"), 1), OWN)
    assert address not in letter.subject


def test_a_copy_that_came_another_way_is_the_same_mail() -> None:
    raw = mail("LS")
    assert read(b"Received: from elsewhere\r\n" + raw).event == read(raw).event


def test_another_mail_under_the_same_number_is_another_mail() -> None:
    assert read(mail("LS on other things")).event != read(mail("LS")).event


def test_two_mails_without_a_number_are_two() -> None:
    raw = b"Subject: LS\r\nDate: Mon, 2 Sep 2024 10:00:00 +0200\r\n"
    assert read(raw + b"X-A: 1\r\n").event != read(raw + b"X-A: 2\r\n").event


def test_an_encoded_subject_is_read() -> None:
    assert read(mail("Anfrage: Entwürfe zu Ⅳ")).subject == "Anfrage: Entwürfe zu Ⅳ"


@pytest.mark.parametrize(
    ("sender", "domain"),
    [
        ("Kim <kim@ITU.int>", "itu.int"),
        ("nobody", ""),
        ("<kim@evil(comment)example>", ""),
        ("kim@<b>.example", ""),
        ('"a@b.c" <kim@example.org>', "example.org"),
    ],
)
def test_only_a_plain_domain_is_told(sender: str, domain: str) -> None:
    letter = letter_of(Head(f"From: {sender}\r\n\r\n".encode(), 1), OWN)
    assert letter.domain == domain


@pytest.mark.parametrize(
    ("headers", "origin"),
    [
        ({}, Origin.PERSON),
        ({"Auto_Submitted": "no"}, Origin.PERSON),
        ({"Return_Path": "<kim@example.org>"}, Origin.PERSON),
        ({"Auto_Submitted": "auto-generated"}, Origin.PROGRAM),
        ({"Auto_Submitted": "Auto-Replied; owner-email=kim@example.org"}, Origin.ECHO),
        ({"Return_Path": "<>"}, Origin.ECHO),
        ({"X_Autoreply": "yes"}, Origin.ECHO),
        ({"sender": "Mail Delivery System <MAILER-DAEMON@example.org>"}, Origin.ECHO),
        ({"sender": "Bot <BOT@example.org>"}, Origin.OURSELVES),
    ],
)
def test_who_wrote_a_mail_is_told_from_its_header(headers: dict[str, Any], origin: Origin) -> None:
    assert read(mail("LS", **headers)).origin is origin
