"""Checking the columns of a batch against the row model of a kind, a distinct value once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from storage.transfer.batch import Batch
from storage.transfer.cells import ALLOWED, PATTERNS
from storage.transfer.problems import Problem, Problems


@cache
def names(model: type[BaseModel]) -> tuple[str, ...]:
    """The columns of a kind: the fields of its row model."""
    return tuple(model.model_fields)


@cache
def optional(model: type[BaseModel]) -> tuple[str, ...]:
    """Columns that a file may lack: those with a default. It then leaves what is kept as it is."""
    return tuple(name for name, field in model.model_fields.items() if not field.is_required())


def check(model: type[BaseModel], batch: Batch, problems: Problems) -> Batch:
    """The rows whose cells are all right, in their canonical form; `problems` gets the cells that are wrong."""
    wrong: set[int] = set()
    columns: dict[str, Sequence[str]] = {}
    adapters = _adapters(model)
    for name in batch.columns:
        adapter = adapters[name]
        columns[name], faults = _column(adapter, name, batch)
        problems.extend(faults)
        wrong.update(fault.row for fault in faults)
    checked = Batch(batch.numbers, columns)
    return checked.without(wrong) if wrong else checked


@cache
def _adapters(model: type[BaseModel]) -> dict[str, TypeAdapter[list[str]]]:
    return {name: _adapter(field) for name, field in model.model_fields.items()}


def _adapter(field: FieldInfo) -> TypeAdapter[list[str]]:
    cell: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    column: Any = list.__class_getitem__(cell)
    return TypeAdapter(column)


def _column(adapter: TypeAdapter[list[str]], name: str, batch: Batch) -> tuple[Sequence[str], Sequence[Problem]]:
    given = batch[name]
    distinct = list(set(given))
    try:
        accepted = adapter.validate_python(distinct)
    except ValidationError as error:
        return _accepted_alone(adapter, given), list(_problems(error, distinct, name, batch))
    if accepted == distinct:
        return given, ()
    form = dict(zip(distinct, accepted, strict=True))
    return [form[cell] for cell in given], ()


def _accepted_alone(adapter: TypeAdapter[list[str]], given: Sequence[str]) -> list[str]:
    """The column with those cells in canonical form that are right."""
    form = {}
    for cell in set(given):
        try:
            form[cell] = adapter.validate_python([cell])[0]
        except ValidationError:
            form[cell] = cell
    return [form[cell] for cell in given]


def _problems(error: ValidationError, distinct: list[str], name: str, batch: Batch) -> Iterator[Problem]:
    allowed = {distinct[int(fault["loc"][0])]: _allowed(fault) for fault in error.errors(include_url=False)}
    for number, cell in zip(batch.numbers, batch[name], strict=True):
        if cell in allowed:
            yield Problem(number, name, cell, allowed[cell])


def _allowed(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    if "pattern" in context:
        return PATTERNS[context["pattern"]]
    return ALLOWED.get(fault["type"], "{allowed}").format(**context)
