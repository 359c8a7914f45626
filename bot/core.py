"""The core of a running bot: database, commands, dispatch and reception, put together once a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.commands import Commands, declared
from bot.dispatch import Dispatcher
from bot.reception import Clock, Desk, utc_now
from bot.render.renderer import Renderer
from bot.settings import Settings
from bot.witness import Witness
from storage.catalogue import CatalogueKeeper
from storage.database import Database
from storage.people import Household
from storage.roles import Role


@dataclass(frozen=True, slots=True)
class Core:
    """What every way of running the bot has in common; platforms are added to the desk."""

    settings: Settings
    database: Database
    commands: Commands
    renderer: Renderer
    dispatcher: Dispatcher
    desk: Desk


def make_core(
    settings: Settings,
    database: Database | None = None,
    clock: Clock = utc_now,
    witness: Witness | None = None,
    roles: Mapping[str, Role] | None = None,
) -> Core:
    """Put the pieces together. Nothing is opened yet; the caller closes the database.

    `roles` are those of accounts (`terminal:root`) in this process alone.
    """
    database = database or Database(settings.database_url.get_secret_value())
    commands = Commands(declared())
    renderer = Renderer()
    household = Household(
        settings.zone,
        frozenset(settings.administrators),
        roles or {},
        newcomers=Role[settings.newcomers.upper()],
        guests_ask=settings.guests_ask,
        has_mail=settings.smtp_url is not None,
        forget_after=timedelta(days=settings.forget_after_days) if settings.forget_after_days else None,
        reflector=settings.email_reflector or "",
        public_url=(settings.public_url or "").rstrip("/"),
        outgoing_numbers=settings.liaison_numbers,
        incoming_numbers=settings.incoming_liaison_numbers,
        approval=settings.liaison_approval,
        liaison_template=settings.liaison_template or "",
    )
    dispatcher = Dispatcher(commands, renderer, CatalogueKeeper(), household, settings.host_group)
    return Core(settings, database, commands, renderer, dispatcher, Desk(database, dispatcher, clock, witness))
