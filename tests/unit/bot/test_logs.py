"""The log: what it looks like, and that no secret is ever in it."""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot import logs
from bot.settings import Settings

TELEGRAM = "123456789:AAFake/Token+With%Odd=Characters"
SECRETS = {
    "slack_bot_token": "xoxb-1-bot",
    "slack_app_token": "xapp-2-app",
    "slack_signing_secret": "0123456789abcdef",
    "telegram_token": TELEGRAM,
    "telegram_webhook_secret": "hook_secret-1",
    "database_url": "postgresql://liaison:p%40ss%2Fw%C3%B6rd@db.example/liaison",
    "smtp_url": "smtp://mailer:s3cr!t@mail.example:587",
}
HIDDEN = [
    "xoxb-1-bot", "xapp-2-app", "0123456789abcdef", TELEGRAM, TELEGRAM.partition(":")[2], "hook_secret-1",
    "p%40ss%2Fw%C3%B6rd", "p@ss/wörd", "s3cr!t",
]  # fmt: skip


def settings_of(**more: str) -> Settings:
    return Settings.model_validate({**SECRETS, **more})


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, which is as it was before when the test ends."""
    logger = logging.getLogger()
    handlers, level = logger.handlers[:], logger.level
    gc.disable()  # what other tests left behind may tell of its end when it is found
    yield logger
    gc.enable()
    logger.handlers[:], logger.level = handlers, level
    logging.captureWarnings(False)


def every_spelling() -> list[str]:
    return [one for secret in HIDDEN for one in (secret, quote(secret), quote(secret, safe=""), quote_plus(secret))]


def nothing_hidden_in(output: str) -> bool:
    return not any(one.lower() in output.lower() for one in every_spelling())


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize("secret", every_spelling())
def test_a_secret_is_in_no_message_argument_or_traceback(
    root: logging.Logger, capsys: pytest.CaptureFixture[str], format: str, secret: str
) -> None:
    logs.configure(settings_of(log_format=format), logging.DEBUG)
    log = logging.getLogger("bot.some")
    log.debug(f"in the message {secret} and after")
    log.debug("in an argument %s and %r", secret, {"token": secret, "bytes": secret.encode()})
    log.warning("in the stack", stack_info=True)
    try:
        try:
            raise ConnectionError(f"https://api.example/bot{secret}/getMe")
        except ConnectionError as error:
            raise RuntimeError(f"because of {secret!r}") from error
    except RuntimeError as error:
        log.exception("in a traceback: %s", error)
    output = capsys.readouterr().err
    assert nothing_hidden_in(output)
    assert output.count("***") >= 5
    assert "in the message *** and after" in output


def test_it_is_taken_out_of_what_libraries_say_at_debug_level_too(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(settings_of(), logging.DEBUG)
    for name in ("httpx", "httpcore.http11", "slack_sdk.web", "aiohttp.access", "telegram.Bot", "asyncio", "any"):
        for level in (logging.DEBUG, logging.INFO, logging.WARNING):
            logging.getLogger(name).log(level, "POST /bot%s/getUpdates", TELEGRAM)
    output = capsys.readouterr().err
    assert nothing_hidden_in(output)
    assert output.count("WARNING") == 7
    assert output.count("INFO") == output.count("DEBUG") == 1


@given(secret=st.text(st.characters(codec="utf-8"), min_size=6, max_size=40).map(str.strip).filter(len))
def test_whatever_a_secret_looks_like_it_is_replaced(secret: str) -> None:
    assume("*" not in secret)
    redact = logs.Redaction([secret])
    for spelling in (secret, repr(secret), repr(secret.encode()), json.dumps(secret), quote(secret)):
        assert secret not in redact(f"before {spelling} after")
        assert "***" in redact(f"before {spelling} after")


def test_a_line_of_text_stays_one_line_and_commands_no_terminal(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(settings_of())
    logging.getLogger("bot").info("from a person: %s", "a\n2026-01-01 00:00:00.000Z ERROR forged: \x1b[2J\u202e")
    output = capsys.readouterr().err
    assert output.count("\n") == 1
    assert output.endswith("from a person: a\\n2026-01-01 00:00:00.000Z ERROR forged: \\x1b[2J\\u202e\n")


def test_a_line_of_json_says_when_how_bad_who_and_what(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(settings_of(log_format="json"))
    try:
        raise ValueError("why")
    except ValueError:
        logging.getLogger("bot.some").exception("what %d", 1)
    (line,) = capsys.readouterr().err.splitlines()
    entry = json.loads(line)
    assert (entry["level"], entry["logger"], entry["message"]) == ("ERROR", "bot.some", "what 1")
    assert entry["traceback"].endswith("ValueError: why")
    assert entry["time"].endswith("Z")


def test_a_message_that_does_not_fit_its_arguments_is_written_all_the_same(
    root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(settings_of())
    logging.getLogger("bot").warning("%d of %s", "xoxb-1-bot")
    output = capsys.readouterr().err
    assert "%d of %s ('***',)" in output
