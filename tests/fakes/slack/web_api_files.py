"""Files: what is known of one; sending one in three steps: an upload URL, the bytes, the completion."""

from tests.fakes.slack.arguments import required
from tests.fakes.slack.posting import named_blocks
from tests.fakes.slack.records import File, Message
from tests.fakes.slack.state import State
from tests.fakes.slack.wire import Json, SlackRefusal


def info(state: State, args: Json) -> Json:
    """The bot sees what was shared where it is, and what it sent itself."""
    required(args, "file")
    file = state.book.files.get(str(args["file"]))
    if file is None or file.content is None:
        raise SlackRefusal("file_not_found")
    shares: Json = {}
    for channel, messages in file.shares.items():
        kind = "public" if state.workspace.channels[channel].kind == "public" else "private"
        shares.setdefault(kind, {})[channel] = messages
    told = {**file.payload(state.url), "channels": list(file.shares), "shares": shares}
    return {"file": told, "comments": [], "response_metadata": {"next_cursor": ""}}


def upload_url(state: State, args: Json) -> Json:
    required(args, "filename", "length")
    try:
        length = int(args["length"])
    except ValueError:
        raise SlackRefusal("invalid_arguments", ["must be a number [json-pointer:/length]"]) from None
    file = File(f"F{state.book.number():08d}", str(args["filename"]), length)
    state.book.files[file.id] = file
    return {"upload_url": f"{state.url}/upload/{file.id}", "file_id": file.id}


def complete(state: State, args: Json) -> Json:
    required(args, "files")
    files = [_uploaded(state, one) for one in args["files"]]
    channels = [args["channel_id"]] if args.get("channel_id") else str(args.get("channels") or "").split(",")
    for target in filter(None, channels):
        _share(state, target, files, args)
    return {"files": [{"id": file.id, "title": file.title, "name": file.name} for file in files]}


def _uploaded(state: State, one: Json) -> File:
    file = state.book.files.get(str(one.get("id")))
    if file is None or file.content is None:
        raise SlackRefusal("file_not_found")
    file.title = one.get("title") or file.name
    return file


def _share(state: State, target: str, files: list[File], args: Json) -> None:
    channel = state.workspace.reachable(target)
    if channel.archived or state.workspace.bot.id not in channel.members:
        raise SlackRefusal("not_in_channel")
    for file in files:
        file.shared_in.append(channel.id)
    state.book.add(
        Message(
            channel=channel.id,
            ts=state.book.ts(),
            user=state.workspace.bot.id,
            text=args.get("initial_comment") or "",
            blocks=named_blocks(args.get("blocks") or [], state),
            thread_ts=args.get("thread_ts") or None,
            by_app=True,
            files=files,
        )
    )
