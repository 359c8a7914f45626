"""The log: one line an event, as text or JSON, with no secret in it."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote, quote_plus, unquote

from pydantic import SecretStr

from bot.settings import Settings

STARS = "***"

# Below warnings these write addresses, parameters and bodies, or what is of no use to whoever runs the bot.
_TALKATIVE = (
    *("httpx", "httpcore", "telegram", "slack_sdk", "slack_bolt", "aiohttp", "aiosqlite", "sqlalchemy", "psycopg"),
    *("apscheduler", "asyncio", "markdown_it"),
)
# Libraries differ in where a password with an @ in it ends.
_PASSWORDS = tuple(re.compile(one) for one in (r"//[^:@/]*:([^@]*)@", r"//[^:@/]*:(.*)@", r"[?&]password=([^&]*)"))
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Redaction:
    """Replaces every secret, in all spellings in which it may come, by stars."""

    def __init__(self, secrets: Iterable[str]) -> None:
        spellings = {spelling for secret in secrets for spelling in _spellings(secret) if spelling}
        # The longest first: a secret may be part of another one.
        every = "|".join(re.escape(one) for one in sorted(spellings, key=len, reverse=True))
        self._pattern = re.compile(every, re.IGNORECASE) if every else None

    def __call__(self, text: str) -> str:
        return self._pattern.sub(STARS, text) if self._pattern else text


def secrets_of(settings: Settings) -> Iterator[str]:
    """Everything that the settings hold as a secret; of an address, the password in it."""
    for _name, value in settings:
        if isinstance(value, SecretStr):
            yield from _secret_parts(value.get_secret_value())


class Redactor(logging.Filter):
    """Takes the secrets out of a record before anybody sees it: message, arguments, traceback and stack."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__()
        self._redaction = redaction
        self._plain = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._redaction(_message(record)), ()
        if record.exc_info:
            record.exc_text = record.exc_text or self._plain.formatException(record.exc_info)
            # Another handler would format it again, with all that was taken out.
            record.exc_info = None
        record.exc_text = self._redaction(record.exc_text) if record.exc_text else None
        record.stack_info = self._redaction(record.stack_info) if record.stack_info else None
        return True


class TextFormat(logging.Formatter):
    """`2026-07-01 12:00:00.000Z INFO bot.service: what happened`."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_time(record)} {record.levelname} {record.name}: {_CONTROL.sub(_escaped, record.getMessage())}"
        return "\n".join([line, *filter(None, (record.exc_text, record.stack_info))])


class JsonFormat(logging.Formatter):
    """One object a line: time, level, logger, message, and traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "traceback": record.exc_text,
            "stack": record.stack_info,
        }
        return json.dumps({name: value for name, value in entry.items() if value is not None})


def configure(settings: Settings, level: int = logging.INFO) -> None:
    """From now on the log goes to standard error, and nothing secret with it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Redactor(Redaction(secrets_of(settings))))
    handler.setFormatter(_format(settings.log_format))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _format(kind: Literal["text", "json"]) -> logging.Formatter:
    return JsonFormat() if kind == "json" else TextFormat()


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg} {record.args}"


def _escaped(match: re.Match[str]) -> str:
    """A message must not look like two, nor command the terminal that shows it."""
    return match[0].encode("unicode_escape").decode()


def _secret_parts(setting: str) -> Iterator[str]:
    if "://" in setting:
        for pattern in _PASSWORDS:
            for password in pattern.findall(setting):
                yield from (password, unquote(password))
    else:
        yield setting
        # A Telegram token is the bot's public number, a colon, and what must not be known.
        yield setting.partition(":")[2]


def _spellings(secret: str) -> set[str]:
    quoted = {quote(secret, safe=""), quote(secret), quote_plus(secret), quote(secret, safe="!$&'()*+,;=:@/")}
    shown = {repr(secret)[1:-1], repr(secret.encode(errors="replace"))[2:-1]}
    encoded = json.dumps(secret)[1:-1]
    return {secret, *quoted, *shown, encoded, json.dumps(encoded)[1:-1]}
