"""Statements of many senders and forms are read as they say themselves; a key that is left out is not judged."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from handlers.liaison.reading.flat import flat
from handlers.liaison.reading.reader import read
from tests.unit.handlers.liaison.reading.sources import source

AGAIN = Path(__file__).parents[4] / "data" / "liaisons" / "again"
PATHS = sorted(AGAIN.glob("*.source"))
JUDGED = [(path, key) for path in PATHS for key in source(path).expected]


@cache
def read_of(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    statement = source(path)
    return flat(read(statement.name, statement.content)), statement.expected


@pytest.mark.parametrize(("path", "key"), JUDGED, ids=[f"{path.stem}-{key}" for path, key in JUDGED])
def test_a_field_is_read_as_the_statement_says_it(path: Path, key: str) -> None:
    found, expected = read_of(path)
    assert _judged(found, key, expected[key]) == _sorted(key, expected[key])


def _judged(found: dict[str, Any], key: str, expected: Any) -> Any:
    if key == "said":
        said = {mention["reference"]: mention["said"] for mention in found["mentions"]}
        return {reference: said.get(reference) for reference in expected}
    if key == "actions" and len(expected) == len(found[key]):
        return [{name: have[name] for name in want} for have, want in zip(found[key], expected, strict=True)]
    return _sorted(key, found[key])


def _sorted(key: str, value: Any) -> Any:
    """In which order standards are mentioned says nothing."""
    return sorted(value) if key == "roadmap_mentions" else value
