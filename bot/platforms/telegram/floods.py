"""Floods: what Telegram's wish to wait covers, the chat that was refused or the whole bot."""

from __future__ import annotations

from typing import Literal

_IN_A_ROW = 3


class Floods:
    """Judges by what else is refused, for the answer does not say.

    Documented is that "the request" may be repeated after `retry_after` (core.telegram.org/bots/api,
    ResponseParameters): the same to the same chat. Whether other chats may be sent to in the meantime is "sometimes
    yes and sometimes no" (tdlib's author, github.com/tdlib/td/issues/1062), since limits hold for a chat, a group and
    the whole bot. So one refusal is of its chat, as with the 20 messages a minute of a group; several chats refused in
    a row, without one message taken in between, are the bot's.
    """

    def __init__(self) -> None:
        self._refused: set[int] = set()

    def taken(self) -> None:
        """A message was taken somewhere."""
        self._refused.clear()

    def refused(self, chat: int) -> Literal["target", "platform"]:
        """What the refusal of a message to this chat covers."""
        self._refused.add(chat)
        return "platform" if len(self._refused) >= _IN_A_ROW else "target"
