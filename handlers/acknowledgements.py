"""Acknowledgements: who said that they read an announcement, and reminding those who did not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.announcing import wording
from handlers.announcing.drafts import known, noted
from handlers.announcing.fields import Number
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import field
from handlers.outgoing import tell
from storage import announcements, broadcasts, subscriptions
from storage.announcements import Reader
from storage.tables import Announcement

BETWEEN = timedelta(days=1)
"""So long nobody is reminded a second time."""

_NAMED = 30


class Naming(Form):
    number: Number = field("Number", help="of the announcement")


@command(
    "announcement acknowledge",
    form=Naming,
    role=Role.GUEST,
    help="Say that you read an announcement",
    example="announcement acknowledge 3",
    for_everyone=True,
    changes=True,
)
async def acknowledge(request: Request, naming: Naming) -> Reply:
    one = await announcements.numbered(request.session, naming.number)
    if one is None or not announcements.was_sent(one) or not one.needs_acknowledgement:
        raise Refused(f"There is no announcement {naming.number} to acknowledge.")
    is_new = await announcements.acknowledge(request.session, one.id, request.caller.person_id, request.now)
    if is_new:
        await noted(request, one.id, "acknowledge", {}, {})
    return Reply("announcements/acknowledged", is_new=is_new, private=True)


@command(
    "announcement acknowledgements",
    form=Naming,
    role=Role.SECRETARIAT,
    help="Who acknowledged an announcement, and who did not",
    example="announcement acknowledgements 3",
)
async def show_acknowledgements(request: Request, naming: Naming) -> Reply:
    one = await _asking(request, naming.number)
    readers = await announcements.readers(request.session, one.id)
    done = [reader for reader in readers if reader.at is not None]
    missing = [reader for reader in readers if reader.at is None]
    buttons = [_show(one.id)]
    if missing and not _was_nudged(one, request.now):
        buttons.insert(0, Button("Remind those who have not", f"announcement nudge {one.id}", style="primary"))
    return Reply(
        "announcements/acknowledgements",
        number=one.id,
        title=one.title,
        done=_names(done),
        missing=_names(missing),
        done_count=len(done),
        missing_count=len(missing),
        nudged_at=one.nudged_at,
        buttons=buttons,
        private=True,
    )


@command(
    "announcement nudge",
    form=Naming,
    role=Role.SECRETARIAT,
    help="Remind those who did not acknowledge an announcement",
    example="announcement nudge 3",
    changes=True,
)
async def nudge(request: Request, naming: Naming) -> Reply:
    one = await _asking(request, naming.number)
    still_to_come = await broadcasts.waiting(request.session, one.id)
    readers = await announcements.readers(request.session, one.id)
    missing = [reader for reader in readers if reader.at is None and reader.target not in still_to_come]
    if not missing:
        raise Refused("Everybody who got it has acknowledged it.", "", [_show(one.id)])
    if not await announcements.claim_nudge(request.session, one.id, request.now, request.now - BETWEEN):
        raise Refused("They were reminded within the last day.", "Once a day is enough; try again tomorrow.")
    await _remind(request, one, missing)
    await noted(request, one.id, "nudge", {}, {"people": len(missing)})
    return Reply("announcements/nudged", number=one.id, title=one.title, count=len(missing), private=True)


async def _asking(request: Request, number: int) -> Announcement:
    """An announcement that was sent and asks for an acknowledgement. Raises `Refused`."""
    one = await known(request, number)
    show = [_show(number)]
    if not announcements.was_sent(one):
        raise Refused(f"Announcement {number} was not sent.", "", show)
    if not one.needs_acknowledgement:
        raise Refused(f"Announcement {number} asks nobody to acknowledge it.", "", show)
    return one


async def _remind(request: Request, one: Announcement, missing: Sequence[Reader]) -> None:
    """Remind each where they were told, after their quiet hours."""
    places = list(dict.fromkeys(reader.target for reader in missing if reader.target is not None))
    quiet = await subscriptions.quiet_until(request.session, places, request.now)
    by_time: defaultdict[datetime, list[int]] = defaultdict(list)
    for place in places:
        by_time[quiet.get(place, request.now)].append(place)
    cause = broadcasts.nudge_cause(one.id, request.now)
    for due, some in by_time.items():
        await tell(request, some, wording.nudge(one), cause=cause, subject=one.title, due=due)


def _was_nudged(one: Announcement, now: datetime) -> bool:
    return one.nudged_at is not None and one.nudged_at > now - BETWEEN


def _names(readers: Sequence[Reader]) -> dict[str, object]:
    return {"names": [reader.name for reader in readers[:_NAMED]], "more": max(len(readers) - _NAMED, 0)}


def _show(number: int) -> Button:
    return Button("Show it", f"announcement show {number}")
