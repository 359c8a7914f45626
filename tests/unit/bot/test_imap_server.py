"""The mailbox's address: what it means, and what is refused without telling its password."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.imap_server import ImapServer
from bot.mail_server import NoMailServer
from bot.mailbox.folder_name import as_modified_utf7, quoted
from bot.settings import Settings


def test_an_address_says_everything() -> None:
    server = ImapServer.of("imaps://ls%40example.org:p%3Aw%2F@mail.example.org:9930/Liaisons%20in/2024")
    assert (server.name, server.is_implicit, server.folder) == ("mail.example.org:9930", True, "Liaisons in/2024")
    assert (server.user, server.password) == ("ls@example.org", "p:w/")
    assert "p:w/" not in repr(server)


@pytest.mark.parametrize(
    ("url", "port"), [("imap://a:b@mail.example.org", 143), ("imaps://a:b@mail.example.org/", 993)]
)
def test_port_and_folder_may_be_left_out(url: str, port: int) -> None:
    server = ImapServer.of(url)
    assert (server.port, server.folder) == (port, "INBOX")


@pytest.mark.parametrize(
    ("url", "start_tls"),
    [
        ("imap://a:b@mail.example.org", True),
        ("imaps://a:b@mail.example.org", False),
        ("imap://a:b@localhost", False),
        ("imap://a:b@[::1]:143", False),
        ("imap://a:b@127.0.0.1.example.org", True),
    ],
)
def test_a_login_is_sent_in_the_open_on_this_machine_only(url: str, start_tls: bool) -> None:
    assert ImapServer.of(url).start_tls is start_tls


def test_with_a_file_of_certificates_tls_is_demanded_on_this_machine_too(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.touch()
    assert ImapServer.of(f"imap://a:b@localhost?ca={file}").start_tls


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org",
        "pop3://a:hidden@mail.example.org",
        "imaps://mail.example.org",
        "imaps://a@mail.example.org",
        "imaps://:hidden@mail.example.org",
        "imaps://a:hidden@mail.example.org:many",
        "imaps://a:hidden@mail.example.org#x",
        "imaps://a@example.org:hidden@mail.example.org",
        "imaps://a:hidden%0D%0Aword@mail.example.org",
        "imaps://a:hidden@mail.example.org?tls=no",
        "imaps://a:hidden@mail.example.org?ca=nowhere/none.pem",
    ],
)
def test_what_is_no_address_of_a_mailbox_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(NoMailServer) as refused:
        ImapServer.of(url)
    assert "hidden" not in str(refused.value)


def test_a_wrong_address_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(imap_url="imaps://a:hidden@mail.example.org:many")
    assert "is no address of a mailbox" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "written"),
    [("INBOX", "INBOX"), ("Entwürfe", "Entw&APw-rfe"), ("R&D", "R&-D"), ("日本語", "&ZeVnLIqe-")],
)
def test_a_folder_may_have_any_name(name: str, written: str) -> None:
    assert as_modified_utf7(name) == written


def test_a_quoted_string_ends_where_it_should() -> None:
    assert quoted('a"b\\c') == '"a\\"b\\\\c"'
