"""Dispatch: who is it, which command, may they, is the form complete; then the handler, and its words."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.arrival import Arrival, Message, Outcome
from bot.commands import SURE, Called, Commands, unclear
from bot.dialogue import Dialogues
from bot.render.escape import visible
from bot.render.renderer import Renderer
from handlers.command import AnyCommand, Button, Refused, Reply, Request
from handlers.form import Form, problems
from handlers.line import names_a_field, read_line
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

    async def handle(self, session: AsyncSession, arrival: Arrival, now: datetime) -> Outcome:
        """What to answer; what the handler changes is part of the session's transaction.

        A `Refused` becomes a message. Any other exception is ours and is raised.
        """
        arrival = legible(arrival)
        caller = await self.caller(session, arrival, now)
        request = await self.request(session, arrival, caller, now)
        dialogues = Dialogues(request, self.renderer)
        try:
            called, values = await self._called(request, arrival, dialogues)
            return await self._run(request, called, values, dialogues)
        except Refused as refused:
            return self.refusal(refused)

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
        )

    def message(self, request: Request, reply: Reply) -> Message:
        """A reply in words."""
        data: Mapping[str, object] = {"request": request, "zone": request.zone, **reply.data}
        return Message(self.renderer.markdown(reply.template, data), reply.buttons, reply.attachments, reply.private)

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

    async def _called(
        self, request: Request, arrival: Arrival, dialogues: Dialogues
    ) -> tuple[AnyCommand, dict[str, str]]:
        """Which command is called, and the values given so far."""
        if arrival.kind == "form":
            return self.commands.called(arrival.text, request.role).command, dict(arrival.values)
        going_on = await dialogues.answered(arrival, self.commands)
        if going_on is not None and self._interrupts(arrival, going_on, dialogues):
            dialogues.stay()
        elif going_on is not None:
            return going_on
        line = arrival.text.strip()
        if not line:
            raise Refused("There is nothing in that message.", "Ask a question, or type help.")
        if arrival.kind != "message" or line.startswith("/"):
            called = self.commands.called(line.removeprefix("/"), request.role)
        else:
            meant = self._meant(line, request.role)
            if meant is None:
                return self.commands.plain, {self.commands.plain.form.fields()[0].name: line}
            called = meant
        return called.command, read_line(called.rest, called.command.form.fields())

    def _interrupts(
        self, arrival: Arrival, going_on: tuple[AnyCommand, Mapping[str, str]], dialogues: Dialogues
    ) -> bool:
        """Whether a line that answers an open question badly is another command, whole and exactly written."""
        exact = self.commands.exact(arrival.text) if arrival.kind == "message" else None
        if exact is None or not (_is_complete(exact) or _is_command(exact)):
            return False
        return dialogues.awaiting in _filled(*going_on)[1]

    def _meant(self, line: str, role: Role) -> Called | None:
        """The command that plain text calls; None when it is a sentence. Raises `Refused` when nobody can tell."""
        exact = self.commands.exact(line)
        if exact:
            return exact if _is_complete(exact) or _is_command(exact) else None
        guessed = [called for called in self.commands.guessed(line, role) if _is_complete(called)]
        sure = [called for called in guessed if called.nearness >= SURE]
        if len(sure) == 1:
            return sure[0]
        if guessed and len(line.split()) <= LONGEST_COMMAND:
            as_question = Button("Ask it as a question", f"{self.commands.plain.words} {line}")
            raise unclear(line, guessed, as_question)
        return None

    async def _run(
        self, request: Request, command: AnyCommand, values: dict[str, str], dialogues: Dialogues
    ) -> Outcome:
        if request.role < command.role:
            raise Refused(
                f"“{command.words}” needs the role {command.role.word}; yours is {request.role.word}.",
                "Type help to see what you may do.",
            )
        form, errors = _filled(command, values)
        if form is None:
            if command.takes_plain_text and values:
                raise Refused(f"I cannot read that: {'; '.join(errors.values())}.", "Ask in a sentence or two.")
            return await dialogues.ask(command, values, errors)
        await dialogues.over()
        # A handler that refuses half-way changes nothing; what it read the form from is over all the same.
        async with request.session.begin_nested():
            reply = await command.run(request, form)
        return self.message(request, reply)


def _is_complete(called: Called) -> bool:
    """Whether a line that may be a sentence ("help me find …") fills the form of the command it begins with."""
    values = read_line(called.rest, called.command.form.fields())
    return not called.rest or ("?" not in values and _filled(called.command, values)[0] is not None)


def _is_command(called: Called) -> bool:
    """Whether a line that begins with a command but does not fill its form is a wrong value rather than a sentence."""
    fields = called.command.form.fields()
    if names_a_field(called.rest, fields):
        return True
    longest = 1 if any(field.choices for field in fields) else 2
    is_short = len(called.rest.split()) <= longest and not called.rest.endswith("?")
    return is_short and " " in called.command.words and "?" not in read_line(called.rest, fields)


def _filled(command: AnyCommand, values: Mapping[str, str]) -> tuple[Form | None, dict[str, str]]:
    """The form, or what is wrong with it by field."""
    fields = command.form.fields()
    extra = values.get("?", "")
    if extra:
        known = ", ".join(f"{field.name}=…" for field in fields) or "nothing"
        raise Refused(f"“{extra[:80]}” is too much for “{command.words}”.", f"It takes {known}.")
    chosen = {field.name: field.choice(values.get(field.name, "")) for field in fields}
    given = {name: value for name, value in {**values, **chosen}.items() if value != ""}
    try:
        return command.form.model_validate(given), {}
    except ValidationError as error:
        return None, dict(problems(error))


def legible(arrival: Arrival) -> Arrival:
    """The arrival without control characters, which nobody types on purpose and no database keeps."""
    values = {name: visible(value) for name, value in arrival.values.items()}
    return arrival.model_copy(update={"text": visible(arrival.text), "name": visible(arrival.name), "values": values})


def new_reference() -> str:
    """A short reference that stands both in the log and in the message."""
    return secrets.token_hex(4)
