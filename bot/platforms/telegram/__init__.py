"""Telegram: private chats, groups, forum topics, buttons and inline mode, by polling or by webhook."""

from bot.platforms.telegram.platform import TelegramPlatform

__all__ = ["TelegramPlatform"]
