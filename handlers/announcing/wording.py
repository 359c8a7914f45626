"""The words of an announcement: the message itself, and how its sending stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.announcing.publish import fewer
from handlers.command import Attachment, Button, Reply
from handlers.outgoing import Occasion, words_of
from storage import announcements, broadcasts
from storage.broadcasts import Figures
from storage.outbox import Enclosure, Words
from storage.tables import Announcement
from storage.words import AnnouncementState, SubscriptionKind

_BAR = 10
_ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")


async def messages(occasion: Occasion, one: Announcement) -> tuple[Words, Words]:
    """What those hear who did not subscribe, and what subscribers hear."""
    files = await announcements.files(occasion.session, one.id)
    return _words(one, files, is_subscriber=False), _words(one, files, is_subscriber=True)


def message(one: Announcement, files: Sequence[Enclosure] = (), *, is_subscriber: bool = False) -> Reply:
    """The announcement as its recipients see it."""
    buttons = []
    if one.needs_acknowledgement:
        buttons.append(Button("Acknowledge", f"announcement acknowledge {one.id}", style="primary"))
    if is_subscriber:
        buttons.append(fewer(SubscriptionKind.ANNOUNCEMENTS))
    attachments = [Attachment(file.name, file.media_type, file.content) for file in files]
    return Reply(
        "announcements/announcement",
        text=one.text,
        corrected_at=one.corrected_at,
        buttons=buttons,
        attachments=attachments,
    )


def nudge(one: Announcement) -> Reply:
    """The reminder of those who did not acknowledge it."""
    button = Button("Acknowledge", f"announcement acknowledge {one.id}", style="primary")
    return Reply("announcements/nudge", text=one.text, corrected_at=one.corrected_at, buttons=[button])


def status(one: Announcement, figures: Figures, missed: Sequence[tuple[str, str]] = ()) -> Reply:
    """How the sending stands: names and reasons, no address."""
    is_over = one.state is not AnnouncementState.SENDING or not (figures.open or figures.uncorrected)
    buttons = [Button("Show", f"announcement show {one.id}")]
    if figures.open:
        buttons.append(Button("Cancel what waits", f"announcement cancel {one.id}", style="danger"))
    elif figures.failed or figures.unreached:
        buttons.append(Button("Send again what failed", f"announcement resend-failed {one.id}"))
    if one.needs_acknowledgement:
        buttons.append(Button("Who acknowledged", f"announcement acknowledgements {one.id}"))
    said = {
        "number": one.id,
        "title": one.title,
        "is_over": is_over,
        "is_cancelled": one.state is AnnouncementState.CANCELLED,
        "bar": bar(figures),
        "is_correcting": bool(figures.uncorrected) and not figures.open,
        "figures": in_figures(figures),
        "reasons": [{"reason": without_addresses(reason), "count": count} for reason, count in figures.reasons],
        "missed": [{"name": without_addresses(name), "why": without_addresses(why)} for name, why in missed],
        "sent_at": one.sent_at,
        "corrected_at": one.corrected_at,
    }
    return Reply("announcements/status", status=said, buttons=buttons)


def in_figures(figures: Figures) -> dict[str, int]:
    """The figures by name."""
    return {
        "total": figures.total,
        "sent": figures.sent,
        "open": figures.open - figures.later,
        "later": figures.later,
        "uncertain": figures.uncertain,
        "failed": figures.failed,
        "dropped": figures.dropped,
        "unreached": figures.unreached,
        "corrected": figures.corrected,
        "uncorrected": figures.uncorrected,
        "incorrigible": figures.incorrigible,
    }


def bar(figures: Figures) -> str:
    """'▓▓▓▓▓▓░░░░ 62 %' of what is settled. Only what is all settled is full."""
    settled, total = figures.total - figures.open, max(figures.total, 1)
    if not figures.open:
        return f"{'▓' * _BAR} 100 %"
    return f"{'▓' * (settled * _BAR // total)}{'░' * (_BAR - settled * _BAR // total)} {settled * 100 // total} %"


def without_addresses(text: str) -> str:
    """The text without any e-mail address in it."""
    return _ADDRESS.sub("(address)", text)


async def reword_status(occasion: Occasion, one: Announcement) -> tuple[Reply, str, bool]:
    """The status message now, its figures as text, and whether all is settled."""
    figures = await broadcasts.figures(occasion.session, one.id, occasion.now)
    is_settled = not (figures.open or figures.uncorrected)
    return status(one, figures), f"{one.state}:{in_figures(figures)}", is_settled


def _words(one: Announcement, files: Sequence[Enclosure], *, is_subscriber: bool) -> Words:
    return words_of(message(one, files, is_subscriber=is_subscriber), one.title)
