"""The checkup of the mailbox: whether the server is there and lets us in, and whether the folder can be read."""

from __future__ import annotations

from bot.background import in_background
from bot.finding import Finding
from bot.imap_server import ImapServer
from bot.mailbox.connection import Connection
from bot.mailbox.trouble import MailboxTrouble

_SUBJECT = "mailbox"


async def checkup(server: ImapServer, seconds: float) -> Finding:
    """Connect, log in, open the folder; no mail is read. Each reply may take so many seconds."""
    connection = Connection(server, seconds)

    def look() -> int:
        connection.open()
        unread = len(connection.unseen())
        connection.leave()
        return unread

    try:
        unread = await in_background(look)
    except MailboxTrouble as trouble:
        return Finding(_SUBJECT, trouble.message, trouble.remedy)
    finally:
        connection.close()
    how = "on this machine" if not (server.is_implicit or server.start_tls) else "over TLS"
    return Finding(
        _SUBJECT, f"{server.name}: logged in as {server.user}, {how}; {server.folder} has {unread} unread mails"
    )
