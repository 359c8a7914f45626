"""A mail server on loopback that keeps what it is given, and misbehaves when it is told to."""

from .misbehaviour import Kind, Misbehaviour
from .records import Mail
from .server import SmtpFake

__all__ = ["Kind", "Mail", "Misbehaviour", "SmtpFake"]
