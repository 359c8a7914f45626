"""A statement as JSON and back: how the process that reads it hands it over."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import lru_cache

from pydantic import TypeAdapter

from handlers.liaison.reading.statement import ReadStatement


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[ReadStatement]:
    return TypeAdapter(ReadStatement)


def as_json(statement: ReadStatement) -> str:
    return json.dumps(asdict(statement), ensure_ascii=True)


def from_json(text: str | bytes) -> ReadStatement:
    """Raises `pydantic.ValidationError` for what is no statement."""
    return _adapter().validate_json(text)
