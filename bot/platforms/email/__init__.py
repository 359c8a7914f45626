"""E-mail: handed in at a mail server (SMTP), never received."""

from bot.platforms.email.sender import PLATFORM, EmailSender

__all__ = ["PLATFORM", "EmailSender"]
