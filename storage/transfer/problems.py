"""What is wrong with a file: each problem with its row, column, value and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_PROBLEMS = 1_000
"""As many problems are kept and listed; the others are counted."""

_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong value. In a CSV file the header is row 1; in a JSON file the first object is row 1."""

    row: int
    column: str
    value: str
    allowed: str

    def __str__(self) -> str:
        column = f", {self.column}" if self.column else ""
        return f"row {self.row}{column}: {shown(self.value)} is not allowed; allowed: {self.allowed}"


@dataclass(slots=True)
class Problems:
    """The first problems of a file, and how many there are."""

    first: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, problem: Problem) -> None:
        self.count += 1
        if len(self.first) < MOST_PROBLEMS:
            self.first.append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.add(problem)

    def __bool__(self) -> bool:
        return self.count > 0


class FileRefused(Exception):
    """A file that does not go in, or cannot be written. Nothing was changed.

    `message` says why, `hint` what to do; `problems` are the first wrong values and `count` the number of all.
    """

    def __init__(self, message: str, hint: str = "", problems: Problems | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        found = problems or Problems()
        self.problems = sorted(found.first, key=lambda problem: problem.row)
        self.count = found.count


def shown(value: str, longest: int = _LONGEST_SHOWN) -> str:
    """A value in quotes, shortened, on one line, safe to print on a terminal."""
    short = value if len(value) <= longest else value[: longest - 1] + "…"
    plain = "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in short)
    return f"'{plain}'"
