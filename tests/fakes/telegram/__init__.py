"""Telegram on a loopback port, for tests: `async with TelegramFake() as telegram`."""

from .chats import Chat, Standing, Topic
from .chats import Kind as ChatKind
from .entities import Entity
from .keyboards import Button
from .limits import Excess, Limits
from .misbehaviour import Kind as Misbehaving
from .misbehaviour import Misbehaviour
from .people import Person
from .records import Call, Document, InlineQuery, Press, Shown, Violation
from .server import TelegramFake

__all__ = [
    "Button",
    "Call",
    "Chat",
    "ChatKind",
    "Document",
    "Entity",
    "Excess",
    "InlineQuery",
    "Limits",
    "Misbehaving",
    "Misbehaviour",
    "Person",
    "Press",
    "Shown",
    "Standing",
    "TelegramFake",
    "Topic",
    "Violation",
]
