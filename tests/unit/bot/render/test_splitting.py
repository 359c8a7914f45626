"""Long messages are split where it hurts least, lose no character, and keep every platform's limits."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render import slack, telegram, telegram_rich
from bot.render.document import (
    Block,
    BulletList,
    CodeBlock,
    Document,
    Heading,
    NumberedList,
    Paragraph,
    Strong,
    Table,
    Text,
    texts,
)
from bot.render.split import split
from handlers.command import Button
from tests.unit.bot.render.detection import Message
from tests.unit.bot.render.strategies import documents

_MODERATE = settings(max_examples=30, deadline=None)


def _letters(document: Document) -> str:
    """The text without white space, headers of tables left out: they are repeated."""
    return "".join("".join(texts(tuple(_headless(document.blocks)))).split())


def _headless(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Table):
            yield Table(tuple(() for _ in block.header), block.rows)
        else:
            yield block


def _size(blocks: tuple[Block, ...]) -> int:
    return sum(len(text) + 1 for text in texts(blocks))


@_MODERATE
@given(document=documents, limit=st.integers(120, 3000))
def test_the_parts_together_say_what_the_whole_said(document: Document, limit: int) -> None:
    parts = split(document, lambda blocks: _size(blocks) <= limit)
    assert "".join(map(_letters, parts)) == _letters(document)
    assert all(_size(part.blocks) <= limit for part in parts)


@_MODERATE
@given(document=documents)
def test_every_telegram_message_keeps_the_limits(document: Document) -> None:
    for message in telegram.html(document):
        parsed = Message(message)
        assert parsed.balanced
        assert parsed.text.strip()
        assert 1 <= len(parsed.text.encode("utf-16-le")) // 2 <= 4096
        assert len(parsed.tags) <= 100
        assert parsed.detected() == []


@_MODERATE
@given(document=documents)
def test_every_rich_telegram_message_keeps_the_limits(document: Document) -> None:
    for message in telegram_rich.rich_html(document):
        parsed = Message(message)
        assert parsed.balanced
        assert len(parsed.text) <= 32768
        assert (
            sum(tag in {"p", "li", "tr", "pre", "hr", "table", "ul", "ol", "blockquote"} for tag in parsed.tags) <= 500
        )


@_MODERATE
@given(document=documents, count=st.integers(0, 12))
def test_every_slack_message_keeps_the_limits(document: Document, count: int) -> None:
    buttons = [Button(f"Button {number} " * 20, f"roadmap show {number}") for number in range(count)]
    messages = slack.messages(document, buttons)
    for message in messages:
        blocks = message["blocks"]
        assert 1 <= len(blocks) <= 50
        assert len(message["text"]) <= 4000
        assert sum(block["type"] == "table" for block in blocks) <= 1
        for block in blocks:
            _check_slack_block(block)
    pressed = [
        element["action_id"] for block in messages[-1]["blocks"] for element in _list(block) if "action_id" in element
    ]
    assert len(set(pressed)) == len(pressed) == count


def _list(block: dict[str, object]) -> list[dict[str, object]]:
    elements = block.get("elements", [])
    assert isinstance(elements, list)
    return elements


def _check_slack_block(block: dict[str, object]) -> None:
    match block:
        case {"type": "header", "text": {"text": str(text)}}:
            assert 1 <= len(text) <= 150
        case {"type": "actions", "elements": list(elements)}:
            assert len(elements) <= 5
            assert all(len(element["text"]["text"]) <= 75 for element in elements)
        case {"type": "table", "rows": list(rows)}:
            assert len(rows) <= 100
            assert all(len(row) <= 20 for row in rows)
        case {"type": "rich_text", "elements": list(elements)}:
            assert elements
            assert all(element["elements"] for element in elements)
        case _:
            assert block == {"type": "divider"}


def test_nothing_to_say_is_no_message() -> None:
    assert not [*telegram.html(Document()), *telegram_rich.rich_html(Document()), *slack.messages(Document())]


def test_buttons_alone_are_a_message_on_slack() -> None:
    (message,) = slack.messages(Document(), [Button("Next", "more")])
    assert message["text"] == "Next"
    assert [block["type"] for block in message["blocks"]] == ["actions"]


def _cut(*blocks: Block, limit: int) -> list[Document]:
    return split(Document(blocks), lambda some: _size(some) <= limit)


def test_a_heading_goes_with_what_it_heads() -> None:
    paragraph, heading = Paragraph((Text("word " * 4),)), Heading(1, (Text("head"),))
    parts = _cut(paragraph, heading, paragraph, limit=32)
    assert [part.blocks for part in parts] == [(paragraph,), (heading, paragraph)]


def test_a_list_is_cut_between_items_and_counts_on() -> None:
    items = tuple((Paragraph((Text("x" * 9),)),) for _ in range(5))
    parts = _cut(NumberedList(items), limit=20)
    assert [part.blocks for part in parts] == [
        (NumberedList(items[:2], 1),),
        (NumberedList(items[:2], 3),),
        (NumberedList(items[:1], 5),),
    ]


def test_a_table_repeats_its_header() -> None:
    header, row = ((Text("name"),),), ((Text("x" * 9),),)
    parts = _cut(Table(header, (row,) * 3), limit=20)
    assert [part.blocks for part in parts] == [(Table(header, (row,)),)] * 3


def test_a_long_item_is_cut_after_a_sentence_and_keeps_its_style() -> None:
    item = (Paragraph((Strong((Text("First sentence. Second sentence is longer."),)),)),)
    parts = _cut(BulletList((item,)), limit=25)
    assert parts[0].blocks == (BulletList(((Paragraph((Strong((Text("First sentence. "),)),)),),)),)
    assert all(isinstance(part.blocks[0], BulletList) for part in parts)


def test_an_emoji_of_several_parts_is_not_parted() -> None:
    family = "👩‍👩‍👧"
    for part in _cut(Paragraph((Text(family * 9),)), limit=13):
        (text,) = texts(part.blocks)
        assert text.replace(family, "") == ""


def test_code_is_cut_at_the_end_of_a_line() -> None:
    parts = _cut(CodeBlock("one\ntwo\nthree"), limit=9)
    assert [part.blocks for part in parts] == [(CodeBlock("one\ntwo"),), (CodeBlock("three"),)]
