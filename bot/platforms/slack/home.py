"""App Home: the start page as a Slack view."""

from __future__ import annotations

from bot.arrival import Message
from bot.render.document import Block, Blocks, BulletList, Document, Paragraph, Table
from bot.render.layout import records
from bot.render.renderer import Renderer
from bot.render.slack import messages
from bot.render.slack_text import Json
from handlers.command import Button

_MOST_BLOCKS = 100


def view(render: Renderer, message: Message, buttons: list[Button]) -> Json:
    """The message as a view; `buttons` are the message's, short enough for Slack."""
    document = Document(tuple(_without_table(block) for block in render.parse(message.markdown).blocks))
    blocks = [block for part in messages(document, buttons) for block in part["blocks"]]
    return {"type": "home", "blocks": blocks[:_MOST_BLOCKS]}


def _without_table(block: Block) -> Block:
    """App Home takes no tables."""
    if not isinstance(block, Table):
        return block
    rows: tuple[Blocks, ...] = tuple((Paragraph(record),) for record in records(block))
    return BulletList(rows)
