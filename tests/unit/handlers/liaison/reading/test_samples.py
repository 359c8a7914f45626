"""Every statement among the test data is read as the file beside it says; a key that is left out is not judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handlers.liaison.reading.flat import flat
from handlers.liaison.reading.reader import read
from handlers.liaison.reading.record import as_json, from_json

SAMPLES = Path(__file__).parents[4] / "data" / "liaisons"
FILES = sorted(path for path in SAMPLES.iterdir() if path.is_file() and path.suffix != ".json")
JUDGED = [(path, key) for path in FILES for key in json.loads(path.with_name(f"{path.name}.json").read_text("utf-8"))]


@pytest.mark.parametrize(("path", "key"), JUDGED, ids=[f"{path.name}-{key}" for path, key in JUDGED])
def test_a_field_is_read_as_expected(path: Path, key: str) -> None:
    expected = json.loads(path.with_name(f"{path.name}.json").read_text("utf-8"))
    assert flat(read(path.name, path.read_bytes()))[key] == expected[key]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_statement_stays_the_same_as_json(path: Path) -> None:
    statement = read(path.name, path.read_bytes())
    assert from_json(as_json(statement)) == statement


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_field_says_where_it_was_found(path: Path) -> None:
    said = flat(read(path.name, path.read_bytes()))
    found = said["found"]
    assert isinstance(found, dict)
    for name in ("source", "date", "title", "contact_email"):
        assert found[name]["where"]
        assert found[name]["sure"] in ("certain", "likely", "guess")
