"""The error of a file or text that cannot be read as a liaison statement."""


class Unreadable(Exception):
    """Why it cannot be read, and what to do instead, both said to a person."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
