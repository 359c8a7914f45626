"""Corrections: announcements that went out and said something wrong."""

from __future__ import annotations

from handlers.announcements import Rewriting
from handlers.announcing import wording
from handlers.announcing.drafts import known, noted
from handlers.command import Button, Refused, Reply, Request, Role, command
from handlers.outgoing import reword
from storage import announcements, broadcasts
from storage.announcements import OUT, title_of
from storage.words import AnnouncementState


@command(
    "announcement correct",
    form=Rewriting,
    role=Role.SECRETARIAT,
    help="Correct what was sent: edited where that can be, else sent anew as a correction",
    example="announcement correct 3 'The meeting is on 19 March.'",
    changes=True,
)
async def correct(request: Request, correcting: Rewriting) -> Reply:
    before = await known(request, correcting.number)
    # What was sent is on its way once more; what was cancelled half-way only changes for whom it reached.
    state = before.state if before.state is AnnouncementState.CANCELLED else AnnouncementState.SENDING
    corrected = {"text": correcting.text, "title": title_of(correcting.text), "corrected_at": request.now}
    changes = {**corrected, "state": state, "told": ""}
    is_out = announcements.was_sent(before)
    if not (is_out and await announcements.turn(request.session, before.id, (*OUT, state), changes)):
        raise Refused(
            f"Announcement {before.id} was not sent.",
            "You can change it.",
            [Button("Change it", f"announcement change {before.id}")],
        )
    one = await known(request, before.id)
    files = await announcements.files(request.session, one.id)
    for cause, is_subscriber in zip(broadcasts.causes(one.id), (False, True), strict=True):
        await reword(request, cause, wording.message(one, files, is_subscriber=is_subscriber), one.title)
    for cause in await broadcasts.nudges(request.session, one.id):
        await reword(request, cause, wording.nudge(one), one.title)
    await noted(request, one.id, "correct", {"text": before.text}, {"text": one.text})
    buttons = [Button("Show it", f"announcement show {one.id}")]
    return Reply("announcements/corrected", number=one.id, title=one.title, buttons=buttons)
