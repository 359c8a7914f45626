"""The Web API: which methods there are, what each needs, and who may call."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.slack import web_api_chat as chat
from tests.fakes.slack import web_api_directory as directory
from tests.fakes.slack import web_api_files as files
from tests.fakes.slack import web_api_views as views
from tests.fakes.slack.state import State
from tests.fakes.slack.wire import Json, SlackRefusal

READ_CONVERSATIONS = ("channels:read", "groups:read", "im:read", "mpim:read")


@dataclass(frozen=True)
class Method:
    """`scopes`: any one of them is enough."""

    run: Callable[[State, Json], Json]
    scopes: tuple[str, ...] = ()
    token: str = "bot"


METHODS: dict[str, Method] = {
    "api.test": Method(directory.api_test, token="none"),
    "auth.test": Method(directory.auth_test, token="any"),
    "apps.connections.open": Method(directory.connections_open, ("connections:write",), "app"),
    "chat.postMessage": Method(chat.post_message, ("chat:write",)),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("chat:write",)),
    "chat.update": Method(chat.update, ("chat:write",)),
    "chat.delete": Method(chat.delete, ("chat:write",)),
    "views.open": Method(views.open_view),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
    "views.publish": Method(views.publish),
    "users.info": Method(directory.users_info, ("users:read",)),
    "users.lookupByEmail": Method(directory.lookup_by_email, ("users:read.email",)),
    "conversations.open": Method(directory.conversations_open, ("im:write", "mpim:write")),
    "conversations.info": Method(directory.conversations_info, READ_CONVERSATIONS),
    "conversations.list": Method(directory.conversations_list, READ_CONVERSATIONS),
    "conversations.members": Method(directory.conversations_members, READ_CONVERSATIONS),
    "files.info": Method(files.info, ("files:read",)),
    "files.getUploadURLExternal": Method(files.upload_url, ("files:write",)),
    "files.completeUploadExternal": Method(files.complete, ("files:write",)),
}


def call(state: State, name: str, token: str | None, args: Json) -> Json:
    """The answer of a method; raises `SlackRefusal`."""
    method = METHODS.get(name)
    if method is None:
        raise SlackRefusal("unknown_method", req_method=name)
    _authorize(state, method, token)
    return {"ok": True, **method.run(state, args)}


def _authorize(state: State, method: Method, token: str | None) -> None:
    if method.token == "none":
        return
    if not token:
        raise SlackRefusal("not_authed")
    if hmac.compare_digest(token, state.app_token):
        if method.token == "bot":
            raise SlackRefusal("not_allowed_token_type")
    elif not hmac.compare_digest(token, state.bot_token):
        raise SlackRefusal("invalid_auth")
    elif method.token == "app":
        raise SlackRefusal("not_allowed_token_type")
    if state.auth_error:
        raise SlackRefusal(state.auth_error)
    granted = state.scopes
    if granted is not None and method.token == "bot" and method.scopes and not granted & set(method.scopes):
        raise SlackRefusal("missing_scope", needed=method.scopes[0], provided=",".join(sorted(granted)))
