"""Mailed liaison statements: what the secretariat is told of what arrives by mail."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.command import Button, Reply
from handlers.dropping import in_words
from handlers.liaison.entry_form import known_as
from handlers.liaison.matter import Host
from handlers.liaison.reading.statement import ReadStatement
from handlers.line import quote
from handlers.outgoing import Occasion, reword, tell
from storage import liaisons, mails, targets
from storage.drops import Dropped
from storage.liaison import told
from storage.mails import Mail
from storage.tables import Liaison
from storage.words import DeadlineKind, Purpose

MOST_A_DAY = 20
"""So many messages about single mails in 24 hours; whoever floods the mailbox does not flood the chat."""

LIST = Button("What came by mail", "liaison mailed")

_SHOWN = 5
_CAUSE = "mailbox:"
_SINGLE = f"{_CAUSE}one:"
_LONGEST = 300
_SUFFIX = ".eml"


async def tell_of_statement(occasion: Host, drop: Dropped, domain: str, read: ReadStatement) -> None:
    """A statement came; nothing is logged before somebody has seen it."""
    if await _is_flood(occasion):
        return
    known = await _logged_as(occasion, read)
    deadline = read.deadline.value
    reply = Reply(
        "liaisons/mailed",
        domain=domain,
        number=read.number.value,
        source=read.source.value,
        title=" ".join(read.title.value.split())[:_LONGEST],
        purposes=[
            {"purpose": purpose.value, "names": [one.name for one in read.addressees if one.purpose is purpose]}
            for purpose in Purpose
            if any(one.purpose is purpose for one in read.addressees)
        ],
        due=deadline.text if deadline.kind is DeadlineKind.DATE else "",
        vague=deadline.text if deadline.kind is DeadlineKind.VAGUE else "",
        original=read.in_response_to.value.text[:_LONGEST] if read.in_response_to else "",
        known=known,
        buttons=[
            Button("Log it", f"liaison log file={drop.id}", style="primary"),
            *([Button("Show the logged one", f"liaison show {quote(known)}")] if known else []),
            Button("Not a statement", f"liaison discard file={drop.id}"),
        ],
    )
    await _tell(occasion, reply, f"{_SINGLE}{drop.id}", subject="A liaison statement came by mail")


async def tell_of_large(occasion: Host, event: str, subject: str, domain: str, size: int, most: int) -> None:
    """A mail came that is too large to be taken; it waits in the mailbox."""
    if await _is_flood(occasion):
        return
    reply = Reply("liaisons/mail_large", subject=subject, domain=domain, size=in_words(size), most=in_words(most))
    await _tell(occasion, reply, f"{_SINGLE}{event}", subject="A mail is too large")


async def tell_of_outage(occasion: Host, why: str) -> None:
    """The mailbox cannot be read; told once a day."""
    await _tell(occasion, Reply("liaisons/mail_outage", why=why), _of_day(occasion, "outage"))


async def tell_of_others(occasion: Host) -> None:
    """What else came: in one message a day, and none on a day without."""
    found = await mails.unused(occasion.session, mails.OTHERS)
    if not found:
        return
    shown, total = shown_mails(found[:_SHOWN], occasion), len(found)
    await _tell(
        occasion,
        Reply("liaisons/mail_others", mails=shown, total=total, buttons=[LIST]),
        _of_day(occasion, "others"),
    )
    await mails.move(occasion.session, [one.number for one in found], mails.TOLD)


def shown_mails(found: Sequence[Mail], occasion: Host) -> Sequence[dict[str, object]]:
    """Mails as templates show them."""
    zone = occasion.household.zone
    return [
        {
            "number": one.number,
            "subject": subject_of(one),
            "day": one.arrived_at.astimezone(zone).date().isoformat(),
        }
        for one in found
    ]


def subject_of(mail: Mail) -> str:
    """What the mail is called."""
    return mail.name.removesuffix(_SUFFIX)


async def logged(occasion: Occasion, drops: Sequence[int], liaison: Liaison) -> None:
    """Who was told of a mail that is logged now reads that."""
    show = Button("Show it", f"liaison show {quote(liaison.number)}")
    reply = Reply("liaisons/mail_over", title=liaison.title, number=liaison.number, buttons=[show])
    await _reword(occasion, drops, reply)


async def discarded(occasion: Occasion, mail: Mail) -> None:
    """Who was told of a mail that is no statement reads that."""
    await _reword(occasion, [mail.number], Reply("liaisons/mail_over", title=subject_of(mail), number=""))


async def _reword(occasion: Occasion, drops: Sequence[int], reply: Reply) -> None:
    causes = [f"{_SINGLE}{one}" for one in drops]
    for cause in sorted(await told.are_known(occasion.session, causes)):
        await reword(occasion, cause, reply)


async def _logged_as(occasion: Host, read: ReadStatement) -> str:
    """The number of the statement as which it seems to be logged already."""
    known = await known_as(occasion, read.number.value, read.title.value, read.date.value, read.source.value)
    return (await liaisons.known(occasion.session, known)).liaison.number if known is not None else ""


async def _is_flood(occasion: Host) -> bool:
    """Whether so many came that the secretariat is told only that, once."""
    since = occasion.now - mails.DAY
    if await mails.messages_since(occasion.session, _SINGLE, since) < MOST_A_DAY:
        return False
    reply = Reply("liaisons/mail_flood", most=MOST_A_DAY, buttons=[LIST])
    await _tell(occasion, reply, _of_day(occasion, "flood"))
    return True


async def _tell(occasion: Host, reply: Reply, cause: str, subject: str = "") -> None:
    places = await targets.of_secretariat(occasion.session, occasion.household)
    await tell(occasion, places, reply, cause=cause, subject=subject)


def _of_day(occasion: Host, what: str) -> str:
    return f"{_CAUSE}{what}:{occasion.now.astimezone(occasion.household.zone).date().isoformat()}"
