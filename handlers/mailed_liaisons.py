"""What came by mail: listed, discarded, and once a day told to the secretariat where it is no liaison statement."""

from __future__ import annotations

from datetime import timedelta

from handlers.chore import Errand, chore
from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.dropping import FileNumbers, numbers_of
from handlers.form import field
from handlers.liaison import mailed, stages
from storage import audit, drops, mails
from storage.local_time import MORNING

_MOST = 10
_MOST_BUTTONS = 5


class Listing(Form):
    pass


class Discarding(Form):
    file: FileNumbers = field("File", help="the number of a mail, as liaison mailed shows it")


@command(
    "liaison mailed",
    form=Listing,
    role=Role.SECRETARIAT,
    help="What came by mail and nobody logged yet",
    private=True,
)
async def list_mailed(request: Request, _listing: Listing) -> Reply:
    statements = await mails.unused(request.session, mails.STATEMENTS)
    others = await mails.unused(request.session, mails.OTHERS, mails.TOLD)
    return Reply(
        "liaisons/mail_list",
        statements=mailed.shown_mails(statements[:_MOST], request),
        more=len(statements) - len(statements[:_MOST]),
        others=mailed.shown_mails(others[:_MOST], request),
        more_others=len(others) - len(others[:_MOST]),
        private=True,
        buttons=[
            Button(f"Log {one.number}", f"liaison log file={one.number}") for one in [*statements][:_MOST_BUTTONS]
        ],
    )


@command(
    "liaison discard",
    form=Discarding,
    role=Role.SECRETARIAT,
    help="What came by mail is no liaison statement",
    example="liaison discard file=13",
    changes=True,
)
async def discard(request: Request, discarding: Discarding) -> Reply:
    waiting = {one.number: one for one in await mails.unused(request.session, *mails.EVERYWHERE)}
    numbers = numbers_of(discarding.file)
    if missing := [one for one in numbers if one not in waiting]:
        raise Refused(f"No mail {missing[0]} waits any more: it was logged or discarded.", "", [mailed.LIST])
    await drops.remove(request.session, numbers)
    for number in numbers:
        await mailed.discarded(request, waiting[number])
        where = request.place.key
        await audit.note(request.session, request.caller, where, "discard", "file", str(number), {}, {}, request.now)
    return Reply("liaisons/mail_discarded", subjects=[mailed.subject_of(waiting[one]) for one in numbers])


@chore("other mails", every=timedelta(minutes=15))
async def tell_of_others(errand: Errand) -> None:
    """By day: nobody is woken by mails that are no liaison statements."""
    clock = errand.now.astimezone(errand.household.zone).time()
    if MORNING <= clock < stages.EVENING:
        await mailed.tell_of_others(errand)
