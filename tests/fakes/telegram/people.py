"""The people who talk to the bot, and the bot itself as they see it."""

from __future__ import annotations

from dataclasses import dataclass

from .params import Object


@dataclass(eq=False)
class Person:
    """Somebody with a Telegram account."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = "en"
    last_name: str | None = None
    is_bot: bool = False
    started: bool = True
    blocked: bool = False
    deactivated: bool = False

    def payload(self) -> Object:
        answer: Object = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if value := getattr(self, name):
                answer[name] = value
        return answer


ANONYMOUS_ADMINISTRATOR = Person(1087968824, "Group", "GroupAnonymousBot", None, is_bot=True)
