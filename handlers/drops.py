"""Dropped files: what was kept of them, what can be done with them, and forgetting them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers.chore import Errand, chore
from handlers.command import Button, Form, Reply, Request, Role, command
from handlers.dropping import (
    FILE,
    Brought,
    FileNumbers,
    conversation,
    file_field,
    files_of,
    in_words,
    numbers_in_line,
    offers,
)
from handlers.form import Choice
from handlers.situation import Situation
from storage import audit, drops
from storage.drops import Content, Dropped

SUBJECT = "file"
_SHOWN = 10
_MOST_BUTTONS = 8
_MOST_OFFERED = 5


class Listing(Form):
    file: FileNumbers | None = file_field(default=None)

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await offers(situation, typed)


class Forgetting(Form):
    file: FileNumbers = file_field()

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return await offers(situation, typed)


@command("files", form=Listing, role=Role.GUEST, help="Files that you sent me, and what to do with them")
async def files(request: Request, listing: Listing) -> Reply:
    if listing.file:
        found = await files_of(request, listing.file)
        buttons = [*_uses(request, listing.file)[:_MOST_BUTTONS], _forgetting(listing.file)]
        return Reply("drops/files", files=_shown(found), buttons=buttons, private=True)
    newest = await drops.newest(request.session, request.caller.person_id, _SHOWN)
    buttons = [Button(f"{one.id}: {one.name}"[:60], f"files {one.id}") for one in newest[:_MOST_BUTTONS]]
    return Reply("drops/files", files=_shown(newest), buttons=buttons, private=True)


@command(
    "files forget",
    form=Forgetting,
    role=Role.GUEST,
    help="Have me forget files that you sent me",
    example="files forget 12",
    changes=True,
)
async def forget(request: Request, forgetting: Forgetting) -> Reply:
    found = await files_of(request, forgetting.file)
    await drops.remove(request.session, [one.id for one in found])
    for one in found:
        await _note(request, "forget", one)
    return Reply("drops/forgotten", files=_shown(found), private=True)


async def keep(request: Request, brought: Sequence[Brought]) -> Sequence[Dropped]:
    """Keep what came in as drops of whoever sent it."""
    kept = []
    for one in brought:
        if not one.problem:
            made = Content(one.name, one.media_type, one.size, one.digest)
            account, place = request.caller.account_id, conversation(request)
            dropped = await drops.drop(request.session, made, account, place, request.now)
            await _note(request, "drop", dropped)
            kept.append(dropped)
    return kept


def received(request: Request, failed: Sequence[Brought] = (), *, line: str = "", again: str = "") -> Reply:
    """What was kept of what came in, what was not, and what can be done now.

    `line` is what was said with it; `again` is a command line that was not obeyed, and can be with what was kept.
    """
    kept = request.files
    numbers = numbers_in_line(kept)
    more = [Button("Ask it as a question", f"ask {line}")] if line else []
    if again and kept:
        more.append(Button("Go on with the rest", f"{again} {FILE}={numbers}", style="primary"))
    ways = _likeliest(request, numbers, _MOST_OFFERED - len(more)) if kept else ()
    return Reply(
        "drops/received",
        kept=_shown(kept),
        failed=[{"name": one.name, "problem": one.problem, "hint": one.hint} for one in failed],
        buttons=[*more, *ways],
    )


def takes_files(request: Request) -> bool:
    """Whether there is anything that the caller can do with a file."""
    return any(one.takes_file and request.may(one) for one in request.commands)


def reads_files(request: Request) -> bool:
    """Whether the caller may do something with a file for which it is read first."""
    return any(one.form.reads_files and request.may(one) for one in request.commands)


@chore("old files", every=timedelta(days=1))
async def forget_old(errand: Errand) -> None:
    """Files that nobody used for a month are forgotten."""
    count = await drops.forget(errand.session, errand.now)
    if count:
        await audit.note_of_bot(errand.session, "forget", SUBJECT, "", {"count": count}, {}, errand.now)


def _uses(request: Request, numbers: str) -> Sequence[Button]:
    """What can be done with files, the likeliest first."""
    every = [one for one in request.commands if one.takes_file and request.may(one)]
    # What is first for everybody is not for whoever may do more with it.
    uses = sorted(every, key=lambda one: (not one.form.drop, -one.role if one.form.drop else 0))
    return [Button(one.form.drop or one.words.capitalize(), f"{one.words} {FILE}={numbers}") for one in uses]


def _likeliest(request: Request, numbers: str, most: int) -> Sequence[Button]:
    """As many buttons as fit a phone's screen; one of them leads to what is left out."""
    uses, last = _uses(request, numbers), [_forgetting(numbers)]
    if len(uses) + len(last) > most:
        last.insert(0, Button("More …", f"files {numbers}"))
    return [*uses[: most - len(last)], *last]


def _forgetting(numbers: str) -> Button:
    return Button("Forget it", f"files forget {numbers}", style="danger")


def _shown(files: Sequence[Dropped]) -> Sequence[dict[str, object]]:
    return [{"number": one.id, "name": one.name, "size": in_words(one.size), "is_again": one.is_again} for one in files]


async def _note(request: Request, action: str, one: Dropped) -> None:
    what = {"digest": one.digest, "size": one.size}
    before, after = ({}, what) if action == "drop" else (what, {})
    await audit.note(
        request.session, request.caller, request.place.key, action, SUBJECT, str(one.id), before, after, request.now
    )
