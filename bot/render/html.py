"""What stands inside a line as HTML: the part that the dialects written in HTML have in common."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from bot.render.document import Code, Emphasis, Inline, Inlines, LineBreak, Link, Strike, Strong, Text
from bot.render.escape import visible


def escaped(text: str) -> str:
    """The visible text between two tags; not for an attribute, as quotation marks stay."""
    return escape(visible(text), quote=False)


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of one dialect; a dialect that takes not every link writes its own `link`."""

    strong: str = "b"
    emphasis: str = "i"
    code_start: str = "<code>"
    line_break: str = "<br>"

    def inlines(self, inlines: Inlines) -> str:
        return "".join(map(self._inline, inlines))

    def code(self, text: str) -> str:
        return f"{self.code_start}{escaped(text)}</code>"

    def link(self, label: Inlines, url: str) -> str:
        return f'<a href="{escape(visible(url))}">{self.inlines(label)}</a>'

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Text(text):
                return escaped(text)
            case Code(text):
                return self.code(text)
            case LineBreak():
                return self.line_break
            case Strong(content):
                return f"<{self.strong}>{self.inlines(content)}</{self.strong}>"
            case Emphasis(content):
                return f"<{self.emphasis}>{self.inlines(content)}</{self.emphasis}>"
            case Strike(content):
                return f"<s>{self.inlines(content)}</s>"
            case Link(label, url):
                return self.link(label, url)
