"""Dispatch: who is it, which command, may they, is the form complete; then the handler, and its words."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.arrival import Arrival, Message, Outcome
from bot.commands import SURE, Called, Commands, unclear
from bot.dialogue import Call, Dialogues
from bot.enclosing import handed, most_sent, unused, with_files
from bot.filling import Filled, filled, known, view_of
from bot.meant import is_command, is_complete, is_question, is_sure_question, is_whole, refuse_unknown
from bot.questions import Questions
from bot.render.escape import visible
from bot.render.renderer import Renderer
from handlers import drops
from handlers.command import AnyCommand, Button, Redirect, Refused, Reply, Request
from handlers.dropping import Brought
from handlers.form import Choice
from handlers.line import read_line
from storage import dialogues as half_way
from storage.catalogue import CatalogueKeeper
from storage.people import Caller, Household, Newcomer, identify
from storage.roles import Role

LONGEST_COMMAND = 4
"""Words of plain text that may be a mistyped command; more are a sentence."""


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Turns arrivals into outcomes. It knows no platform and no subject."""

    commands: Commands
    renderer: Renderer
    catalogues: CatalogueKeeper
    household: Household
    host: str

    async def handle(
        self, session: AsyncSession, arrival: Arrival, now: datetime, brought: Sequence[Brought] = ()
    ) -> Outcome:
        """What to answer; what the handler changes is part of the session's transaction.

        `brought` are the arrival's files. A `Refused` becomes a message. Any other exception is ours and is raised.
        """
        arrival = legible(arrival)
        caller = await self.caller(session, arrival, now)
        request = await self.request(session, arrival, caller, now)
        request = replace(request, files=await drops.keep(request, brought))
        opened = await half_way.opened(session, caller.account_id, arrival.place.key, now)
        dialogues = Dialogues(Questions(request, self.renderer), arrival, opened)
        try:
            if brought:
                outcome = await self._run_with_files(request, arrival, dialogues, brought)
            else:
                call = await self._called(request, arrival, dialogues)
                dialogues.aside = isinstance(call, Call) and call.command.takes_plain_text and not call.goes_on
                outcome = call if isinstance(call, Message) else await self._run(request, call, dialogues)
        except Refused as refused:
            outcome = await self._noted(request, self.refusal(refused))
        return await dialogues.reminded(outcome)

    async def caller(self, session: AsyncSession, arrival: Arrival, now: datetime) -> Caller:
        newcomer = Newcomer(arrival.platform, arrival.account, arrival.name, arrival.zone)
        return await identify(session, newcomer, self.household, now)

    async def request(self, session: AsyncSession, arrival: Arrival, caller: Caller, now: datetime) -> Request:
        return Request(
            session=session,
            catalogue=await self.catalogues.current(session),
            commands=self.commands,
            caller=caller,
            place=arrival.place,
            now=now,
            host=self.host,
            household=self.household,
            text=arrival.text,
            most_bytes=most_sent(arrival.platform),
        )

    async def offers(self, request: Request, words: str, field: str, typed: str) -> Sequence[Choice]:
        """What may be meant by what somebody types into a searched field; nothing for whoever may not call it."""
        command = next((one for one in self.commands if one.words == words and request.may(one)), None)
        view = view_of(command, field) if command else None
        if command is None or view is None or not view.searched:
            return ()
        found: Sequence[Choice] = await command.form.offers(request, field, visible(typed).strip())
        return found

    def message(self, request: Request, reply: Reply, *, shareable: bool = False) -> Message:
        """A reply in words."""
        data: Mapping[str, object] = {"request": request, "zone": request.zone, **reply.data}
        markdown = self.renderer.markdown(reply.template, data)
        return Message(markdown, reply.buttons, reply.attachments, reply.private, shareable and not reply.private)

    def refusal(self, refused: Refused) -> Message:
        """What a person did wrong, in words, and what to type."""
        return Message(
            self.renderer.markdown("dialogue/refused", {"message": refused.message, "hint": refused.hint}),
            refused.buttons,
            private=True,
        )

    def apology(self, reference: str) -> Message:
        """Something broke: the reference is in the log too."""
        return Message(self.renderer.markdown("dialogue/failed", {"reference": reference}), private=True)

    async def _called(self, request: Request, arrival: Arrival, dialogues: Dialogues) -> Call | Message:
        """Which command is called, with the values given so far; or what is to be asked first."""
        if arrival.kind == "form":
            return Call(self.commands.called(arrival.text, request.role).command, arrival.values)
        going_on = dialogues.answered()
        if going_on is not None and not await self._interrupts(request, arrival, going_on, dialogues):
            if not going_on.answers or await dialogues.is_answer(going_on):
                return await self._either(request, going_on, dialogues) or going_on
            asking = dialogues.asking
            if asking and not (self.commands.exact(arrival.text) or arrival.text.rstrip().endswith("?")):
                return await dialogues.go_on(going_on.command, asking, arrival.text.strip())
        call = self._new_call(request, arrival)
        return await self._begun_before(request, call, dialogues) or call

    async def _run_with_files(
        self, request: Request, arrival: Arrival, dialogues: Dialogues, brought: Sequence[Brought]
    ) -> Outcome:
        """What was said with files. It does nothing, unless all of them are there."""
        line = arrival.text.strip()
        exact = self.commands.exact(line.removeprefix("/")) if line else None
        failed = [one for one in brought if one.problem]
        if failed:
            takes_rest = exact is not None and exact.command.takes_file
            return self.message(request, drops.received(request, failed, again=line if takes_rest else ""))
        call = dialogues.answered_with(request.files) if exact is None else None
        if exact is not None and exact.command.takes_file:
            # What came just now is meant, and not a form that was left half-way.
            call = self._new_call(request, arrival)
        elif call is None and line:
            called = await self._called(request, arrival, dialogues)
            if isinstance(called, Message):
                return called
            call = None if called.command.takes_plain_text and exact is None else called
        if call is None:
            return self.message(request, drops.received(request, line=line))
        return await self._noted(request, await self._run(request, with_files(call, request.files), dialogues))

    async def _noted(self, request: Request, outcome: Outcome) -> Outcome:
        """The answer, and what was kept of files that came and were not used."""
        if not isinstance(outcome, Message) or not await unused(request.session, request.files):
            return outcome
        note = self.message(request, drops.received(request))
        markdown = f"{outcome.markdown.rstrip()}\n\n{note.markdown}"
        return replace(outcome, markdown=markdown, buttons=(*outcome.buttons, *note.buttons))

    def _new_call(self, request: Request, arrival: Arrival) -> Call:
        line = arrival.text.strip()
        if not line:
            raise Refused("There is nothing in that message.", "Ask a question, or type help.")
        if arrival.kind != "message" or line.startswith("/"):
            called = self.commands.called(line.removeprefix("/"), request.role)
        else:
            meant = self._meant(line, request.role)
            if meant is None:
                return Call(self.commands.plain, {self.commands.plain.form.fields()[0].name: line})
            called = meant
        if arrival.kind != "button":
            refuse_unknown(called)
        values = read_line(called.rest, called.command.form.fields())
        return Call(called.command, values, frozenset(values))

    async def _begun_before(self, request: Request, call: Call, dialogues: Dialogues) -> Call | Message | None:
        """A form that was left half-way and is called again without values: its own go on, or it is asked whether."""
        found = None if call.values else dialogues.begun(call.command)
        if found is None or not request.may(call.command):
            return None
        if dialogues.shows_form(call.command, found.values):
            return replace(call, values=found.values, goes_on=True, reviews=True)
        before = await known(request, call.command)
        if any(value and before.get(name) != value for name, value in found.values.items()):
            return await dialogues.go_on(call.command, found)
        return None

    async def _interrupts(self, request: Request, arrival: Arrival, call: Call, dialogues: Dialogues) -> bool:
        """Whether a line that answers badly what is asked for is another command, whole and exact, or a question."""
        if not call.answers or arrival.kind != "message":
            return False
        exact = self.commands.exact(arrival.text)
        is_called = exact is not None and (is_complete(exact) or is_command(exact))
        is_other = is_called or await is_question(request, call.command, arrival.text)
        return is_other and call.answers in await dialogues.errors(call)

    async def _either(self, request: Request, call: Call, dialogues: Dialogues) -> Message | None:
        """What to ask of a line that answers what is asked for, and may be meant as something else."""
        if not dialogues.takes_any_text(call):
            return None
        line = dialogues.arrival.text.strip()
        other = self.commands.exact(line)
        if other is not None and await is_whole(request, other):
            return dialogues.either(call, other.line)
        if await is_sure_question(request, call.command, line):
            return dialogues.either(call, f"{self.commands.plain.words} {line}", is_question=True)
        return None

    def _meant(self, line: str, role: Role) -> Called | None:
        """The command that plain text calls; None when it is a sentence. Raises `Refused` when nobody can tell."""
        exact = self.commands.exact(line)
        if exact:
            return exact if is_complete(exact) or is_command(exact) else None
        guessed = [called for called in self.commands.guessed(line, role) if is_complete(called)]
        sure = [called for called in guessed if called.nearness >= SURE]
        if len(sure) == 1:
            return sure[0]
        if guessed and len(line.split()) <= LONGEST_COMMAND:
            as_question = Button("Ask it as a question", f"{self.commands.plain.words} {line}")
            raise unclear(line, guessed, as_question)
        return None

    async def _run(self, request: Request, call: Call, dialogues: Dialogues, *, hops: int = 1) -> Outcome:
        command = call.command
        self._admit(request, command)
        is_form = dialogues.arrival.kind == "form"
        is_bare = not call.values
        if not call.goes_on and not is_form:
            call = replace(call, values={**await known(request, command), **call.values}, given=call.values)
        finding = await command.form.finds(request, call.values)
        if finding is not None:
            given = {name: value for name, value in call.values.items() if value}
            call = replace(call, values={**finding.values, **given}, reviews=True, doubts=finding.doubts)
        found = await filled(request, command, call.values, call.typed)
        if found.form is None and command.takes_plain_text and call.values:
            raise Refused(f"I cannot read that: {'; '.join(found.errors.values())}.", "Ask in a sentence or two.")
        asked = _asked(call, found, may_ask_more=not is_form and (call.goes_on or is_bare))
        if asked or (call.reviews and found.form is not None):
            return await dialogues.ask(call, found, asked)
        if found.form is None:
            raise Refused("; ".join(found.errors.values()), f"An example: {command.example}")
        try:
            # A handler that refuses half-way changes nothing.
            async with request.session.begin_nested():
                reply = await command.run(await handed(request, command, found.form), found.form)
        except Refused as refused:
            if not (call.goes_on or is_form):
                raise
            return await dialogues.refused(call, found, refused, self.refusal(refused))
        await dialogues.over(command)
        if isinstance(reply, Redirect):
            return await self._redirected(request, reply, dialogues, hops)
        return self.message(request, reply, shareable=not command.changes)

    async def _redirected(self, request: Request, redirect: Redirect, dialogues: Dialogues, hops: int) -> Outcome:
        """Go on with the line that a handler handed over to."""
        if not hops:
            raise RuntimeError(f"{redirect.line!r} was handed over to once more")
        called = self.commands.called(redirect.line, request.role)
        values = read_line(called.rest, called.command.form.fields())
        reviews = called.command.changes and not redirect.sure
        call = Call(called.command, values, frozenset(values), reviews=reviews)
        going_on = await self._begun_before(request, call, dialogues) or call
        return (
            going_on if isinstance(going_on, Message) else await self._run(request, going_on, dialogues, hops=hops - 1)
        )

    def _admit(self, request: Request, command: AnyCommand) -> None:
        """Raise `Refused` for whoever may not call the command."""
        if request.role < command.role:
            raise Refused(
                f"“{command.words}” needs the role {command.role.word}; yours is {request.role.word}.",
                "Type help to see what you may do.",
            )
        if not request.may(command):
            ways_in = [one for one in self.commands if one.words == "register" and request.may(one)]
            buttons = [Button(one.words.capitalize(), one.words, style="primary") for one in ways_in]
            raise Refused("This is for members and representatives only.", "Type help to see what you may do.", buttons)


def _asked(call: Call, found: Filled, *, may_ask_more: bool) -> str:
    """The field to ask for: one that is to be asked, else what is wrong, what is missing, what might be added."""
    fields = call.command.form.fields()
    if call.asks and view_of(call.command, call.asks):
        return call.asks
    wrong = [one.name for one in fields if one.name in found.errors and found.values.get(one.name)]
    missing = [one.name for one in fields if one.name in found.errors]
    more = [one.name for one in fields if may_ask_more and one.asked and one.name not in found.values]
    elsewhere = [name for name in found.errors if view_of(call.command, name) is None]
    return next(iter([*wrong, *missing, *([] if elsewhere else more)]), "")


def legible(arrival: Arrival) -> Arrival:
    """The arrival without control characters, which nobody types on purpose and no database keeps."""
    values = {name: visible(value) for name, value in arrival.values.items()}
    return arrival.model_copy(update={"text": visible(arrival.text), "name": visible(arrival.name), "values": values})


def new_reference() -> str:
    """A short reference that stands both in the log and in the message."""
    return secrets.token_hex(4)
