"""Errors: what a mail server refuses, in the few words that all platforms share."""

from __future__ import annotations

import re
import ssl

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.platforms import PlatformError, Rejected, Revoked, Unavailable, Unreachable
from bot.render.escape import one_line

Failure = SMTPException | OSError

_LONGEST = 300
_POLICY = re.compile(r"\b5\.7\.\d+\b")
_WANTS_LOGIN = (530, 534, 535, 538)
# RFC 1870 and common use: the size of the message, or an extension that it needs.
_ABOUT_THE_MESSAGE = (552, 555, 523)


def platform_error(error: Failure, *, uncertain: bool = False) -> PlatformError:
    """What the error means to whoever wanted to send.

    `uncertain`: the message was on its way, so that without the server's reply nobody knows whether it arrived.
    """
    if not isinstance(error, SMTPResponseException):
        return Unavailable(reason(error), uncertain=uncertain)
    if error.code < 500:
        return Unavailable(reason(error))
    if error.code in _WANTS_LOGIN or isinstance(error, SMTPAuthenticationError):
        return Revoked(f"the mail server refuses the login: {reason(error)}")
    if isinstance(error, SMTPSenderRefused) and error.code not in _ABOUT_THE_MESSAGE:
        return Revoked(f"the mail server takes nothing from LIAISON_BOT_EMAIL_FROM: {reason(error)}")
    if isinstance(error, SMTPRecipientRefused):
        return _of_recipient(error)
    if isinstance(error, SMTPDataError | SMTPSenderRefused):
        return Rejected(reason(error))
    # It does not like to be spoken to at all, at the greeting or before TLS.
    return Unavailable(reason(error))


def reason(error: Failure) -> str:
    """The error in one line, with the server's code where there is one."""
    if isinstance(error, SMTPResponseException):
        return one_line(f"{error.code} {_text(error.message)}")[:_LONGEST].rstrip()
    if doubt := _doubt(error):
        return f"its certificate is not trusted: {one_line(doubt.verify_message)}"
    return one_line(_text(str(error)))[:_LONGEST].rstrip() or type(error).__name__


def is_about_trust(error: Failure) -> bool:
    """Whether the server showed a certificate that is not trusted."""
    return _doubt(error) is not None


def _doubt(error: Failure) -> ssl.SSLCertVerificationError | None:
    return next((one for one in (error, error.__cause__) if isinstance(one, ssl.SSLCertVerificationError)), None)


def _of_recipient(error: SMTPRecipientRefused) -> PlatformError:
    """An address is given up only where the refusal is about the address."""
    if "relay" in error.message.lower():
        return Revoked(f"the mail server takes no mail for others without a login: {reason(error)}")
    if error.code in _ABOUT_THE_MESSAGE or _POLICY.search(error.message):
        return Rejected(reason(error))
    return Unreachable(reason(error))


def _text(said: str) -> str:
    # The library keeps bytes that are not UTF-8 as surrogates, which no database takes.
    return said.encode(errors="replace").decode()
