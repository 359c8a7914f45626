"""The terminal: one person at a keyboard, or a file of lines."""

from bot.platforms.terminal.platform import TerminalPlatform

__all__ = ["TerminalPlatform"]
