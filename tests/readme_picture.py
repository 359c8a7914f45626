"""The README's conversation, said again through the terminal chat and drawn: `python -m tests.readme_picture`."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from bot.core import make_core
from bot.platforms.terminal.platform import TerminalPlatform
from bot.platforms.terminal.rich_screen import RichScreen
from bot.platforms.terminal.session import Session
from bot.settings import Settings
from storage.database import Database
from storage.transfer import load_sample
from storage.upgrade import upgrade

README = Path(__file__).parents[1] / "README.md"
PICTURE = Path(__file__).parent / "readme" / "conversation.svg"

PROMPT = "> "

COLUMN_WIDTH = 12.2
"""Units of the drawing that a character takes."""

_BLOCK = re.compile(r"(?<=<!-- conversation -->\n```text\n).*?(?=```\n)", re.DOTALL)
_NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
_COLUMNS = 86
_FONT_SIZE = 20  # rich's
_SPACE = "&#160;"
_LEADING_SPACE = re.compile(
    rf'x="(?P<x>[^"]+)" y="(?P<y>[^"]+)" textLength="(?P<length>[^"]+)"(?P<clip>[^>]*)>(?P<spaces>(?:{_SPACE})+)'
)

_THEME = TerminalTheme(
    background=(22, 27, 34),
    foreground=(230, 237, 243),
    normal=[(110, 118, 129), (255, 123, 114), (63, 185, 80), (210, 153, 34), (121, 192, 255), (188, 140, 255),
            (57, 197, 207), (177, 186, 196)],
    bright=[(139, 148, 158), (255, 161, 152), (86, 211, 100), (227, 179, 65), (165, 214, 255), (210, 168, 255),
            (86, 212, 221), (240, 246, 252)],
)  # fmt: skip

# rich's own drawing loads a font from the web, which a picture in a README may not.
_DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="A conversation in the \
terminal">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; white-space: pre;
}}
.{unique_id}-title {{ font-size: 17px; font-family: system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A conversation as it stands in a terminal: as text, and as a drawing."""

    text: str
    drawing: str


class _Script:
    """Lines that are said instead of typed; each is shown behind the prompt."""

    def __init__(self, lines: Sequence[str], console: Console) -> None:
        self._lines = iter(lines)
        self._console = console

    async def next(self) -> str | None:
        line = next(self._lines, None)
        if line is not None:
            self._console.print(Text(PROMPT, "bold cyan").append(line, "bold default"))
        return line

    async def agrees(self, question: str) -> bool:
        return False

    async def meanwhile(self, show: Callable[[], None]) -> None:
        show()

    @property
    def how_to_write(self) -> str:
        return "Write it."

    @property
    def is_choosing(self) -> bool:
        return False


def conversation() -> str:
    """The text of the README's conversation."""
    found = _BLOCK.search(README.read_text("utf-8"))
    if not found:
        raise LookupError("the README has no conversation")
    return found[0]


def said(text: str) -> list[str]:
    """What the person says in a conversation."""
    return [line.removeprefix(PROMPT) for line in text.splitlines() if line.startswith(PROMPT)]


async def talk(lines: Sequence[str]) -> Shown:
    """What a terminal shows when the lines are typed in `liaison-bot chat`, on a new sample."""
    with TemporaryDirectory() as folder:
        async with _sample(Path(folder)) as database:
            core = make_core(Settings.model_construct(), database, clock=lambda: _NOW)
            platform = TerminalPlatform("reader", core.desk.settled)
            core.desk.add(platform)
            await platform.start(core.desk)
            console = _console()
            await Session(platform, core.renderer, _Script(lines, console), RichScreen(console), Path(folder)).run()
            await platform.stop()
    return _shown(console)


@asynccontextmanager
async def _sample(folder: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{folder / 'sample.db'}")
    try:
        await upgrade(database)
        await load_sample(database, _NOW)
        yield database
    finally:
        await database.close()


def _console() -> Console:
    return Console(
        file=io.StringIO(), record=True, width=_COLUMNS, force_terminal=True, color_system="truecolor",
        legacy_windows=False, highlight=False, markup=False, emoji=False, _environ={},
    )  # fmt: skip


def _shown(console: Console) -> Shown:
    drawing = console.export_svg(
        title="make chat", theme=_THEME, code_format=_DRAWING, unique_id="conversation", clear=False,
        font_aspect_ratio=COLUMN_WIDTH / _FONT_SIZE,
    )  # fmt: skip
    lines = [line.rstrip() for line in console.export_text().splitlines()]
    return Shown("\n".join(lines).strip("\n") + "\n", _LEADING_SPACE.sub(_moved, drawing))


def _moved(run: re.Match[str]) -> str:
    """A run of text without the spaces before it, which some viewers drop."""
    columns = run["spaces"].count(_SPACE)
    x, length = float(run["x"]) + columns * COLUMN_WIDTH, float(run["length"]) - columns * COLUMN_WIDTH
    return f'x="{x:g}" y="{run["y"]}" textLength="{length:g}"{run["clip"]}>'


def main() -> None:
    """Say the conversation again; write what is answered now into the README and the picture."""
    shown = asyncio.run(talk(said(conversation())))
    readme = README.read_text("utf-8")
    README.write_text(_BLOCK.sub(lambda _: shown.text, readme, count=1), "utf-8")
    PICTURE.write_text(shown.drawing, "utf-8")


if __name__ == "__main__":
    main()
