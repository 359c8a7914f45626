"""The checkup of e-mail: whether the mail server is there, what protects the way to it, and whether it lets us in."""

from __future__ import annotations

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.finding import Finding
from bot.mail_server import MailServer
from bot.platforms.email.connections import Connections
from bot.platforms.email.errors import is_about_trust, reason
from bot.platforms.email.sender import PLATFORM

_REACH = "see that this machine reaches it, and that host and port in LIAISON_BOT_SMTP_URL are right"
_TRUST = "name the file of its certificates: add ?ca=FILE to LIAISON_BOT_SMTP_URL"
_LOGIN = "put the right user's name and password into LIAISON_BOT_SMTP_URL"
_SECURE = "use smtps:// in LIAISON_BOT_SMTP_URL if the server has it: a login is never sent in the open"
_FROM = "put an address that it may send from into LIAISON_BOT_EMAIL_FROM, or a login into LIAISON_BOT_SMTP_URL"


async def checkup(server: MailServer, sender: str, seconds: float) -> Finding:
    """Connect, log in, and ask whether `sender` may write; nothing is sent. Each reply may take so many seconds."""
    try:
        client = await Connections(server, seconds).opened()
    except (SMTPException, OSError) as error:
        return _of_error(error, server)
    try:
        await client.mail(sender)
        words = f"{server.name} takes mail from {sender}, {_protection(client, server)}"
        await client.quit()
    except SMTPSenderRefused as error:
        return Finding(PLATFORM, f"{server.name} takes no mail from {sender}: {reason(error)}", _FROM)
    except (SMTPException, OSError) as error:
        return _of_error(error, server)
    finally:
        client.close()
    return Finding(PLATFORM, words)


def _protection(client: SMTP, server: MailServer) -> str:
    login = f"logged in as {server.user}" if server.user else "without a login"
    if client.get_transport_info("sslcontext") is not None:
        return f"{login}, over TLS"
    return f"{login}, on this machine" if server.is_here else f"{login}, in the open: it offers no TLS"


def _of_error(error: SMTPException | OSError, server: MailServer) -> Finding:
    if isinstance(error, SMTPAuthenticationError):
        return Finding(PLATFORM, f"{server.name} refuses the login: {reason(error)}", _LOGIN)
    if is_about_trust(error):
        return Finding(PLATFORM, f"{server.name} is not trusted: {reason(error)}", _TRUST)
    if isinstance(error, SMTPConnectError | SMTPResponseException | OSError):
        return Finding(PLATFORM, f"{server.name} does not answer as a mail server: {reason(error)}", _REACH)
    # What the library finds missing: STARTTLS, or a way of logging in.
    return Finding(PLATFORM, f"{server.name}: {reason(error)}", _SECURE)
