"""How a message gets into a channel, whichever way the app sent it."""

from tests.fakes.slack.arguments import truth
from tests.fakes.slack.checks import check_message
from tests.fakes.slack.checks.messages import TEXT_TRUNCATED_AT
from tests.fakes.slack.records import Message
from tests.fakes.slack.state import ResponseUrl, State
from tests.fakes.slack.wire import Json, SlackRefusal

UPDATED_TEXT_LIMIT = 4_000
NOTED = ("parse", "link_names", "mrkdwn", "unfurl_links", "unfurl_media", "metadata", "username", "icon_emoji")


def named_blocks(blocks: list[Json], state: State) -> list[Json]:
    """The blocks with the ids that Slack generates where the app gave none."""
    for block in blocks:
        if not block.get("block_id"):
            block["block_id"] = f"b{state.book.number()}"
        inner = [block.get("accessory"), block.get("element")]
        if block["type"] == "actions":
            inner += block["elements"]
        for element in inner:
            if element and element["type"] != "image" and not element.get("action_id"):
                element["action_id"] = f"a{state.book.number()}"
    return blocks


def content(args: Json, state: State, *, longest: int | None = None) -> tuple[str, list[Json]]:
    """Text and blocks after Slack's checks."""
    if state.check:
        check_message(args, longest=longest)
    blocks = named_blocks(args.get("blocks") or [], state)
    if args.get("markdown_text"):
        blocks = named_blocks([{"type": "markdown", "text": args["markdown_text"]}], state)
    return (args.get("text") or "")[:TEXT_TRUNCATED_AT], blocks


def post(state: State, channel: str, args: Json, *, ephemeral_to: str | None = None) -> Message:
    text, blocks = content(args, state)
    return state.book.add(
        Message(
            channel=channel,
            ts=state.book.ts(),
            user=state.workspace.bot.id,
            text=text,
            blocks=blocks,
            thread_ts=args.get("thread_ts") or None,
            ephemeral_to=ephemeral_to,
            reply_broadcast=truth(args.get("reply_broadcast", False)),
            by_app=True,
            args={name: args[name] for name in NOTED if name in args},
        )
    )


def change(state: State, message: Message, args: Json, *, longest: int | None = None) -> Message:
    """Replaces what the message says; `blocks` that are not given go when a text is."""
    text, blocks = content(args, state, longest=longest)
    message.earlier.append(message.text)
    message.text = text
    message.blocks = blocks
    message.args = {name: args[name] for name in NOTED if name in args}
    message.edited = True
    return message


def answer(state: State, place: ResponseUrl, args: Json) -> Message | None:
    """What a response URL, or the body of an acknowledgement, does. Ephemeral unless the app says `in_channel`."""
    original = state.book.message(place.channel, place.message_ts) if place.message_ts else None
    if truth(args.get("delete_original", False)):
        if original is None:
            raise SlackRefusal("message_not_found")
        original.deleted = True
        return original
    if truth(args.get("replace_original", False)) and original is not None:
        return change(state, original, args)
    where = {**args, "thread_ts": args.get("thread_ts") or place.thread_ts}
    in_channel = args.get("response_type") == "in_channel"
    message = post(state, place.channel, where, ephemeral_to=None if in_channel else place.user)
    if original is None:
        place.message_ts = message.ts
    return message
