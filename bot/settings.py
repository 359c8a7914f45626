"""The settings: environment (`LIAISON_BOT_…`) before `liaison-bot.toml`."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.imap_server import ImapServer
from bot.mail_server import MailServer
from storage.words import Approval

SETTINGS_FILE = "liaison-bot.toml"
DEFAULT_DATABASE_URL = "sqlite+aiosqlite:///liaison-bot.db"

_NO_DATABASE = "this is no address of a database; one is sqlite:///liaison-bot.db or postgresql://user@host/name"


class Settings(BaseSettings):
    """Every setting, with its default. Secrets print as stars."""

    model_config = SettingsConfigDict(
        env_prefix="LIAISON_BOT_", toml_file=SETTINGS_FILE, extra="forbid", frozen=True, env_ignore_empty=True
    )

    database_url: SecretStr = SecretStr(DEFAULT_DATABASE_URL)
    host_group: str = "JCA-QKDN"
    timezone: str = "Europe/Zurich"
    administrators: Annotated[tuple[str, ...], NoDecode] = ()
    newcomers: Literal["member", "guest"] = "member"
    guests_ask: bool = True
    forget_after_days: Annotated[int, Field(ge=30)] | None = None

    liaison_numbers: str = "{host}-LS{n}"
    incoming_liaison_numbers: str = "{host}-IN{n}"
    liaison_approval: Approval = Approval.CHAIR
    liaison_template: str | None = None

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_command_prefix: str = ""
    slack_api_url: str = "https://slack.com/api/"

    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook_url: str | None = None
    telegram_webhook_secret: SecretStr | None = None

    smtp_url: SecretStr | None = None
    email_from: str | None = None
    email_reflector: str | None = None
    imap_url: SecretStr | None = None

    public_url: str | None = None
    http_bind: str = "127.0.0.1:8080"
    log_format: Literal["text", "json"] = "text"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @field_validator("administrators", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("*", mode="before")
    @classmethod
    def _trim(cls, value: object) -> object:
        """A token that was pasted with a line end would only be refused later, in less clear words."""
        return value.strip() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr) -> SecretStr:
        try:
            address = make_url(value.get_secret_value())
        except (ArgumentError, ValueError):
            # What went wrong may quote the password.
            raise ValueError(_NO_DATABASE) from None
        if address.get_backend_name() not in ("sqlite", "postgresql") or not address.database:
            raise ValueError(_NO_DATABASE)
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            MailServer.of(value.get_secret_value())
        return value

    @field_validator("imap_url")
    @classmethod
    def _imap_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            ImapServer.of(value.get_secret_value())
        return value

    @field_validator("email_from", "email_reflector")
    @classmethod
    def _mailbox(cls, value: str | None) -> str | None:
        if value is None:
            return None
        # Imported late: few have e-mail, and everybody waits for it.
        from bot.platforms.email.address import MailAddress

        address = MailAddress.of(value)
        if address.is_international:
            raise ValueError(f"{value!r} has letters before the @ that few mail servers take")
        return address.text

    @field_validator("liaison_numbers", "incoming_liaison_numbers")
    @classmethod
    def _numbers(cls, value: str) -> str:
        if value.count("{n}") != 1 or "{" in value.replace("{n}", "").replace("{host}", ""):
            raise ValueError(f"{value!r} is no pattern of numbers; one is {{host}}-LS{{n}}")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is no time zone; one is Europe/Zurich") from error

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        if value is not None and not (parts.scheme in ("http", "https") and parts.hostname):
            raise ValueError(f"{value!r} is no address of the web; one is https://bot.example.org")
        return value

    @field_validator("http_bind")
    @classmethod
    def _bind(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        if not (host and colon and port.isdigit() and int(port) < 65536):
            raise ValueError(f"{value!r} is no address; one is 127.0.0.1:8080")
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def mail_server(self) -> MailServer | None:
        """Where mail is handed in; None without e-mail."""
        return MailServer.of(self.smtp_url.get_secret_value()) if self.smtp_url else None

    @property
    def imap_server(self) -> ImapServer | None:
        """Where liaison statements arrive by mail; None without a mailbox."""
        return ImapServer.of(self.imap_url.get_secret_value()) if self.imap_url else None

    @property
    def http_address(self) -> tuple[str, int]:
        """Host and port of the web endpoint."""
        host, _, port = self.http_bind.rpartition(":")
        return host.strip("[]"), int(port)
