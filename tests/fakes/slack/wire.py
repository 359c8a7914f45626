"""The shapes that travel between Slack and an app, before anybody has looked into them."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


class SlackRefusal(Exception):
    """Slack's answer `{"ok": false, "error": …}`; `messages` are the reasons that it lists."""

    def __init__(self, error: str, messages: list[str] | None = None, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages or []
        self.more = more

    def body(self) -> Json:
        answer: Json = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            answer["errors"] = self.messages
            answer["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return answer


class Impossible(AssertionError):
    """A person cannot do this on the screen that Slack would show: no such button, a required field left empty."""
