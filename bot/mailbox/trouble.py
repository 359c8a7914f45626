"""Troubles with the mailbox: what is wrong, and what whoever runs the bot does about it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

from bot.render.escape import one_line

_LONGEST = 300

REACH = "see that this machine reaches it, and that host and port in LIAISON_BOT_IMAP_URL are right"
TRUST = "name the file of its certificates: add ?ca=FILE to LIAISON_BOT_IMAP_URL"
SECURE = "use imaps:// in LIAISON_BOT_IMAP_URL if the server has it: a login is never sent in the open"
LOGIN = "put the right user's name and password into LIAISON_BOT_IMAP_URL; some servers want an app password"
FOLDER = "put a folder that is there at the end of LIAISON_BOT_IMAP_URL, such as /INBOX"
WRITE = "let the mailbox's user mark mails as read in this folder"


@dataclass
class MailboxTrouble(Exception):
    """The mailbox cannot be read. `is_lasting`: not before somebody changes something."""

    message: str
    remedy: str = REACH
    is_lasting: bool = False

    def __str__(self) -> str:
        return self.message


def broken(name: str, error: Exception) -> MailboxTrouble:
    """A connection that failed, or was never made."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailboxTrouble(
            f"{name} is not trusted: its certificate is not: {one_line(error.verify_message)}", TRUST, is_lasting=True
        )
    return MailboxTrouble(f"{name} does not answer as a mailbox: {reason(error)}")


def reason(error: Exception | bytes | str) -> str:
    """What a server or a library said, in one line."""
    said = error.args[0] if isinstance(error, Exception) and len(error.args) == 1 else error
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    plain = one_line(text.encode(errors="replace").decode())[:_LONGEST].rstrip()
    return plain or type(error).__name__
