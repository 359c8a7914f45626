"""One realistic answer, read in every dialect."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError
from rich.console import Console

from bot.render import mail, plain, slack, telegram, telegram_rich, templates, terminal
from bot.render.document import Document, Emphasis, Link, Paragraph, Strike, Strong, Text
from bot.render.renderer import Renderer
from bot.render.templates import Markdown
from handlers.command import Button
from tests.unit.bot.render.detection import Message

_ANSWER = """\
{% macro item(it) %}{{ it.reference | link(it.url) }} {{ it.title }}{% endmacro %}
# {{ count | plural("item", "items") }}

{% for it in items %}
- {{ item(it) }}
{% endfor %}

| Status | Published |
|---|---|
{% for it in items %}
| {{ it.status }} | {{ it.date | partial_date }} |
{% endfor %}

Type {{ command | code }} for more. Asked on {{ asked | moment(zone) }}.
"""
_DATA = {
    "count": 2,
    "items": [
        {
            "reference": "Y.3802",
            "url": "https://www.itu.int/rec/T-REC-Y.3802?lang=en&x=1",
            "title": "Networks <b>*",
            "status": "in force",
            "date": "2020-12",
        },
        {"reference": "Y.QKDN_QoS", "url": None, "title": "@all R&D", "status": "draft", "date": "2025"},
    ],
    "command": "roadmap show y3802",
    "asked": datetime(2027, 3, 18, 13, 0, tzinfo=UTC),
    "zone": ZoneInfo("Europe/Zurich"),
}
_BUTTONS = (Button("Next 10", "more", style="primary"), Button("Official page", url="https://www.itu.int/"))


@pytest.fixture
def renderer(tmp_path: Path) -> Renderer:
    (tmp_path / "answer.md.j2").write_text(_ANSWER)
    return Renderer(tmp_path)


@pytest.fixture
def answer(renderer: Renderer) -> Document:
    return renderer.document("answer", _DATA)


def test_telegram_reads_it_as_html(answer: Document) -> None:
    assert telegram.html(answer) == [
        "<b>2 items</b>\n\n"
        '• <a href="https://www.itu.int/rec/T-REC-Y.3802?lang=en&amp;x=1">Y.3802</a> Networks &lt;b&gt;*\n'
        "• Y.QKDN_QoS @\u2060all R&amp;D\n\n"
        "<pre>Status    Published\n--------  -------------\nin force  December 2020\ndraft     2025</pre>\n\n"
        "Type <code>roadmap show y3802</code> for more. Asked on 18 March 2027, 14:00 (Europe/Zurich)."
    ]


def test_telegram_reads_it_as_a_rich_message(answer: Document) -> None:
    (message,) = telegram_rich.rich_html(answer)
    assert message.startswith("<h1>2 items</h1><ul><li><a href=")
    assert "<tr><th>Status</th><th>Published</th></tr><tr><td>in force</td><td>December 2020</td></tr>" in message
    assert "@all R&amp;D" in message


def test_a_wide_table_becomes_lines_on_telegram(renderer: Renderer) -> None:
    document = renderer.parse(f"| Title | Note |\n|---|---|\n| {'long ' * 8} | |\n| b | c |\n")
    assert telegram.html(document) == [
        f"<b>Title:</b> {'long ' * 8}".rstrip() + "\n\n<b>Title:</b> b\n<b>Note:</b> c",
    ]


def test_slack_reads_it_as_blocks(answer: Document) -> None:
    (message,) = slack.messages(answer, _BUTTONS)
    header, items, table, more, actions = message["blocks"]
    assert header == {"type": "header", "text": {"type": "plain_text", "text": "2 items", "emoji": False}}
    assert items["elements"] == [
        {
            "type": "rich_text_list",
            "style": "bullet",
            "indent": 0,
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "link", "url": "https://www.itu.int/rec/T-REC-Y.3802?lang=en&x=1", "text": "Y.3802"},
                        {"type": "text", "text": " Networks <b>*"},
                    ],
                },
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "Y.QKDN_QoS @all R&D"}]},
            ],
        }
    ]
    assert table["type"] == "table"
    assert {"type": "text", "text": "roadmap show y3802", "style": {"code": True}} in _section(more)
    assert actions["elements"] == [
        {
            "type": "button",
            "action_id": "command:0",
            "text": {"type": "plain_text", "text": "Next 10", "emoji": False},
            "value": "more",
            "style": "primary",
        },
        {
            "type": "button",
            "action_id": "command:1",
            "text": {"type": "plain_text", "text": "Official page", "emoji": False},
            "url": "https://www.itu.int/",
        },
    ]
    assert message["text"].startswith("2 items\n\n- Y.3802 Networks &lt;b&gt;*\n- Y.QKDN_QoS @all R&amp;D\n")


def _section(block: dict[str, object]) -> list[object]:
    match block:
        case {"elements": [{"elements": list(texts)}]}:
            return texts
    raise AssertionError(block)


def test_slack_counts_on_after_a_list_within_a_list(renderer: Renderer) -> None:
    (message,) = slack.messages(renderer.parse("1. one\n   - inner\n2. two\n"))
    elements = message["blocks"][0]["elements"]
    assert isinstance(elements, list)
    first, inner, second = elements
    assert (first["style"], inner["indent"], second["offset"]) == ("ordered", 1, 1)


def test_a_mail_is_a_page_and_a_text(answer: Document) -> None:
    page, text = mail.mail(answer, "Your answer")
    parsed = Message(page)
    assert parsed.balanced
    assert parsed.links == ["https://www.itu.int/rec/T-REC-Y.3802?lang=en&x=1"]
    assert text == plain.plain(answer) + "\n"


def test_a_pipe_reads_plain_text(answer: Document) -> None:
    assert plain.plain(answer) == (
        "2 items\n\n"
        "- Y.3802 <https://www.itu.int/rec/T-REC-Y.3802?lang=en&x=1> Networks <b>*\n"
        "- Y.QKDN_QoS @all R&D\n\n"
        "Status    Published\n--------  -------------\nin force  December 2020\ndraft     2025\n\n"
        "Type roadmap show y3802 for more. Asked on 18 March 2027, 14:00 (Europe/Zurich)."
    )
    assert plain.choices(_BUTTONS) == "[1] Next 10\n[2] Official page <https://www.itu.int/>"


def test_the_terminal_shows_tables_and_numbered_choices(answer: Document) -> None:
    window = StringIO()
    for renderable in terminal.renderables(answer, _BUTTONS):
        Console(file=window, width=80).print(renderable)
    shown = window.getvalue()
    assert "│ in force │ December 2020 │" in shown
    assert "• Y.3802 Networks <b>*" in shown
    assert shown.endswith("[1] Next 10\n[2] Official page\n")


def test_short_telegram_buttons_share_a_row() -> None:
    buttons = [
        Button("Next", "more"),
        Button("Back", "back"),
        Button("A label that is rather long", "x"),
        *_BUTTONS[1:],
    ]
    assert telegram.keyboard(buttons, lambda command: f"c:{command}") == [
        [{"text": "Next", "callback_data": "c:more"}, {"text": "Back", "callback_data": "c:back"}],
        [{"text": "A label that is rather long", "callback_data": "c:x"}],
        [{"text": "Official page", "url": "https://www.itu.int/"}],
    ]


def test_callback_data_that_telegram_would_refuse_is_an_error() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        telegram.keyboard([Button("Next", "x" * 65)], str)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ('https://itu.int/a b(c)|d?x="1"&y=<2>', "https://itu.int/a%20b%28c%29%7Cd?x=%221%22&y=%3C2%3E"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("http://itu.int:8080", "http://itu.int:8080"),
    ],
)
def test_a_link_keeps_its_address_whatever_is_in_it(renderer: Renderer, url: str, expected: str) -> None:
    assert renderer.parse(templates.link("label", url)).blocks == (Paragraph((Link((Text("label"),), expected),)),)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "ftp://itu.int",
        "https://itu.int@evil.example/",
        "https://[",
        "//itu.int",
        "tg://x",
    ],
)
def test_what_is_no_web_address_is_no_link(renderer: Renderer, url: str | None) -> None:
    assert renderer.parse(templates.link("label", url)).blocks == (Paragraph((Text("label"),)),)


def test_only_web_and_mail_addresses_of_a_template_are_links(renderer: Renderer) -> None:
    document = renderer.parse("[a](javascript:x) [b](tg://user?id=1) [c](mailto:a@b.co) ![d](https://x.y/z.png)")
    assert document.blocks == (Paragraph((Text("a b "), Link((Text("c"),), "mailto:a@b.co"), Text(" d"))),)


def test_a_template_may_style_its_own_words(renderer: Renderer) -> None:
    assert renderer.parse("**a** *b* ~~c~~").blocks == (
        Paragraph((Strong((Text("a"),)), Text(" "), Emphasis((Text("b"),)), Text(" "), Strike((Text("c"),)))),
    )


def test_markdown_joined_with_data_stays_markdown(renderer: Renderer) -> None:
    said = templates.join([templates.link("a", "https://x.y"), "*b*", Markdown("**c**"), None], ", ")
    assert said == r"[a](https://x.y), \*b\*, **c**, "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("2025", "2025"), ("2025-07", "July 2025"), ("2025-07-03", "3 July 2025"), ("2025-13", "2025-13")),
        *(("mid-May", "mid-May"), ("2025-07-03-1", "2025-07-03-1"), ("", ""), (None, "")),
    ],
)
def test_a_partial_date_is_said_as_far_as_it_is_known(text: str | None, expected: str) -> None:
    assert templates.partial_date(text) == expected


def test_days_and_moments_are_said_in_the_zone_of_the_reader() -> None:
    assert templates.day(date(2027, 3, 8)) == "8 March 2027"
    when = datetime(2027, 3, 18, 20, 0, tzinfo=UTC)
    assert templates.moment(when, ZoneInfo("Asia/Seoul")) == "19 March 2027, 05:00 (Asia/Seoul)"
    with pytest.raises(ValueError, match="zone"):
        templates.moment(when.replace(tzinfo=None), ZoneInfo("Asia/Seoul"))


def test_a_template_that_names_what_it_was_not_given_is_an_error(renderer: Renderer, tmp_path: Path) -> None:
    (tmp_path / "wrong.md.j2").write_text("{{ missing }}")
    with pytest.raises(UndefinedError):
        renderer.markdown("wrong", {})
