"""Drafts: an announcement before it goes out, and what its preview says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from handlers.announcing import meant
from handlers.announcing.places import platform_name
from handlers.announcing.wording import without_addresses
from handlers.command import Button, Refused, Reply, Request, Role
from handlers.numbered import Numbered
from handlers.situation import Situation
from storage import announcements, audiences, audit
from storage.announcements import SUBJECT, UNSENT
from storage.audience import as_audience
from storage.audiences import Recipient, Sort
from storage.tables import Announcement
from storage.targets import EMAIL
from storage.words import AnnouncementState

ASKED_ABOVE = 20
"""Sending to more recipients than this asks for their number."""

_NAMED = 5
_WORDS = ("text", "title")
_TELEGRAM = 4_096


async def known(request: Situation, number: int) -> Announcement:
    """The announcement of that number. Raises `Refused` where there is none."""
    one = await announcements.numbered(request.session, number)
    if one is None:
        raise Refused(f"There is no announcement {number}.", "", [Button("Announcements", "announcement list")])
    return one


class OfAnnouncement(Numbered):
    """A form about an announcement."""

    @classmethod
    async def check(cls, situation: Situation, number: int) -> None:
        await known(situation, number)


async def begun(situation: Situation, values: Mapping[str, str]) -> Announcement | None:
    """The announcement whose number stands in a form, for the secretariat alone."""
    number = values.get("number", "")
    if situation.role < Role.SECRETARIAT or not (number.isdecimal() and len(number) < 10):
        return None
    return await announcements.numbered(situation.session, int(number))


async def unsent(request: Request, number: int) -> Announcement:
    """The announcement of that number that nobody was told yet. Raises `Refused`."""
    one = await known(request, number)
    if one.state not in UNSENT:
        raise too_late(one)
    return one


async def change_unsent(request: Request, number: int, changes: Mapping[str, object]) -> None:
    """Change it, unless somebody sent it in the meantime. Raises `Refused`."""
    if not await announcements.turn(request.session, number, UNSENT, changes):
        raise too_late(await known(request, number))


def too_late(one: Announcement) -> Refused:
    """It went out, or was cancelled, before."""
    if one.state is AnnouncementState.CANCELLED:
        return Refused(f"Announcement {one.id} was cancelled.", "Write a new one with announce.", [_show(one)])
    return Refused(
        f"Announcement {one.id} is {'being sent' if one.state is AnnouncementState.SENDING else 'sent'} already.",
        "You can correct it.",
        [Button("Correct", f"announcement correct {one.id}"), _show(one)],
    )


async def recipients(request: Request, one: Announcement) -> Sequence[Recipient]:
    """For whom it is as things stand now."""
    return await audiences.resolve(request.session, as_audience(one.audience), request.household, request.now)


def count_of(found: Sequence[Recipient]) -> int:
    """Messages that will go out."""
    return len({one.target for one in found if one.target is not None})


async def preview(request: Request, one: Announcement, *, is_open_again: bool = False) -> Reply:
    """The announcement as it will look, to whom it goes, and what can be done with it.

    `is_open_again`: it was scheduled until just now.
    """
    found = await recipients(request, one)
    names = await announcements.file_names(request.session, one.id)
    reached = [each for each in found if each.target is not None]
    missed = [each for each in found if each.target is None]
    return Reply(
        "announcements/preview",
        number=one.id,
        title=one.title,
        text=one.text,
        state=one.state.value,
        is_open_again=is_open_again,
        due_at=one.due_at,
        needs_acknowledgement=one.needs_acknowledgement,
        files=names,
        audience=await meant.in_words(request, as_audience(one.audience)),
        counts=counts(reached),
        missed=[{"name": each.name, "why": without_addresses(each.because)} for each in missed[:_NAMED]],
        missed_count=len(missed),
        later=sum(1 for each in reached if each.due and each.due > request.now),
        platforms=platform_lines(one, reached, len(names)),
        buttons=buttons(one, count_of(found), request.zone),
        private=True,
    )


def counts(reached: Sequence[Recipient]) -> str:
    """'3 channels, 41 people and the reflector'."""
    number = Counter(one.sort for one in reached)
    words = [
        f"{number[sort]} {single if number[sort] == 1 else several}"
        for sort, single, several in (
            (Sort.CHANNEL, "channel", "channels"),
            (Sort.PERSON, "person", "people"),
            (Sort.ADDRESS, "e-mail address", "e-mail addresses"),
        )
        if number[sort]
    ]
    words += ["the reflector"] if number[Sort.REFLECTOR] else []
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]])) or "nobody"


def platform_lines(one: Announcement, reached: Sequence[Recipient], files: int) -> Sequence[str]:
    """How it comes on each platform, as far as that is known here."""
    by_platform = Counter(each.platform for each in reached)
    enclosed = f", {files} {'file' if files == 1 else 'files'}" if files else ""
    lines = []
    for platform, count in sorted(by_platform.items()):
        parts = -(-len(one.text) // _TELEGRAM)
        shown = "one message"
        if platform == EMAIL:
            shown = f"subject “{one.title}”"
        elif platform == "telegram" and parts > 1:
            shown = f"about {parts} messages"
        recipients = "recipient" if count == 1 else "recipients"
        lines.append(f"{platform_name(platform)}: {shown}{enclosed}, to {count} {recipients}")
    return lines


def buttons(one: Announcement, count: int, zone: ZoneInfo) -> Sequence[Button]:
    """What can be done with a draft that goes to so many. Its time is written in the zone."""
    number, is_many = one.id, count > ASKED_ABOVE
    send = Button("Send now", f"announcement {'confirm' if is_many else 'send'} {number}", style="primary")
    change = Button("Change", f"announcement change {number}")
    to_me = Button("To me first", f"announcement try {number}")
    if one.state is AnnouncementState.SCHEDULED:
        ways = [send, change, to_me, Button("Cancel", f"announcement cancel {number}", style="danger")]
    else:
        schedule = Button("Schedule", f"announcement schedule {number}")
        if one.due_at:
            words = "confirm" if is_many else "schedule"
            line = f"announcement {words} {number} at='{one.due_at.astimezone(zone):%Y-%m-%d %H:%M}'"
            schedule, send = Button("Schedule", line, style="primary"), replace(send, style="plain")
        first = [schedule, send] if one.due_at else [send, schedule]
        ways = [*first, change, to_me, Button("Discard", f"announcement discard {number}", style="danger")]
    return ways if count else [way for way in ways if way.label not in ("Send now", "Schedule")]


async def noted(
    request: Request, number: int, action: str, before: Mapping[str, object], after: Mapping[str, object]
) -> None:
    """Write a deed into the audit trail, of what people wrote only that it changed: it may name somebody."""
    old, new = _wordless(before), _wordless(after)
    await audit.note(
        request.session, request.caller, request.place.key, action, SUBJECT, str(number), old, new, request.now
    )


def _wordless(values: Mapping[str, object]) -> Mapping[str, object]:
    return {name: "changed" if name in _WORDS else value for name, value in values.items()}


def _show(one: Announcement) -> Button:
    return Button("Show it", f"announcement show {one.id}")
