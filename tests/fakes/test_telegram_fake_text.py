"""The Telegram server's reading of texts: its HTML, what it finds by itself, its limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .telegram.content import CAPTION_LIMIT, Content, rich_content
from .telegram.detection import find
from .telegram.errors import ApiError
from .telegram.html_mode import parse
from .telegram.rich import RichReader


def marked(html: str) -> list[tuple[str, str]]:
    return [(entity.type, entity.text) for entity in parse(html)[1]]


def found(text: str) -> list[tuple[str, str]]:
    return [(entity.type, entity.text) for entity in find(text)]


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>bold</b> and <i>it<u>al</u></i>", "bold and ital", ["bold", "italic", "underline"]),
        ("<strong>a</strong><em>b</em><s>c</s>", "abc", ["bold", "italic", "strikethrough"]),
        ("a &lt;b&gt; &amp; &quot;c&quot; &#65;&#x42; &nbsp;", 'a <b> & "c" AB &nbsp;', []),
        ('<a href="https://itu.int/?a=1&amp;b=2">x</a>', "x", ["text_link"]),
        ("<a href='tg://user?id=42'>x</a>", "x", ["text_mention"]),
        ('<a href="javascript:alert(1)">x</a>', "x", []),
        ('<tg-spoiler>x</tg-spoiler><span class="tg-spoiler">y</span>', "xy", ["spoiler", "spoiler"]),
        ("<blockquote expandable>long</blockquote>", "long", ["expandable_blockquote"]),
        ("<B>x</b >", "x", ["bold"]),
    ],
)
def test_html_becomes_text_and_entities(html: str, text: str, entities: list[str]) -> None:
    assert parse(html)[0] == text
    assert [entity.type for entity in parse(html)[1]] == entities


def test_code_in_a_preformatted_block_is_one_entity_with_its_language() -> None:
    _, [entity] = parse('<pre><code class="language-python">x = 1</code></pre>')
    assert (entity.type, entity.language, entity.text) == ("pre", "python", "x = 1")


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("é<table>", 'Unsupported start tag "table" at byte offset 2'),
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href=https://itu.int>x</a>", "Unexpected end of name token at byte offset 13"),
    ],
)
def test_html_that_telegram_does_not_take_is_refused_in_its_words(html: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse(html)
    assert refusal.value.description == f"Bad Request: can't parse entities: {reason}"


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    assert parse(f"<b>{escaped}</b>")[0] == text


def test_offsets_count_utf_16_units() -> None:
    _, [entity] = parse("😀😀 <b>x😀</b>")
    assert (entity.offset, entity.length, entity.text) == (5, 3, "x😀")


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("ask @alice or @al, not a@alice", [("mention", "@alice")]),
        ("/start and/or /ask@some_bot", [("bot_command", "/start"), ("bot_command", "/ask@some_bot")]),
        ("#QKD #42 #naïve", [("hashtag", "#QKD"), ("hashtag", "#naïve")]),
        ("$USD $usd US$", [("cashtag", "$USD")]),
        (
            "https://itu.int/a?b=1. etsi.org, itu.int/x",
            [("url", t) for t in ("https://itu.int/a?b=1", "etsi.org", "itu.int/x")],
        ),
        ("report.md and 3802.zip", [("url", "report.md"), ("url", "3802.zip")]),
        ("at 10.0.0.1:80", [("url", "10.0.0.1:80")]),
        ("mail tsb@itu.int now", [("email", "tsb@itu.int")]),
        ("call +41 22 730 51 11", [("phone_number", "+41 22 730 51 11")]),
    ],
)
def test_telegram_finds_these_by_itself(text: str, entities: list[tuple[str, str]]) -> None:
    assert found(text) == entities
    assert all(entity.automatic for entity in find(text))


@pytest.mark.parametrize(
    "text",
    [
        "ITU-T Y.3802 (12/2020), Amd. 1",
        "ETSI GS QKD 014 V1.1.1 (2019-02)",
        "ISO/IEC 23837-1:2023",
        "Y.QKDN_QoS_pa, TR.QN-UC",
        "It ended.In Geneva, e.g. i.e. 10.5 %",
        "@\u2060alice, /\u2060start, #\u2060QKD, etsi\u2060.\u2060org",
        "",
    ],
)
def test_telegram_finds_nothing_in_these(text: str) -> None:
    assert found(text) == []


def test_nothing_is_found_in_code_and_links_but_in_bold() -> None:
    content = Content('<code>@alice</code> <a href="https://itu.int">etsi.org</a> <b>@bobby</b>', "HTML")
    assert [entity.text for entity in content.entities if entity.automatic] == ["@bobby"]


def test_blanks_around_a_text_are_dropped_and_entities_move_along() -> None:
    content = Content("\n <b> x </b> y \n", "HTML")
    assert content.text == "x  y"
    assert [(one.offset, one.length, one.text) for one in content.entities] == [(0, 2, "x ")]


def refusal_of(content: Content, limit: int = 4096) -> str | None:
    try:
        content.check(limit)
    except ApiError as error:
        return error.description.removeprefix("Bad Request: ")
    return None


def test_lengths_are_those_after_entities_in_utf_16_units() -> None:
    assert refusal_of(Content("<b>" + "&lt;" * 4096 + "</b>", "HTML")) is None
    assert refusal_of(Content("😀" * 2048)) is None
    assert refusal_of(Content("😀" * 2049)) == "message is too long"
    assert refusal_of(Content("x" * 1025), CAPTION_LIMIT) == "message caption is too long"
    assert refusal_of(Content("<b> \u200b</b>", "HTML")) == "message text is empty"
    assert refusal_of(Content("x", "Markdowny")) == "unsupported parse_mode Markdowny"


def test_a_rich_message_shows_its_words_and_links() -> None:
    html = (
        '<h2>Roadmap</h2><p>From <a href="https://etsi.org">ETSI</a>:<br/>two &lt;items&gt;</p>'
        "<table bordered><tr><th>Reference</th><th>Year</th></tr>\n<tr><td>QKD 014</td><td>2019</td></tr></table>"
        "<ul><li>one</li><li><p>two</p></li></ul><details><summary>more</summary><p>text</p></details>"
    )
    content = rich_content({"html": html})
    content.check()
    assert content.text.splitlines() == [
        "Roadmap", "From ETSI:", "two <items>", "Reference\tYear", "QKD 014\t2019", "one", "two", "more", "text",
    ]  # fmt: skip
    assert [entity.url for entity in content.entities] == ["https://etsi.org"]


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p>x", "Can't find end tag"),
        ("<p>x</h1>", "Unmatched end tag"),
        ("</p>", "Unexpected end tag"),
        ("<script>x</script>", 'Unsupported start tag "script"'),
        ("<td>x</td>", 'Tag "td" is not allowed'),
        ("<table>x</table>", "Unexpected text"),
        ("<p><p>x</p></p>", 'Tag "p" is not allowed'),
        ("<p></p>", "message text is empty"),
        (f"<p>{'x' * 32_769}</p>", "message is too long"),
        ("<p>x</p>" * 501, "too many blocks"),
        ("<blockquote>" * 17 + "x" + "</blockquote>" * 17, "nested too deeply"),
        (f"<table><tr>{'<td>x</td>' * 21}</tr></table>", "too many columns"),
    ],
)
def test_rich_html_that_does_not_hold_is_refused(html: str, reason: str) -> None:
    with pytest.raises(ApiError, match=reason):
        RichReader(html).read()


def test_a_rich_message_may_switch_detection_off() -> None:
    html = "<p>ask @alice</p>"
    assert [one.text for one in rich_content({"html": html}).entities] == ["@alice"]
    assert rich_content({"html": html, "skip_entity_detection": True}).entities == []
