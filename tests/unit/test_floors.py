"""The house: each floor imports only from floors below it, and every module is small and says what lives in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "handlers", "storage", "templates")
ABOVE = {"storage": {"handlers", "bot"}, "handlers": {"bot"}, "templates": {"storage", "handlers", "bot"}}
PLATFORM_LIBRARIES = frozenset({"slack_bolt", "slack_sdk", "telegram", "aiohttp", "httpx", "prompt_toolkit"})
LONGEST = 350
"""Lines of a module; migrations are written by a machine."""


def paths(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    return {module(path): path for path in paths(*FLOORS)}


@cache
def imported(path: Path) -> frozenset[str]:
    """The modules that a module imports, wherever in it; for our own the module that a name is in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(name for node in ast.walk(tree) for name in named(node, path))


def named(node: ast.AST, path: Path) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        assert not node.level, f"{shown(path)} has a relative import"
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            yield inner if inner in modules() else str(node.module)


def top(name: str) -> str:
    return name.split(".")[0]


def test_every_floor_has_modules() -> None:
    assert all(any(top(name) == floor for name in modules()) for floor in FLOORS)


@pytest.mark.parametrize("floor", sorted(ABOVE))
def test_a_floor_imports_nothing_from_above(floor: str) -> None:
    upwards = [
        f"{shown(path)} imports {name}" for path in paths(floor) for name in imported(path) if top(name) in ABOVE[floor]
    ]
    assert upwards == []


def test_nothing_imports_in_a_circle() -> None:
    graph = {name: {one for one in imported(path) if one in modules()} - {name} for name, path in modules().items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' -> '.join(error.args[1])}")


def test_platform_libraries_stay_with_the_platforms() -> None:
    elsewhere = [
        f"{shown(path)} imports {name}"
        for path in paths(*FLOORS)
        for name in imported(path)
        if top(name) in PLATFORM_LIBRARIES
        and not path.is_relative_to(ROOT / "bot" / "platforms")
        and path != ROOT / "bot" / "web.py"
    ]
    assert elsewhere == []


def test_the_product_imports_no_test() -> None:
    assert [shown(path) for path in paths(*FLOORS) if "tests" in map(top, imported(path))] == []


def test_every_module_begins_with_one_line_that_says_what_lives_in_it() -> None:
    assert [shown(path) for path in paths(*FLOORS, "tests") if not begins_with_its_purpose(path)] == []


def begins_with_its_purpose(path: Path) -> bool:
    """The first line is a docstring, or the first paragraph of one."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines:
        return path.name == "__init__.py" and path.is_relative_to(ROOT / "tests")
    is_whole = lines[0].endswith('"""') and len(lines[0]) > len('""""""')
    is_paragraph = lines[0].endswith((".", ":")) and lines[1:2] == [""]
    return lines[0].startswith('"""') and (is_whole or is_paragraph)


def test_no_module_is_long() -> None:
    long = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in paths(*FLOORS)}
    assert {name: lines for name, lines in long.items() if lines > LONGEST and "/versions/" not in name} == {}
