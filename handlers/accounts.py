"""Accounts: one person on several platforms, and two persons who turn out to be one."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from handlers.command import Button, Form, Refused, Reply, Request, Role, command
from handlers.form import field
from handlers.outgoing import reword, tell
from handlers.persons.joining import cause_of, described, join, merge, note
from storage import accounts, audit, codes, merging, targets
from storage.codes import Outcome, Trial
from storage.merging import State

MOST_SHOWN = 5
"""Buttons of one message that take an account away."""

LINK = Button("Link another account", "link")


def _link_code(text: str) -> str:
    found = "".join(text.upper().replace("-", " ").split())
    if not (len(found) == 8 and found.isascii() and found.isalnum()):
        raise ValueError("a code has eight letters and digits, such as K7MQ2XPD")
    return found


Number = Annotated[int, Field(ge=1, le=2_000_000_000)]


class Linking(Form):
    code: Annotated[str, AfterValidator(_link_code)] | None = field(
        "Code", help="the one that I gave you on the other platform; empty: I make one", default=None
    )


class Unlinking(Form):
    account: Number = field("Account", help="its number in account list")


class Pair(Form):
    one: Number = field("Person", help="the number of the person who stays")
    other: Number = field("Other person", help="the number of the same person")


class Nothing(Form):
    """Takes nothing."""


@command(
    "link",
    form=Linking,
    role=Role.GUEST,
    help="Be one person on several platforms",
    example="link K7MQ2XPD",
    for_everyone=True,
    changes=True,
    private=True,
)
async def link(request: Request, linking: Linking) -> Reply:
    if not request.place.private:
        return await _in_public(request, linking.code)
    if linking.code is None:
        made = await codes.make_for_link(request.session, request.caller.person_id, request.now)
        minutes = int(codes.LASTS.total_seconds() // 60)
        return Reply("accounts/code", code=made.code, minutes=minutes, private=True)
    trial = await codes.try_for_link(request.session, request.caller.person_id, linking.code, request.now)
    if trial.outcome is Outcome.RIGHT:
        return await _linked(request, trial.person_id)
    return await _wrong(request, trial)


@command("account list", form=Nothing, role=Role.GUEST, help="Where I know you", private=True)
async def list_accounts(request: Request, _nothing: Nothing) -> Reply:
    mine = await accounts.of(request.session, request.caller.person_id)
    buttons = [
        Button(f"Unlink {one.platform} {one.name or one.external_id}"[:60], f"account unlink {one.id}")
        for one in mine
        if len(mine) > 1 and one.id != request.caller.account_id
    ]
    return Reply("accounts/list", accounts=mine, private=True, buttons=[*buttons[:MOST_SHOWN], LINK])


@command(
    "account unlink",
    form=Unlinking,
    role=Role.GUEST,
    help="Take an account away from you",
    example="account unlink 7",
    changes=True,
    private=True,
)
async def unlink(request: Request, unlinking: Unlinking) -> Reply:
    person = request.caller.person_id
    mine = {one.id: one for one in await accounts.of(request.session, person)}
    own = Button("My accounts", "account list")
    if unlinking.account not in mine:
        raise Refused("That is none of your accounts.", "", [own])
    if not await accounts.remove(request.session, person, unlinking.account):
        raise Refused("That is your last account; without it I would not know you.", "forget me removes you.", [own])
    await audit.note(
        request.session,
        request.caller,
        request.place.key,
        "unlink",
        "person",
        str(person),
        {"platform": mine[unlinking.account].platform},
        {},
        request.now,
    )
    return Reply("accounts/unlinked", account=mine[unlinking.account], private=True, buttons=[own])


@command(
    "account merge",
    form=Pair,
    role=Role.ADMINISTRATOR,
    help="Say that two persons are one",
    example="account merge 12 34",
    changes=True,
)
async def merge_persons(request: Request, pair: Pair) -> Reply:
    decided = await _decided(request, pair)
    if decided:
        return decided
    told = [await targets.of_person(request.session, one) for one in (pair.one, pair.other)]
    persons = await _persons(request, pair)
    await merge(request, pair.one, pair.other)
    return await _decide(request, pair, State.MERGED, told, persons)


@command(
    "account apart",
    form=Pair,
    role=Role.ADMINISTRATOR,
    help="Say that two persons are not the same",
    example="account apart 12 34",
    changes=True,
)
async def keep_apart(request: Request, pair: Pair) -> Reply:
    decided = await _decided(request, pair)
    if decided:
        return decided
    told = [await targets.of_person(request.session, one) for one in (pair.one, pair.other)]
    await note(request, merging.KEEP, pair.one, pair.other)
    return await _decide(request, pair, State.KEPT, told, await _persons(request, pair))


async def _in_public(request: Request, code: str | None) -> Reply:
    """Others have read the code: it is spoilt, which a refusal would take back."""
    if code:
        await codes.spoil(request.session, code, request.now)
    return Reply("accounts/public", is_spoilt=bool(code), private=True)


async def _linked(request: Request, other: int) -> Reply:
    """The code was right: whoever made it is the caller."""
    mine = request.caller.person_id
    if mine == other:
        raise Refused("That code is your own.", "Type it on the other platform.")
    joined = await join(request, mine, other)
    mine_now = await accounts.of(request.session, joined.person_id)
    return Reply(
        "accounts/linked",
        state=joined.state.value,
        accounts=mine_now,
        private=True,
        buttons=[Button("My accounts", "account list")],
    )


async def _wrong(request: Request, trial: Trial) -> Reply:
    """No refusal: that would take back that the guess was counted."""
    if trial.outcome is Outcome.WRONG:
        person = str(request.caller.person_id)
        await audit.note(
            request.session,
            request.caller,
            request.place.key,
            codes.GUESSED,
            "person",
            person,
            {},
            {},
            request.now,
        )
    when = f"{trial.again_at.astimezone(request.zone):%H:%M} ({request.zone.key})" if trial.again_at else ""
    return Reply("accounts/wrong", outcome=trial.outcome.value, left=trial.left, when=when, private=True)


async def _decided(request: Request, pair: Pair) -> Reply | None:
    """What to say when there is nothing to decide any more."""
    if pair.one == pair.other:
        raise Refused("That is one person already.", "Type the numbers of two.")
    state = await merging.locked(request.session, pair.one, pair.other)
    if state is State.GONE:
        raise Refused("One of the two is not there any more, or was merged with somebody else.")
    if state not in (State.MERGED, State.KEPT):
        return None
    name, at = await merging.decider(request.session, pair.one, pair.other)
    return Reply("accounts/decided", state=state.value, by=name, at=at, persons=[], private=True)


async def _persons(request: Request, pair: Pair) -> list[dict[str, object]]:
    return [await described(request, pair.one), await described(request, pair.other)]


async def _decide(
    request: Request, pair: Pair, state: State, told: list[int | None], persons: list[dict[str, object]]
) -> Reply:
    """Tell both, and say in the request who decided and when."""
    by = request.caller.name
    words = Reply("accounts/decided", state=state.value, by=by, at=request.now, persons=persons)
    await reword(request, cause_of(pair.one, pair.other), words)
    where = [one for one in told if one is not None]
    await tell(
        request,
        where,
        Reply("accounts/answered", state=state.value),
        cause=f"merge:{merging.pair(pair.one, pair.other)}:answer",
    )
    return Reply("accounts/decided", state=state.value, by=by, at=request.now, persons=persons, private=True)
