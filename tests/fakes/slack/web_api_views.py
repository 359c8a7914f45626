"""The views.* methods of the Web API: modals in a stack of at most three, and App Home."""

from tests.fakes.slack.arguments import required
from tests.fakes.slack.checks import check_view
from tests.fakes.slack.posting import named_blocks
from tests.fakes.slack.records import View
from tests.fakes.slack.state import State
from tests.fakes.slack.wire import Json, SlackRefusal

DEEPEST = 3


def open_view(state: State, args: Json) -> Json:
    required(args, "view")
    _check(state, args["view"], "modal")
    trigger = state.exchange(args.get("trigger_id"))
    view = make(state, trigger.user, args["view"])
    state.book.stacks[trigger.user] = [view]
    return {"view": payload(state, view)}


def push(state: State, args: Json) -> Json:
    required(args, "view")
    _check(state, args["view"], "modal")
    trigger = state.exchange(args.get("trigger_id"))
    return {"view": payload(state, pushed(state, trigger.user, args["view"]))}


def update(state: State, args: Json) -> Json:
    required(args, "view")
    view = _named(state, args)
    if args.get("hash") and args["hash"] != view.hash:
        raise SlackRefusal("hash_conflict")
    _check(state, args["view"], view.kind)
    return {"view": payload(state, replaced(state, view, args["view"]))}


def publish(state: State, args: Json) -> Json:
    required(args, "user_id", "view")
    user = str(args["user_id"])
    if user not in state.workspace.people:
        raise SlackRefusal("user_not_found")
    _check(state, args["view"], "home")
    home = state.book.homes.get(user)
    if home is None:
        home = state.book.homes[user] = make(state, user, args["view"])
    elif args.get("hash") and args["hash"] != home.hash:
        raise SlackRefusal("hash_conflict")
    else:
        replaced(state, home, args["view"])
    return {"view": payload(state, home)}


def make(state: State, user: str, content: Json, below: View | None = None) -> View:
    id = f"V{state.book.number():08d}"
    _check_external_id(state, content, None)
    named_blocks(content["blocks"], state)
    view = View(id, user, content, below.root if below else id, below.id if below else None)
    state.book.views[id] = view
    return view


def pushed(state: State, user: str, content: Json) -> View:
    stack = state.book.stacks.get(user) or []
    if not stack:
        raise SlackRefusal("not_found")
    if len(stack) >= DEEPEST:
        raise SlackRefusal("push_limit_reached")
    view = make(state, user, content, stack[-1])
    stack.append(view)
    return view


def replaced(state: State, view: View, content: Json) -> View:
    _check_external_id(state, content, view)
    named_blocks(content["blocks"], state)
    kept = {block["block_id"] for block in content["blocks"]}
    view.values = {id: value for id, value in view.values.items() if id in kept}
    view.content = content
    view.number += 1
    return view


def payload(state: State, view: View) -> Json:
    workspace = state.workspace
    return view.payload(workspace.team, workspace.app_id, workspace.bot_id)


def is_open(state: State, view: View) -> bool:
    return view in state.book.stacks.get(view.user, []) or state.book.homes.get(view.user) is view


def _check(state: State, content: object, kind: str) -> None:
    if state.check:
        check_view(content, kind)


def _check_external_id(state: State, content: Json, own: View | None) -> None:
    external = content.get("external_id")
    if external and any(
        view is not own and view.content.get("external_id") == external and is_open(state, view)
        for view in state.book.views.values()
    ):
        raise SlackRefusal("duplicate_external_id")


def _named(state: State, args: Json) -> View:
    for view in state.book.views.values():
        named = view.id == args.get("view_id") or (
            args.get("external_id") and view.content.get("external_id") == args["external_id"]
        )
        if named and is_open(state, view):
            return view
    raise SlackRefusal("not_found")
