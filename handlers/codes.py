"""Codes by e-mail: six digits that prove an address to be somebody's own."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from handlers.chore import Errand, chore
from handlers.command import Button, Form, Redirect, Refused, Reply, Request, Role, command
from handlers.form import field
from handlers.outgoing import Priority, tell
from handlers.persons.joining import join
from handlers.representing.proving import proved
from storage import accounts, audit, codes, dialogues, outbox, targets
from storage.addresses import as_address
from storage.codes import Outcome, Trial
from storage.targets import EMAIL, Destination

AGAIN = Button("Send a new code", "code again")
_BARE = r"[0-9]{3}[ -]?[0-9]{3}"
"""Six digits alone: a code where one is awaited, else a query: standards have such numbers, too."""


def _digits(text: str) -> str:
    found = "".join(text.replace("-", " ").split())
    if not (len(found) == 6 and found.isascii() and found.isdecimal()):
        raise ValueError("a code is six digits, such as 123 456")
    return found


Address = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(as_address)]


class Proof(Form):
    digits: Annotated[str, AfterValidator(_digits)] = field("Type the six digits", help="from the e-mail that I sent")


class Proving(Form):
    email: Address = field("E-mail", help="kim@example.org; I send a code there")


class Removing(Form):
    email: Address = field("E-mail", help="an address that you proved")


class Nothing(Form):
    """Takes nothing."""


@command(
    "code",
    form=Proof,
    role=Role.GUEST,
    help="Type the code that I sent to your address",
    example="code 123456",
    for_everyone=True,
    changes=True,
    private=True,
    bare=_BARE,
)
async def code(request: Request, proof: Proof) -> Reply | Redirect:
    if await _is_query(request):
        return Redirect(f"ask {request.text.strip()}")
    trial = await codes.try_for_address(request.session, request.caller.person_id, proof.digits, request.now)
    if trial.outcome is Outcome.RIGHT:
        return await _proved(request, trial.address)
    return _wrong(request, trial)


@command(
    "code again",
    form=Nothing,
    role=Role.GUEST,
    help="Have a new code sent to your address",
    for_everyone=True,
    changes=True,
    private=True,
)
async def again(request: Request, _nothing: Nothing) -> Reply:
    address = await codes.last_address(request.session, request.caller.person_id)
    if not address:
        raise Refused(
            "I sent you no code yet.", "Type address and your e-mail address.", [Button("Address", "address")]
        )
    return await _sent(request, address)


@command(
    "address",
    form=Proving,
    role=Role.GUEST,
    help="Prove an e-mail address of yours",
    example="address kim@example.org",
    changes=True,
    private=True,
)
async def address(request: Request, proving: Proving) -> Reply:
    if await accounts.owner(request.session, EMAIL, proving.email) == request.caller.person_id:
        return Reply(
            "codes/known", address=proving.email, private=True, buttons=[Button("My accounts", "account list")]
        )
    return await _sent(request, proving.email)


@command(
    "address remove",
    form=Removing,
    role=Role.GUEST,
    help="Take away an e-mail address of yours",
    example="address remove kim@example.org",
    changes=True,
    private=True,
)
async def remove(request: Request, removing: Removing) -> Reply:
    person = request.caller.person_id
    mine = await accounts.of(request.session, person)
    found = next((one for one in mine if (one.platform, one.external_id) == (EMAIL, removing.email)), None)
    if found is None or not await accounts.remove(request.session, person, found.id):
        raise Refused("That is no address that you proved.", "", [Button("My accounts", "account list")])
    await _note(request, "remove address")
    return Reply("codes/removed", address=removing.email, private=True)


@chore("codes", every=timedelta(minutes=1))
async def tidy(errand: Errand) -> None:
    """Codes lie nowhere in the clear once they were sent, and nowhere at all after a day."""
    await outbox.wipe_secrets(errand.session)
    await codes.forget(errand.session, errand.now)


async def send_code(request: Request, email: str) -> None:
    """Send the person a code that proves the address; whoever types it with `code` owns the address.

    Raises `Refused` where no mail can be sent, or when too many codes were sent lately. The code table has the hash
    alone. What a restart must not lose, the outbox keeps: the mail with the code in it, until it is sent or the code's
    time is over; then its words are wiped. Until then whoever can read the database can read the code.
    """
    if not request.household.has_mail:
        raise Refused("I cannot send e-mail here, so no address can be proved.", "The secretariat can help.")
    person = request.caller.person_id
    later = await codes.next_sending(request.session, person, email, request.now)
    if later:
        hint = (
            "The newest one still counts until then."
            if await codes.awaited(request.session, person, request.now)
            else ""
        )
        raise Refused(f"That were many codes. The next one can be sent at {_hour(request, later)}.", hint)
    made = await codes.make_for_address(request.session, person, email, request.now)
    target = await targets.kept(request.session, Destination(EMAIL, email))
    minutes = int(codes.LASTS.total_seconds() // 60)
    await tell(
        request,
        [target],
        Reply("codes/code", digits=f"{made.code[:3]} {made.code[3:]}", minutes=minutes, name=request.caller.name),
        cause=f"code:{made.id}",
        subject=f"Your code for {request.host}",
        expires=made.expires_at,
        priority=Priority.URGENT,
        is_secret=True,
    )


async def _is_query(request: Request) -> bool:
    """Whether digits that came alone mean something else: nobody asked for a code, and none is awaited."""
    if not re.fullmatch(_BARE, request.text.strip()):
        return False
    person, account = request.caller.person_id, request.caller.account_id
    asking = await dialogues.find(request.session, account, request.place.key, request.now)
    return (asking is None or asking.command != code.words) and not await codes.is_wanted(
        request.session, person, request.now
    )


async def _sent(request: Request, email: str) -> Reply:
    await send_code(request, email)
    minutes = int(codes.LASTS.total_seconds() // 60)
    buttons = [Button("Type the code", "code", style="primary"), AGAIN]
    return Reply("codes/sent", address=email, minutes=minutes, private=True, buttons=buttons)


async def _proved(request: Request, email: str) -> Reply:
    """The address is the person's own, and so is what others entered with it."""
    person = request.caller.person_id
    other = await accounts.add_address(request.session, person, email, request.now)
    await _note(request, "prove address")
    await outbox.wipe_secrets(request.session)
    joined = await join(request, person, other)
    for registered in await accounts.registered_with(request.session, email):
        joined = await join(request, joined.person_id, registered) if registered != joined.person_id else joined
    entries: list[int] = []
    if joined.is_settled:
        entries.extend(await proved(request, joined.person_id, email))
    return Reply(
        "codes/right",
        address=email,
        is_asked=not joined.is_settled,
        is_kept=joined.is_kept,
        entries=entries,
        private=True,
        buttons=[
            *([Button("My groups", "representative mine")] if entries else []),
            Button("My accounts", "account list"),
        ],
    )


def _wrong(request: Request, trial: Trial) -> Reply:
    """What is wrong with the digits. No refusal: that would take back that the try was counted."""
    buttons = [AGAIN]
    if trial.outcome is Outcome.WRONG and trial.left:
        buttons.insert(0, Button("Type it again", "code", style="primary"))
    if trial.outcome is Outcome.TOO_MANY:
        buttons = []
    if trial.outcome is Outcome.NONE:
        buttons = [Button("Prove an address", "address")]
    when = _hour(request, trial.again_at) if trial.again_at else ""
    return Reply("codes/wrong", outcome=trial.outcome.value, left=trial.left, when=when, private=True, buttons=buttons)


def _hour(request: Request, when: datetime) -> str:
    return f"{when.astimezone(request.zone):%H:%M} ({request.zone.key})"


async def _note(request: Request, action: str) -> None:
    """No address stands in the trail."""
    person = str(request.caller.person_id)
    await audit.note(request.session, request.caller, request.place.key, action, "person", person, {}, {}, request.now)
