"""The README and the example of the settings: what they show, name and tell to type is so."""

from __future__ import annotations

import argparse
import io
import json
import re
import shlex
import tomllib
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from xml.etree import ElementTree

import pytest
from pydantic import SecretStr

from bot.command_line import COMMANDS
from bot.main import main
from bot.metrics import Metrics
from bot.settings import Settings
from storage.transfer import kind_names
from storage.transfer.sample import KINDS
from tests.readme_picture import COLUMN_WIDTH, PICTURE, README, conversation, said, talk

ROOT = README.parent
TEXT = README.read_text("utf-8")
EXAMPLE = (ROOT / "liaison-bot.example.toml").read_text("utf-8")
SVG = "{http://www.w3.org/2000/svg}"


def blocks(language: str) -> list[str]:
    """The fenced blocks in a language."""
    fenced = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", TEXT, re.DOTALL | re.MULTILINE)
    return [dedent(block) for _indent, block in fenced]


def command_lines() -> list[str]:
    """Every line to be typed that calls the program, without what a shell does with its input and output."""
    lines = (line.strip() for block in blocks("sh") for line in block.splitlines())
    return [re.split(r"[|<>]", line)[0].strip() for line in lines if line.startswith("liaison-bot ")]


def example_questions() -> list[str]:
    """The questions of the table of what one can ask."""
    table = TEXT.partition("| kind | for example |")[2].partition("\n\n")[0]
    return re.findall("`([^`]+)`", table)


def drawn() -> str:
    """The text of the picture as it stands in the lines and columns of a terminal, without empty lines."""
    rows: dict[float, str] = {}
    matrix = next(
        group for group in ElementTree.parse(PICTURE).iter(f"{SVG}g") if "matrix" in group.attrib.get("class", "")
    )
    for run in matrix.iter(f"{SVG}text"):
        row, column = float(run.attrib["y"]), round(float(run.attrib["x"]) / COLUMN_WIDTH)
        rows[row] = rows.get(row, "").ljust(column) + (run.text or "").replace("\N{NO-BREAK SPACE}", " ")
    return "\n".join(rows[row].rstrip() for row in sorted(rows) if rows[row].strip())


async def test_the_conversation_goes_as_it_is_shown() -> None:
    shown = conversation()
    assert said(shown)
    answered = await talk(said(shown))
    assert answered.text == shown, "type: python -m tests.readme_picture"


def test_the_picture_shows_the_same_conversation() -> None:
    lines = [line for line in conversation().splitlines() if line]
    assert drawn().splitlines() == lines, "type: python -m tests.readme_picture"


def test_the_picture_loads_nothing_from_elsewhere() -> None:
    drawing = PICTURE.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.findall(r"@import|@font-face|href|src=|<script|url\((?!#)", drawing)


@pytest.mark.parametrize("line", command_lines())
def test_every_command_line_can_be_typed(line: str) -> None:
    _program, name, *arguments = shlex.split(line.replace("$kind", KINDS[0]))
    assert name in COMMANDS
    parser = argparse.ArgumentParser()
    import_module(f"bot.cli.{name.replace('-', '_')}_command").arguments(parser)
    chosen = parser.parse_args(arguments)
    assert name not in ("import", "export") or chosen.kind in kind_names()


def test_every_command_that_is_named_is_there() -> None:
    assert set(re.findall(r"`liaison-bot ([a-z-]+)", TEXT)) <= set(COMMANDS)
    assert set(re.findall(r"`make (\w+)`", TEXT)) <= set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.M))


def test_kinds_move_in_an_order_in_which_each_mentions_only_what_came_before() -> None:
    loops = re.findall(r"for kind in ([\w ]+); do", TEXT)
    assert loops
    # The sample has no representatives, who mention groups and liaison statements.
    assert all(tuple(loop.split()) == (*KINDS, "representatives") for loop in loops)


def test_every_example_question_has_an_answer(
    sqlite_templates: dict[bool, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = example_questions()
    monkeypatch.setenv("LIAISON_BOT_DATABASE_URL", f"sqlite:///{sqlite_templates[True]}")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(questions)))
    assert main(["ask", "--json", "-"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["question"] for answer in answers] == questions
    assert [answer["question"] for answer in answers if answer["intent"] == "unknown" or not answer["count"]] == []


def test_every_setting_that_the_readme_names_is_there() -> None:
    known = set(Settings.model_fields)
    in_blocks = {name for block in blocks("toml") for name in tomllib.loads(block)}
    in_words = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)(?: = [^`]*)?`", TEXT)) - metrics()
    in_the_environment = {name.lower() for name in re.findall(r"LIAISON_BOT_([A-Z_]+)", TEXT)}
    assert (in_blocks | in_words | in_the_environment) - known == set()
    for block in blocks("toml"):
        Settings(**tomllib.loads(block))


def test_the_example_has_every_setting_with_its_default() -> None:
    found = re.findall(r"^# (.+)\n#((\w+) = .+)$", EXAMPLE, re.MULTILINE)
    shown = tomllib.loads("\n".join(line for _comment, line, _name in found))
    assert list(shown) == list(Settings.model_fields)
    for comment, _line, name in found:
        default = Settings.model_fields[name].default
        if default is None:
            assert "none by default" in comment, name
        else:
            plain = default.get_secret_value() if isinstance(default, SecretStr) else default
            assert shown[name] == (list(plain) if isinstance(plain, tuple) else plain), name


def test_the_example_is_accepted_as_it_is_and_with_every_line_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "liaison-bot.toml"
    file.write_text(EXAMPLE, "utf-8")
    assert Settings() == Settings.model_construct()
    file.write_text(re.sub(r"^#(?=\w+ = )", "", EXAMPLE, flags=re.MULTILINE), "utf-8")
    assert Settings().slack_bot_token


def metrics() -> set[str]:
    page = Metrics().page(0, {}).decode()
    return {name for name in re.findall(r"^# TYPE (\w+)", page, re.MULTILINE) if not name.endswith("_created")}


def test_the_metrics_are_those_that_there_are() -> None:
    assert set(re.findall(r"`(liaison_bot_\w+)`", TEXT)) == metrics()


def test_every_file_that_is_named_is_there() -> None:
    linked = re.findall(r"\]\((?!https?:|#)([^)]+)\)", TEXT)
    named = re.findall(r"(?<![\w/.-])(?:bot|handlers|storage|templates|tests)/[\w/.-]*", TEXT)
    assert [path for path in {*linked, *named} if not (ROOT / path).exists()] == []


def test_every_section_that_is_linked_is_there() -> None:
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= headings


def test_the_command_that_is_shown_is_in_the_code() -> None:
    code = " ".join((ROOT / "handlers" / "person.py").read_text("utf-8").split())
    [shown] = blocks("python")
    assert [part for part in shown.split("\n\n\n") if " ".join(part.split()) not in code] == []
