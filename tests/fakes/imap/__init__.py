"""A mailbox on loopback that IMAP clients read, and that misbehaves when it is told to."""

from .mailbox import Mailbox, Stored
from .server import ImapFake

__all__ = ["ImapFake", "Mailbox", "Stored"]
