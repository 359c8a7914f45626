"""The renderer: from a template and its data to a document, with what is costly to set up kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.render.document import Document
from bot.render.parse import Parser
from bot.render.templates import make_environment, render


class Renderer:
    """Keep one a process: templates are compiled once, and the parser is set up once."""

    def __init__(self, directory: Path | None = None) -> None:
        self._environment = make_environment(directory)
        self._parser = Parser()

    def markdown(self, template: str, data: Mapping[str, object]) -> str:
        """The Markdown of a reply, without blank lines at its ends."""
        return render(self._environment, template, data).strip("\n")

    def document(self, template: str, data: Mapping[str, object]) -> Document:
        """The document of a reply, to be rendered in a platform's dialect."""
        return self._parser.parse(self.markdown(template, data))

    def parse(self, markdown: str) -> Document:
        """The document of Markdown that is at hand already."""
        return self._parser.parse(markdown)
