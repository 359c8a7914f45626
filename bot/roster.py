"""The roster: the platforms that the settings have tokens for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.core import Core
from bot.platforms import Platform, Reception
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.platforms.email import EmailSender
    from bot.web import Route

_HOW_TO_SLACK = (
    "LIAISON_BOT_SLACK_BOT_TOKEN needs LIAISON_BOT_SLACK_APP_TOKEN (Socket Mode) "
    "or LIAISON_BOT_SLACK_SIGNING_SECRET (HTTP): set one of them"
)
_SLACK_WITHOUT_BOT = "the settings for Slack lack LIAISON_BOT_SLACK_BOT_TOKEN: set it"
_WEBHOOK_UNGUARDED = (
    "LIAISON_BOT_TELEGRAM_WEBHOOK_URL needs LIAISON_BOT_TELEGRAM_WEBHOOK_SECRET: "
    "set it to 1 to 256 letters, digits, _ and - that nobody can guess"
)
_WEBHOOK_WITHOUT_BOT = "LIAISON_BOT_TELEGRAM_WEBHOOK_URL needs LIAISON_BOT_TELEGRAM_TOKEN: set it"
_MAIL_FROM_NOBODY = "LIAISON_BOT_SMTP_URL needs LIAISON_BOT_EMAIL_FROM: set it to the address that mail is from"
_MAIL_WITHOUT_SERVER = "{} needs LIAISON_BOT_SMTP_URL, the mail server: set it, or leave out both"


@dataclass(frozen=True, slots=True)
class Entry:
    """A platform of the roster, with what the web endpoint mounts for it.

    `connect`: makes it ready to answer without receiving, where only one process at a time may receive.
    """

    platform: Platform
    routes: Sequence[Route]
    connect: Callable[[Reception], Awaitable[None]] | None = None


def names(settings: Settings) -> list[str]:
    """The platforms that have a token."""
    tokens = {"slack": settings.slack_bot_token, "telegram": settings.telegram_token}
    return [name for name, token in tokens.items() if token]


def has_work(settings: Settings) -> bool:
    """Whether there is anything to receive from: a platform, or a mailbox."""
    return bool(names(settings) or settings.imap_url)


def halves(settings: Settings) -> Iterator[str]:
    """What is set only by half, and what to set."""
    if settings.slack_bot_token and not (settings.slack_app_token or settings.slack_signing_secret):
        yield _HOW_TO_SLACK
    if not settings.slack_bot_token and (settings.slack_app_token or settings.slack_signing_secret):
        yield _SLACK_WITHOUT_BOT
    if settings.telegram_webhook_url and not settings.telegram_token:
        yield _WEBHOOK_WITHOUT_BOT
    elif settings.telegram_webhook_url and not settings.telegram_webhook_secret:
        yield _WEBHOOK_UNGUARDED
    yield from mail_halves(settings)


def mail_halves(settings: Settings) -> Iterator[str]:
    """What is set only by half for e-mail, and what to set."""
    if settings.smtp_url and not settings.email_from:
        yield _MAIL_FROM_NOBODY
    if not settings.smtp_url and settings.email_from:
        yield _MAIL_WITHOUT_SERVER.format("LIAISON_BOT_EMAIL_FROM")
    elif not settings.smtp_url and settings.email_reflector:
        yield _MAIL_WITHOUT_SERVER.format("LIAISON_BOT_EMAIL_REFLECTOR")


def entries(core: Core) -> list[Entry]:
    """The platforms, not connected yet. Raises `ValueError` for a setting that a platform cannot work with."""
    makers = {"slack": _slack, "telegram": _telegram}
    return [makers[name](core) for name in names(core.settings)]


def senders(core: Core) -> list[EmailSender]:
    """What only sends, not connected yet: e-mail, where there is a mail server. Whoever asks for it stops it."""
    settings, server = core.settings, core.settings.mail_server
    if server is None or settings.email_from is None:
        return []
    from bot.platforms.email import EmailSender

    return [EmailSender(server, settings.email_from, settings.host_group, core.renderer)]


# The platforms' libraries are large: each is imported only where there is a token for it.
def _slack(core: Core) -> Entry:
    from bot.platforms.slack.platform import SlackPlatform

    settings = core.settings
    platform = SlackPlatform(
        bot_token=_open(settings.slack_bot_token),
        app_token=_open(settings.slack_app_token) or None,
        signing_secret=_open(settings.slack_signing_secret) or None,
        api_url=settings.slack_api_url,
        command_prefix=settings.slack_command_prefix,
        commands=core.commands,
        render=core.renderer,
    )
    return Entry(platform, platform.http_routes())


def _telegram(core: Core) -> Entry:
    from bot.platforms.telegram import TelegramPlatform

    settings = core.settings
    platform = TelegramPlatform(
        token=_open(settings.telegram_token),
        api_url=settings.telegram_api_url,
        webhook_url=settings.telegram_webhook_url,
        webhook_secret=_open(settings.telegram_webhook_secret) or None,
        commands=core.commands,
        render=core.renderer,
    )
    return Entry(platform, platform.http_routes(), None if settings.telegram_webhook_url else platform.connect)


def _open(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
