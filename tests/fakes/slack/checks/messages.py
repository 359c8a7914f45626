"""Messages: their text, their blocks, and the two together."""

import re
from typing import Any

from tests.fakes.slack.checks.blocks import check_blocks
from tests.fakes.slack.checks.shape import Findings
from tests.fakes.slack.wire import Json, SlackRefusal

MOST_BLOCKS = 50
MOST_ATTACHMENTS = 100
TEXT_TRUNCATED_AT = 40_000
MARKDOWN_CHARACTERS = 12_000
TABLE_CHARACTERS = 10_000
TS = re.compile(r"\d{10}\.\d{6}")


def check_message(args: Json, *, longest: int | None = None) -> None:
    """Raises Slack's refusal; `longest` is the text that `chat.update` still takes."""
    text = args.get("text")
    if text is not None and not isinstance(text, str):
        raise SlackRefusal("invalid_arguments", ["must be a string [json-pointer:/text]"])
    if longest is not None and text and len(text) > longest:
        raise SlackRefusal("msg_too_long")
    if args.get("markdown_text"):
        _check_markdown_text(args)
    attachments = args.get("attachments") or []
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackRefusal("too_many_attachments")
    blocks = args.get("blocks")
    if blocks:
        check_message_blocks(blocks)
    if not ((text and text.strip()) or blocks or attachments or args.get("markdown_text")):
        raise SlackRefusal("no_text")
    thread_ts = args.get("thread_ts")
    if thread_ts and not TS.fullmatch(str(thread_ts)):
        raise SlackRefusal("invalid_thread_ts")


def _check_markdown_text(args: Json) -> None:
    if args.get("text") or args.get("blocks"):
        raise SlackRefusal("markdown_text_conflict")
    if len(args["markdown_text"]) > MARKDOWN_CHARACTERS:
        raise SlackRefusal("msg_too_long")


def check_message_blocks(blocks: Any) -> None:
    if not isinstance(blocks, list):
        raise SlackRefusal("invalid_blocks_format")
    found = Findings()
    check_blocks(blocks, "message", "/blocks", MOST_BLOCKS, found)
    if found.table_characters > TABLE_CHARACTERS:
        found.add(f"all table cells together must be less than {TABLE_CHARACTERS + 1} characters", "/blocks")
    if found.reasons:
        raise SlackRefusal("invalid_blocks", found.reasons)
    if found.tables > 1:
        raise SlackRefusal("invalid_attachments", ["only_one_table_allowed"])
    if found.markdown_characters > MARKDOWN_CHARACTERS:
        raise SlackRefusal("msg_blocks_too_long")
