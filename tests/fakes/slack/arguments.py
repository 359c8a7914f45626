"""The arguments of a Web API call, from any of the bodies that Slack takes."""

import json
from typing import Any

from aiohttp import web

from tests.fakes.slack.wire import Json, SlackRefusal

FORM_ONLY = frozenset(
    {
        "users.info",
        "users.lookupByEmail",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "files.getUploadURLExternal",
        "files.info",
    }
)
STRUCTURED = frozenset({"blocks", "attachments", "view", "metadata", "files"})
NOT_JSON = {"blocks": "invalid_blocks_format", "attachments": "invalid_attachments"}


async def arguments(request: web.Request, method: str) -> Json:
    """Query, form and JSON in one, structured arguments parsed. As on Slack, some methods overlook a JSON body."""
    args: Json = dict(request.query)
    kind = request.content_type
    if request.method == "GET" or not request.body_exists:
        return _parsed(args)
    if kind == "application/json":
        body = _loaded(await request.text())
        if not isinstance(body, dict):
            raise SlackRefusal("invalid_json")
        if method not in FORM_ONLY:
            args.update(body)
    elif kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        args.update({name: value for name, value in (await request.post()).items() if isinstance(value, str)})
    elif await request.read():
        raise SlackRefusal("invalid_post_type")
    return _parsed(args)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise SlackRefusal("invalid_json") from error


def _parsed(args: Json) -> Json:
    for name in STRUCTURED & args.keys():
        value = args[name]
        if isinstance(value, str):
            try:
                args[name] = json.loads(value) if value else None
            except ValueError as error:
                raise SlackRefusal(NOT_JSON.get(name, "invalid_arguments"), [f"invalid JSON in {name}"]) from error
    return args


def truth(value: object) -> bool:
    return str(value).lower() in ("1", "true")


def required(args: Json, *names: str) -> None:
    missing = [f"missing required field: {name} [json-pointer:/{name}]" for name in names if not args.get(name)]
    if missing:
        raise SlackRefusal("invalid_arguments", missing)
