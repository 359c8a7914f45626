"""The menu: the commands that Telegram offers, and what the bot says of itself."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.platforms.telegram.arrivals import menu_name
from handlers.command import AnyCommand
from storage.roles import Role

SHORT_DESCRIPTION = "Ask about standards, work items, meetings and liaison statements, in your own words."
DESCRIPTION = (
    "I answer questions about the standards roadmap, who works on what, meetings, liaison statements and terms, "
    "each with its source. Ask in your own words, here or in a group, or see /help."
)
_SCOPES: tuple[BotCommandScope, ...] = (
    BotCommandScopeDefault(),
    BotCommandScopeAllPrivateChats(),
    BotCommandScopeAllGroupChats(),
)
# Telegram: at most 100 commands with names of 32 and descriptions of 256 characters.
_MOST, _NAME, _LONGEST = 100, re.compile(r"[a-z0-9_]{1,32}"), 256
_log = logging.getLogger("bot.platforms.telegram")


def menu(commands: Sequence[AnyCommand]) -> list[BotCommand]:
    """What everybody may do, in any language."""
    offered = [(menu_name(command), command) for command in commands if command.role <= Role.MEMBER]
    return [
        BotCommand(name, (command.help or command.words)[:_LONGEST])
        for name, command in offered
        if _NAME.fullmatch(name)
    ][:_MOST]


async def refresh(bot: Bot, commands: Sequence[AnyCommand]) -> None:
    """Tell Telegram what differs from what it has. A failure is logged: the bot works without a menu."""
    try:
        await _refresh_commands(bot, menu(commands))
        await _refresh_descriptions(bot)
    except TelegramError as error:
        _log.warning("Telegram did not take the menu of commands: %s", error.message)


async def _refresh_commands(bot: Bot, wanted: list[BotCommand]) -> None:
    for scope in _SCOPES:
        if list(await bot.get_my_commands(scope=scope)) == wanted:
            continue
        if wanted:
            await bot.set_my_commands(wanted, scope=scope)
        else:
            await bot.delete_my_commands(scope=scope)


async def _refresh_descriptions(bot: Bot) -> None:
    if (await bot.get_my_description()).description != DESCRIPTION:
        await bot.set_my_description(DESCRIPTION)
    if (await bot.get_my_short_description()).short_description != SHORT_DESCRIPTION:
        await bot.set_my_short_description(SHORT_DESCRIPTION)
