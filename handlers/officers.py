"""Officers by command: who chairs a group, and who represents it."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from handlers.command import Button, Form, Reply, Request, Role, command
from handlers.form import field
from handlers.groups import group_named
from handlers.line import quote
from handlers.representing.entries import name_of
from storage import officers, representatives

# "who SG13" is this command; "who covers key management?" is a question, which the words of a code do not begin.
_CODE = re.compile(r"(?=.*(?:[0-9]|[A-Z]{2}))[^\W_][\w./ -]{0,59}")


def _group(text: str) -> str:
    words = text.split()
    if not _CODE.fullmatch(text) or len(words) > 4 or any(word.islower() and word.isalpha() for word in words):
        raise ValueError("that is no code of a group; one is SG13, another ISG QKD")
    return text


class Who(Form):
    group: Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_group)] | None = field(
        "Group", help="its code, such as SG13; without one it is ours", default=None
    )


@command("who", form=Who, role=Role.GUEST, help="Officers and representatives of a group", example="who SG13")
async def who(request: Request, asked: Who) -> Reply:
    group = group_named(request, asked.group or request.host)
    offices = [one for one in await officers.all_officers(request.session) if one.group == group.code]
    is_member = request.role >= Role.MEMBER
    appointed = await representatives.of_group(request.session, group.id) if is_member else ()
    buttons = [Button(f"About {group.code}"[:60], f"group show {quote(group.code)}")]
    if appointed:
        buttons.append(Button("Representatives", f"representative list {quote(group.code)}"))
    return Reply(
        "officers/who",
        group=group,
        officers=offices,
        representatives=[(name_of(one), one.kind.value) for one in appointed],
        buttons=buttons,
    )
