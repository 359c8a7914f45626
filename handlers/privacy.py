"""Privacy: what is held about a person, and forgetting them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator

from handlers.chore import Errand, chore
from handlers.command import Attachment, Button, Form, Refused, Reply, Request, Role, command
from handlers.form import field
from handlers.liaison import answers, requests
from handlers.liaison.matter import Host, load
from handlers.outgoing import tell
from handlers.representing import petition
from handlers.representing.entries import shown
from storage import audit, disclosure, forgetting, grants, representatives, targets
from storage.forgetting import Forgotten
from storage.representing.trail import BOT, Actor

ASKED = "the representative asked to be forgotten"
LONG_GONE = "nothing was heard of the representative for long"


def _forget(text: str) -> str:
    if text.strip().strip("“”\"'.").casefold() != "forget":
        raise ValueError("type the word forget, or cancel")
    return "forget"


class Forgetting(Form):
    word: Annotated[str, AfterValidator(_forget)] = field(
        "Type the word forget",
        help="it ends what you represent and removes your names, accounts, addresses and settings for good",
    )


class Nothing(Form):
    """Takes nothing."""


@command(
    "my data",
    form=Nothing,
    role=Role.GUEST,
    help="Everything that I hold about you, as a file",
    for_everyone=True,
    private=True,
)
async def my_data(request: Request, _nothing: Nothing) -> Reply:
    if not request.place.private:
        raise Refused("Others read along here.", "Type my data to me in private.")
    held = await disclosure.held(request.session, request.caller.person_id)
    content = json.dumps(held, ensure_ascii=False, indent=2).encode()
    return Reply(
        "privacy/data",
        counts={name: len(rows) for name, rows in held.items() if rows},
        attachments=[Attachment("my-data.json", "application/json", content)],
        buttons=[Button("Forget me", "forget me", style="danger")],
        private=True,
    )


@command(
    "forget me",
    form=Forgetting,
    role=Role.GUEST,
    help="Remove what I hold about you",
    for_everyone=True,
    changes=True,
    private=True,
)
async def forget_me(request: Request, _forgetting: Forgetting) -> Reply:
    person = request.caller.person_id
    if await grants.is_last_administrator(request.session, person, request.household):
        raise Refused("You are the last administrator.", "Make somebody else one first: role grant.")
    actor = Actor(request.caller, request.place.platform)
    gone = await forgetting.forget(request.session, person, ASKED, actor, request.now)
    await audit.note(
        request.session,
        request.caller,
        request.place.platform,
        "forget",
        "person",
        str(person),
        {},
        {"ended": list(gone.ended)},
        request.now,
    )
    await _tell(request, gone)
    return Reply("privacy/forgotten", ended=len(gone.ended), private=True)


@chore("forgetting", every=timedelta(hours=6))
async def forget_long_gone(errand: Errand) -> None:
    """Forget those of whom nothing was heard for as long as the settings say."""
    if errand.household.forget_after is None:
        return
    before = errand.now - errand.household.forget_after
    for person in await forgetting.long_gone(errand.session, errand.household, before):
        gone = await forgetting.forget(errand.session, person, LONG_GONE, BOT, errand.now)
        await audit.note_of_bot(
            errand.session, "forget", "person", str(person), {}, {"ended": list(gone.ended)}, errand.now
        )
        await _tell(errand, gone)


async def _tell(occasion: Host, gone: Forgotten) -> None:
    """Messages about the person say no name any more; the secretariat learns which groups lost their contact."""
    for number in (*gone.entries, *gone.beside):
        await petition.refresh(occasion, number)
    for number in gone.statements:
        matter = await load(occasion, number)
        await requests.make_right(occasion, matter)
        if matter.is_draft:
            await answers.refresh(occasion, matter.liaison)
    where = await targets.of_secretariat(occasion.session, occasion.household)
    for number in gone.ended:
        entry = shown(await representatives.known(occasion.session, number))
        reply = Reply("privacy/ended", entry=entry, buttons=[Button("Representatives", "representative list")])
        await tell(occasion, where, reply, cause=f"representative:{number}:forgotten")
