"""CSV cells that a spreadsheet would take for a formula: an apostrophe is put before them, and taken off."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r]")


def neutralise(cell: str) -> str:
    """The cell as a spreadsheet may see it."""
    return "'" + cell if _FORMULA.match(cell) else cell


def restore(cell: str) -> str:
    """What was given to `neutralise`."""
    return cell[1:] if cell[:1] == "'" and _NEUTRALISED.match(cell) else cell
