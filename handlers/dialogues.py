"""Forms left half-way: closed after a week, and whoever left them is told."""

from __future__ import annotations

from datetime import timedelta

from handlers.chore import Errand, chore
from handlers.command import Button, Reply
from handlers.outgoing import Priority, tell
from storage import dialogues, targets
from storage.dialogues import Expired
from storage.targets import Destination


@chore("forms left half-way", every=timedelta(hours=1))
async def close_dialogues(errand: Errand) -> None:
    for over in await dialogues.expire(errand.session, errand.now):
        target = await _target(errand, over)
        if target is None:
            continue
        reply = Reply(
            "dialogue/expired",
            words=over.command,
            since=over.updated_at,
            buttons=[Button("Start again", over.command)],
        )
        await tell(errand, [target], reply, cause=f"dialogue:{over.id}:expired", priority=Priority.BULK)


async def _target(errand: Errand, over: Expired) -> int | None:
    """Where the form was being filled in, if nobody else reads there; else where the person is told things."""
    if over.is_private:
        return await targets.kept(errand.session, Destination(over.platform, over.address, over.thread))
    return await targets.of_person(errand.session, over.person_id)
