"""No text from a person or a file becomes anything but text, on any platform."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from rich.console import Console

from bot.render import mail, plain, slack, telegram, telegram_rich, terminal
from bot.render.document import (
    BulletList,
    Code,
    Document,
    Heading,
    Inline,
    Inlines,
    Link,
    Paragraph,
    Strong,
    Table,
    Text,
)
from bot.render.escape import one_line
from bot.render.renderer import Renderer
from tests.unit.bot.render.detection import Message
from tests.unit.bot.render.strategies import nasty

_TEMPLATES = {
    "alone": "{{ x }}\n",
    "between": "before {{ x }} after\n",
    "lines": "first\n{{ x }}\n{{ x }}\n",
    "item": "- {{ x }}\n",
    "heading": "# {{ x }}\n",
    "strong": "**{{ x }}**\n",
    "table": "| {{ x }} |b|\n|---|---|\n|{{ x }}|{{ x }}|\n",
    "before_link": "{{ x }}[label](https://itu.int/)\n",
    "link": '{{ x | link("https://itu.int/") }}\n',
    "code": "{{ x | code }}\n",
    "joined": '{{ [x, "b"] | join(", ") }}\n',
}
_MODERATE = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    directory: Path = tmp_path_factory.mktemp("templates")
    for name, text in _TEMPLATES.items():
        (directory / f"{name}.md.j2").write_text(text)
    return Renderer(directory)


def _paragraph(*content: Inline) -> Document:
    kept: Inlines = tuple(inline for inline in content if inline != Text(""))
    return Document((Paragraph(kept),) if kept else ())


@_MODERATE
@given(text=nasty)
@example("a | b\n:-")
@example("- - -")
@example("1. x")
@example("a\\")
@example("wow!")
@example("a #")
def test_data_is_shown_as_it_is_wherever_a_template_puts_it(renderer: Renderer, text: str) -> None:
    shown = one_line(text)
    label = shown if shown else ""

    def document(name: str) -> Document:
        return renderer.document(name, {"x": text})

    assert document("alone") == _paragraph(Text(shown))
    assert document("between") == _paragraph(Text(f"before {shown} after"))
    assert document("before_link") == _paragraph(Text(shown), Link((Text("label"),), "https://itu.int/"))
    assert document("joined") == _paragraph(Text(f"{shown}, b"))
    if not shown:
        return
    assert document("lines") == _paragraph(Text(f"first {shown} {shown}"))
    assert document("item") == Document((BulletList(((Paragraph((Text(shown),)),),)),))
    assert document("heading") == Document((Heading(1, (Text(shown),)),))
    assert document("strong") == _paragraph(Strong((Text(shown),)))
    assert document("link") == _paragraph(Link((Text(label),), "https://itu.int/"))
    assert document("code") == _paragraph(Text(shown) if "|" in shown else Code(shown))
    cell = (Text(shown),)
    assert document("table") == Document((Table((cell, (Text("b"),)), ((cell, cell),)),))


@_MODERATE
@given(text=nasty)
@example("/a//b /c")
@example("@a.b@c_d")
@example("1.2.3.41.2.3.4 1.2.3.4.com")
@example("²#tag x.1.2.3.4 1.2.3.4.")
def test_telegram_detects_nothing_in_data(renderer: Renderer, text: str) -> None:
    for name in ("between", "lines", "item", "heading", "table", "strong"):
        for message in telegram.html(renderer.document(name, {"x": text})):
            parsed = Message(message)
            assert parsed.balanced
            assert parsed.detected() == []
            assert parsed.links == []
            assert set(parsed.tags) <= {"b", "pre"}


@_MODERATE
@given(text=nasty)
def test_telegram_shows_data_letter_by_letter(renderer: Renderer, text: str) -> None:
    document = renderer.document("between", {"x": text})
    expected = f"before {one_line(text)} after"
    (message,) = telegram.html(document)
    assert Message(message).text.replace("\u2060", "") == expected.replace("\u2060", "")
    (rich,) = telegram_rich.rich_html(document)
    parsed = Message(rich)
    assert (parsed.text, parsed.tags, parsed.balanced) == (expected, ["p"], True)


@pytest.mark.parametrize(
    "reference", ["Y.3802", "X.1710", "V1.1.1", "23837-1", "ISO/IEC 23837-2:2023", "JTC 1/SC 27", "Q16/13"]
)
def test_references_keep_every_letter_on_telegram(reference: str) -> None:
    assert telegram.html(Document((Paragraph((Text(f"see {reference}."),)),))) == [f"see {reference}."]


@_MODERATE
@given(text=nasty)
def test_slack_gets_data_in_elements_that_it_never_parses(renderer: Renderer, text: str) -> None:
    shown = one_line(text)
    for name in ("between", "item", "heading", "table", "strong"):
        for message in slack.messages(renderer.document(name, {"x": text})):
            said = list(_slack_texts(message["blocks"]))
            assert {kind for kind, _ in said} <= {"text", "raw_text", "plain_text"}
            assert shown in " ".join(text for _, text in said)
            assert re.search(r"[<>]|&(?!amp;|lt;|gt;)", message["text"]) is None


def _slack_texts(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for inner in value:
            yield from _slack_texts(inner)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield str(value["type"]), str(value["text"])
        else:
            yield from _slack_texts([inner for inner in value.values() if isinstance(inner, dict | list)])


@_MODERATE
@given(text=nasty)
def test_a_mail_shows_data_without_any_tag_of_its_own(renderer: Renderer, text: str) -> None:
    page, part = mail.mail(renderer.document("between", {"x": text}), title=text)
    parsed = Message(page)
    assert f"before {one_line(text)} after" in parsed.text
    assert parsed.balanced
    assert parsed.links == []
    assert set(parsed.tags) == {"html", "head", "meta", "title", "body", "p"}
    assert part == f"before {one_line(text)} after\n"


@_MODERATE
@given(text=nasty)
def test_no_control_character_reaches_the_terminal(renderer: Renderer, text: str) -> None:
    # Also when a document was made by hand, without the templates' escaping.
    by_hand = Document((Paragraph((Text(text), Code(text))),))
    for document in (renderer.document("table", {"x": text}), by_hand):
        window = StringIO()
        console = Console(file=window, width=80, color_system=None)
        for renderable in terminal.renderables(document):
            console.print(renderable)
        for shown in (window.getvalue(), plain.plain(document)):
            assert re.search("[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]", shown) is None
