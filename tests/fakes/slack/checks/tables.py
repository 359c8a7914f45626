"""Table blocks: rows, cells, columns, and all their characters."""

from typing import Any

from tests.fakes.slack.checks.rich_text import check_rich_text
from tests.fakes.slack.checks.shape import Findings, choice, keys, string
from tests.fakes.slack.wire import Json

CELL_KEYS = frozenset({"type", "text"})
RICH_KEYS = frozenset({"type", "elements", "block_id"})
COLUMN_KEYS = frozenset({"align", "is_wrapped"})
MOST_ROWS, MOST_COLUMNS = 100, 20


def check_table(block: Json, at: str, found: Findings) -> None:
    found.tables += 1
    rows = block.get("rows")
    if not isinstance(rows, list) or not rows:
        found.add("missing required field: rows", at)
        return
    if len(rows) > MOST_ROWS:
        found.add(f"no more than {MOST_ROWS} items allowed", f"{at}/rows")
    for number, row in enumerate(rows):
        _check_row(row, f"{at}/rows/{number}", found)
    _check_columns(block.get("column_settings"), f"{at}/column_settings", found)


def _check_row(row: Any, at: str, found: Findings) -> None:
    if not isinstance(row, list) or not row:
        found.add("must provide an array", at)
        return
    if len(row) > MOST_COLUMNS:
        found.add(f"no more than {MOST_COLUMNS} items allowed", at)
    for number, cell in enumerate(row):
        if isinstance(cell, dict):
            _check_cell(cell, f"{at}/{number}", found)
        else:
            found.add("must provide an object", f"{at}/{number}")


def _check_cell(cell: Json, at: str, found: Findings) -> None:
    match cell.get("type"):
        case "raw_text":
            keys(cell, at, CELL_KEYS, found)
            if string(cell.get("text"), f"{at}/text", 10_000, found):
                found.table_characters += len(cell["text"])
        case "rich_text":
            keys(cell, at, RICH_KEYS, found)
            check_rich_text(cell, at, found)
            found.table_characters += _characters(cell)
        case other:
            found.add(f"unsupported type: {other}", f"{at}/type")


def _characters(value: Any) -> int:
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_characters(inner) for inner in value.values() if isinstance(inner, list))
    return sum(_characters(inner) for inner in value) if isinstance(value, list) else 0


def _check_columns(settings: Any, at: str, found: Findings) -> None:
    if settings is None:
        return
    if not isinstance(settings, list):
        found.add("must provide an array", at)
        return
    if len(settings) > MOST_COLUMNS:
        found.add(f"no more than {MOST_COLUMNS} items allowed", at)
    for number, column in enumerate(settings):
        if isinstance(column, dict):
            keys(column, f"{at}/{number}", COLUMN_KEYS, found)
            choice(column, "align", f"{at}/{number}", ("left", "center", "right"), found)
