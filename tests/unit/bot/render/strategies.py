"""Texts as nasty as people and files can make them, and documents of every shape."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.render.document import (
    Block,
    BulletList,
    Code,
    CodeBlock,
    Document,
    Emphasis,
    Heading,
    Inline,
    LineBreak,
    Link,
    NumberedList,
    Paragraph,
    Quote,
    Rule,
    Strike,
    Strong,
    Table,
    Text,
)

_NASTY = (
    *("<!channel>", "<@U123>", "<#C1|x>", "@everyone", "@durov", "/start", "/start@bot", "#tag", "$USD", "t.me"),
    *("https://evil.example/x", "http://1.2.3.4", "1.2.3.4", "tg://resolve", "a@b.co", "example.com", "пример.рф"),
    *("**", "__", "~~", "`", "```", "~~~", "*", "_", "[", "](", ")", "![", "|", "\\", "&amp;", "&#64;", "&", "<b>"),
    *("</b>", "<", ">", "> ", "- ", "+ ", "1. ", "1) ", "# ", " #", "---", "===", ":-", "|-|", "!", "{{ x }}", "{%"),
    *("\n", "\r\n", "\n\n", "    ", "\t", "\x00", "\x1b[31m", "\x07", "\u202e", "\u2066", "\u200e", "\u2028", "\x85"),
    *(
        "Y.3802",
        "ISO/IEC",
        "JTC 1/SC 27",
        "عربي",
        "עברית",
        "👩‍👩‍👧",
        "é",
        "漢字",
        "ﬀ",
        "²",
        "\u00a0",
        " ",
        ".",
        "/",
        "@",
        "#",
        "$",
    ),
)
_LETTERS = st.characters(codec="utf-8")

nasty = st.lists(st.sampled_from(_NASTY) | _LETTERS, max_size=12).map("".join)
_words = st.text(st.sampled_from("abc .,é漢👍\u05d0\u0628@/#$<&.:"), min_size=1, max_size=30).filter(
    lambda text: bool(text.strip())
)
_long = st.builds(lambda text, times: text * times, _words, st.integers(1, 300))
texts = _words | _words | _words | _long

_leaf: st.SearchStrategy[Inline] = (
    st.builds(Text, texts) | st.builds(Code, _words) | st.just(LineBreak()) | st.builds(Text, st.just("x" * 5000))
)
_label = st.builds(lambda text: (Text(text),), _words)
_inline: st.SearchStrategy[Inline] = (
    _leaf
    | st.builds(Strong, _label)
    | st.builds(Emphasis, _label)
    | st.builds(Strike, _label)
    | st.builds(Link, _label, st.sampled_from(("https://itu.int/rec?a=1&b=2", "mailto:a@b.co")))
)
inlines = st.lists(_inline, min_size=1, max_size=4).map(tuple)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table with cells that are long, or with many rows of short cells."""
    columns = draw(st.integers(1, 4) | st.just(25))
    header = tuple((Text(f"H{number}"),) for number in range(columns))
    cells = draw(st.lists(st.builds(lambda text: (Text(text),), _words), min_size=columns, max_size=columns))
    if draw(st.booleans()):
        return Table(header, (tuple(cells),) * draw(st.integers(0, 120 if columns < 5 else 6)))
    return Table(header, ((draw(inlines), *cells[1:]),))


def _nested(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    item = st.lists(inner, min_size=1, max_size=2).map(tuple)
    items = st.lists(item, min_size=1, max_size=3).map(tuple)
    return st.builds(BulletList, items) | st.builds(NumberedList, items, st.integers(0, 5)) | st.builds(Quote, item)


_flat: st.SearchStrategy[Block] = (
    st.builds(Paragraph, inlines)
    | st.builds(Heading, st.integers(1, 6), inlines)
    | st.builds(CodeBlock, texts)
    | st.just(Rule())
)
_block = st.recursive(_flat, _nested, max_leaves=4) | tables()
documents = st.builds(
    lambda blocks, times: Document(tuple(blocks) * times),
    st.lists(_block, min_size=1, max_size=3),
    st.sampled_from((1, 1, 3)),
)
