"""Corrections: announcements that went out and said something wrong."""

from __future__ import annotations

from typing import ClassVar

from handlers.announcements import Rewriting
from handlers.announcing import wording
from handlers.announcing.drafts import known, noted
from handlers.announcing.fields import Count
from handlers.command import Button, Refused, Reply, Request, Role, command
from handlers.form import field
from handlers.line import write_line
from handlers.outgoing import reword
from storage import announcements, broadcasts
from storage.announcements import OUT, title_of
from storage.tables import Announcement
from storage.words import AnnouncementState


class Correcting(Rewriting):
    submit: ClassVar[str] = "Preview"
    count: Count | None = field(
        "Recipients", help="how many have it: then it goes out without a preview", default=None, named=True
    )


@command(
    "announcement correct",
    form=Correcting,
    role=Role.SECRETARIAT,
    help="Correct what was sent, after a preview: edited where that can be, else sent anew as a correction",
    example="announcement correct 3 'The meeting is on 19 March.'",
    changes=True,
)
async def correct(request: Request, correcting: Correcting) -> Reply:
    before = await known(request, correcting.number)
    if not announcements.was_sent(before):
        raise _unsent(before)
    figures = await broadcasts.figures(request.session, before.id, request.now)
    if correcting.count != figures.reached:
        return _preview(before, correcting, figures.reached)
    # What was sent is on its way once more; what was cancelled half-way only changes for whom it reached.
    state = before.state if before.state is AnnouncementState.CANCELLED else AnnouncementState.SENDING
    corrected = {"text": correcting.text, "title": title_of(correcting.text), "corrected_at": request.now}
    changes = {**corrected, "state": state, "told": ""}
    if not await announcements.turn(request.session, before.id, (*OUT, state), changes):
        raise _unsent(before)
    one = await known(request, before.id)
    files = await announcements.files(request.session, one.id)
    for cause, is_subscriber in zip(broadcasts.causes(one.id), (False, True), strict=True):
        await reword(request, cause, wording.message(one, files, is_subscriber=is_subscriber), one.title)
    for cause in await broadcasts.nudges(request.session, one.id):
        await reword(request, cause, wording.nudge(one), one.title)
    await noted(request, one.id, "correct", {"text": before.text}, {"text": one.text})
    buttons = [Button("Show it", f"announcement show {one.id}")]
    return Reply("announcements/corrected", number=one.id, title=one.title, buttons=buttons)


def _preview(one: Announcement, correcting: Correcting, count: int) -> Reply:
    """How the correction will look, and to how many it goes."""
    line = write_line("announcement correct", {"number": str(one.id), "text": correcting.text, "count": str(count)})
    return Reply(
        "announcements/correction",
        number=one.id,
        title=title_of(correcting.text),
        text=correcting.text,
        count=count,
        is_changed=correcting.count is not None,
        private=True,
        buttons=[
            Button("Correct it", line, style="primary"),
            Button("Another text", f"announcement correct {one.id}"),
            Button("Leave it", f"announcement show {one.id}"),
        ],
    )


def _unsent(one: Announcement) -> Refused:
    return Refused(
        f"Announcement {one.id} was not sent.",
        "You can change it.",
        [Button("Change it", f"announcement change {one.id}")],
    )
