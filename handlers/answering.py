"""Answering: which liaison statement answers another one, where nobody said so when it was logged or sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import Choice, field
from handlers.liaison import entries, replying
from handlers.liaison.entries import label
from handlers.liaison.fields import Name
from handlers.liaison.overview import WAITING
from handlers.liaison.steps import logged, refused
from handlers.line import quote
from handlers.representing.entries import actor_of
from handlers.situation import Situation
from storage import liaisons
from storage.liaison import replies
from storage.tables import Liaison
from storage.words import Direction, LiaisonStatus

_MOST = 5
_CAN_BE = (*WAITING, LiaisonStatus.NOTED, LiaisonStatus.ANSWERED, LiaisonStatus.CLOSED)


def _bare(text: str) -> str:
    """`LS9`, also where somebody wrote `with=LS9`."""
    return text.removeprefix("with=").removeprefix("with ").strip() or text


class Answering(Form):
    submit: ClassVar[str] = "It is answered"
    number: Name = field("Number", help="of the statement that is answered", searched=True)
    reply: Annotated[Name, AfterValidator(_bare)] | None = field(
        "With", help="the number of the statement that answers it", default=None
    )

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await entries.offers(situation, typed)


@command(
    "liaison answer",
    form=Answering,
    role=Role.SECRETARIAT,
    help="Which statement answers a liaison statement, or write one",
    example="liaison answer LS5 with=LS9",
    changes=True,
)
async def answer(request: Request, answering: Answering) -> Reply:
    original = await logged(request, answering.number)
    if original.status not in _CAN_BE:
        raise await refused(request, original)
    if answering.reply is None:
        return await _which(request, original)
    reply = await _reply(request, original, answering.reply)
    linked = await replying.link(request, reply, original.id, actor_of(request), whole=True)
    return Reply(
        "liaisons/answered",
        number=reply.number,
        title=reply.title,
        linked=replying.shown(linked),
        buttons=[*replying.buttons(linked), Button("Thread", f"liaison thread {quote(original.number)}")],
    )


async def _which(request: Request, original: Liaison) -> Reply:
    """Ask which statement answers it."""
    number = quote(original.number)
    some = await replies.unlinked(request.session, original, _MOST)
    draft = [Button("Write a reply", f"liaison draft reply={number}", style="primary")]
    return Reply(
        "liaisons/which",
        number=original.number,
        title=original.title,
        is_ours=original.direction is Direction.OUTGOING,
        some=[{"number": one.number, "source": one.source, "title": one.title} for one in some],
        buttons=[
            *(draft if original.direction is Direction.INCOMING else []),
            *(Button(label(one), f"liaison answer {number} {quote(one.number)}") for one in some),
        ],
    )


async def _reply(request: Request, original: Liaison, text: str) -> Liaison:
    """The statement that answers. Raises `Refused` for one that cannot."""
    reply = await liaisons.locked(request.session, (await logged(request, text)).id)
    show = [Button(f"Show {reply.number}"[:60], f"liaison show {quote(reply.number)}")]
    if reply.response_to_id == original.id and not reply.is_holding:
        raise Refused(f"{reply.number} answers {original.number} already.", "", show)
    if await replies.precedes(request.session, reply.id, original.id):
        said = "A statement does not answer itself." if reply.id == original.id else ""
        raise Refused(said or f"{original.number} itself replies to {reply.number}.", "Look at the thread.", show)
    if reply.response_to_id not in (None, original.id):
        other = (await liaisons.known(request.session, reply.response_to_id or 0)).liaison
        hint = f"Correct that first: liaison correct {quote(reply.number)} in_response_to=…"
        raise Refused(f"{reply.number} replies to {other.number} already.", hint, show)
    return reply
