"""The mail server's address: what it means, and what is refused before it could do harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.mail_server import MailServer, NoMailServer
from bot.settings import Settings


def test_an_address_says_everything() -> None:
    server = MailServer.of("smtps://bot%40example.org:p%3Aw%2F@mail.example.org:4650")
    assert (server.host, server.port, server.is_implicit) == ("mail.example.org", 4650, True)
    assert (server.user, server.password) == ("bot@example.org", "p:w/")
    assert "p:w/" not in repr(server)


@pytest.mark.parametrize(("url", "port"), [("smtp://mail.example.org", 587), ("smtps://mail.example.org/", 465)])
def test_the_port_may_be_left_out(url: str, port: int) -> None:
    assert MailServer.of(url).port == port


@pytest.mark.parametrize(
    ("url", "start_tls"),
    [
        ("smtp://bot:secret@mail.example.org", True),
        ("smtp://mail.example.org", None),
        ("smtps://bot:secret@mail.example.org", False),
        ("smtp://bot:secret@localhost:25", False),
        ("smtp://[::1]:25", False),
        ("smtp://127.0.0.1:25", False),
        ("smtp://bot:secret@127.0.0.1.example.org", True),
        ("smtp://bot:secret@localhost.example.org", True),
    ],
)
def test_a_login_is_sent_in_the_open_on_this_machine_only(url: str, start_tls: bool | None) -> None:
    assert MailServer.of(url).start_tls is start_tls


def test_a_file_of_certificates_may_be_named(tmp_path: Path) -> None:
    file = tmp_path / "our ca.pem"
    file.touch()
    server = MailServer.of(f"smtp://localhost?ca={str(file).replace(' ', '%20')}")
    assert (server.ca, server.start_tls) == (file, None)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://mail.example.org:many",
        "smtp://mail.example.org:99999",
        "smtp://mail.example.org/box",
        "smtp://mail.example.org#x",
        "smtp://bot@mail.example.org",
        "smtp://:hidden-word@mail.example.org",
        "smtp://bot@example.org:hidden-word@mail.example.org",
        "smtp://bot:hidden@word@mail.example.org",
        "smtp://mail.example.org?tls=no",
        "smtp://mail.example.org?ca=",
        "smtp://mail.example.org?ca=nowhere/none.pem",
    ],
)
def test_what_is_no_address_of_a_mail_server_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(NoMailServer) as refused:
        MailServer.of(url)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("setting", ["email_from", "email_reflector"])
@pytest.mark.parametrize("value", ["nobody", "a@b@c", "a b@example.org", "jürgen@example.org"])
def test_what_is_no_mail_address_is_refused_at_the_start(setting: str, value: str) -> None:
    with pytest.raises(ValidationError):
        Settings(**{setting: value})  # type: ignore[arg-type]  # one of the two


def test_a_mail_address_of_the_settings_is_one_that_servers_take() -> None:
    assert Settings(email_from=" bot@bücher.example ").email_from == "bot@xn--bcher-kva.example"
