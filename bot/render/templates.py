"""Templates: the environment that turns a template and its data into Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import BlockReference, Context, Macro

from bot.render import escape
from bot.render.escape import Markdown

__all__ = ["Markdown", "make_environment", "render"]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


class _MarkdownContext(Context):
    """What a macro or a parent's block says is Markdown already; everything else that is called gives data."""

    def call(self, called: Any, /, *arguments: Any, **named: Any) -> Any:
        said = super().call(called, *arguments, **named)
        return Markdown(said) if isinstance(called, Macro | BlockReference) else said


def make_environment(directory: Path | None = None) -> Environment:
    """An environment in which data is shown literally; `directory` is the project's templates by default."""
    environment = Environment(  # noqa: S701 - the output is Markdown: HTML escaping would not protect it
        loader=FileSystemLoader(directory or _TEMPLATES),
        finalize=_printed,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.context_class = _MarkdownContext
    environment.filters.update(
        moment=moment,
        day=day,
        partial_date=partial_date,
        link=link,
        code=code,
        source=source,
        plural=plural,
        join=join,
        markdown=markdown,
    )
    return environment


def render(environment: Environment, name: str, data: Mapping[str, object]) -> str:
    """The Markdown of templates/<name>.md.j2 with this data."""
    return environment.get_template(f"{name}.md.j2").render(data)


def _printed(value: object) -> str:
    if isinstance(value, Markdown):
        return value
    return "" if value is None else escape.escape(str(value))


def moment(when: datetime | None, zone: ZoneInfo) -> str:
    """'18 March 2027, 14:00 (Europe/Zurich)': an aware time as it is in that zone."""
    if when is None:
        return ""
    if when.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    there = when.astimezone(zone)
    return f"{day(there)}, {there:%H:%M} ({zone.key})"


def day(when: date | None) -> str:
    """'18 March 2027'."""
    return "" if when is None else f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def partial_date(text: str | None) -> str:
    """'2025', 'July 2025' or '3 July 2025' for the ISO date of a year, a month or a day; anything else as it is."""
    year, month, rest = (*(text or "").split("-"), "", "")[:3]
    if not (len(year) == 4 and year.isdecimal() and month):
        return text or ""
    try:
        first = datetime.strptime(text or "", "%Y-%m-%d" if rest else "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        return text or ""
    return day(first) if rest else f"{_MONTHS[first.month - 1]} {year}"


def link(label: object, url: str | None) -> Markdown:
    """A Markdown link to an http or https address; the label alone when there is no such address."""
    shown = _printed(label)
    address = _web_address(url or "")
    return Markdown(f"[{shown}]({address})" if address and shown else shown)


def _web_address(url: str) -> str | None:
    try:
        parts = urlsplit(escape.one_line(url))
        name = parts.hostname or ""
        host = name if name.isascii() else name.encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    # A name before the host is only ever there to make one address look like another.
    if parts.scheme not in ("http", "https") or not host.replace(".", "").replace("-", "").isalnum() or parts.username:
        return None
    rest = parts._replace(scheme="", netloc="").geturl()
    return f"{parts.scheme}://{host}{port}" + quote(rest, safe="%/:?#@!$&+,;=~-.").replace("&", "\\&")


def code(text: object) -> Markdown:
    """A code span, so that a person sees what to type."""
    return escape.code("" if text is None else str(text))


def source(text: object) -> Markdown:
    """A block of Markdown as it was written, so that a person can copy it."""
    return escape.source(str(text))


def markdown(text: object) -> Markdown:
    """What somebody who may do so wrote in Markdown: it is shown as such, not literally."""
    return Markdown(escape.visible(str(text)))


def plural(count: int, one: str, many: str) -> str:
    """'1 item', '3 items'."""
    return f"{count} {one if count == 1 else many}"


def join(values: Iterable[object], separator: str = "") -> Markdown:
    """The values with the separator between them; Markdown among them stays Markdown."""
    between = separator if isinstance(separator, Markdown) else escape.escape_separator(separator)
    return Markdown(between.join(map(_printed, values)))
