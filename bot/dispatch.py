"""Dispatch: who is it, which command, may they, is the form complete; then the handler, and its words."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.arrival import Arrival, Asking, Message, Outcome
from bot.commands import Called, Commands
from bot.dialogue import Dialogues
from bot.render.renderer import Renderer
from handlers.command import AnyCommand, Refused, Reply, Request
from handlers.form import Form, problems
from handlers.line import read_line
from storage.catalogue import CatalogueKeeper
from storage.people import Caller, Household, Newcomer, identify

log = logging.getLogger(__name__)


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
            text=arrival.text,
        )

    def message(self, request: Request, reply: Reply) -> Message:
        """A reply in words."""
        data: Mapping[str, object] = {"request": request, "zone": request.zone, **reply.data}
        return Message(
            self.renderer.markdown(reply.template, data), reply.buttons, reply.attachments, reply.private
        )

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
        if going_on is not None:
            return going_on
        called = self._meant(request, arrival)
        return called.command, read_line(called.rest, called.command.form.fields())

    def _meant(self, request: Request, arrival: Arrival) -> Called:
        """A command line calls its command; any other text is for the command that takes plain text."""
        line = arrival.text.strip().removeprefix("/")
        if arrival.kind != "message":
            return self.commands.called(line, request.role)
        exact = self.commands.exact(line)
        if exact and (arrival.text.strip().startswith("/") or self._is_complete(exact)):
            return exact
        return Called(self.commands.plain, arrival.text)

    def _is_complete(self, called: Called) -> bool:
        """Whether a line that may be a sentence ("help me find …") fills the form of the command it begins with."""
        values = read_line(called.rest, called.command.form.fields())
        try:
            called.command.form.model_validate(values)
        except ValidationError:
            return not called.rest
        return True

    async def _run(
        self, request: Request, command: AnyCommand, values: dict[str, str], dialogues: Dialogues
    ) -> Outcome:
        if request.role < command.role:
            raise Refused(
                f"“{command.words}” is for the {command.role.word}; you are a {request.role.word}.",
                "Type help to see what you may do.",
            )
        form, errors = _filled(command, values)
        if form is None:
            return await dialogues.ask(command, values, errors)
        await dialogues.over()
        return self.message(request, await command.run(request, form))


def _filled(command: AnyCommand, values: Mapping[str, str]) -> tuple[Form | None, dict[str, str]]:
    """The form, or what is wrong with it by field."""
    given = {name: value for name, value in values.items() if value != "" or name == "?"}
    extra = given.pop("?", "")
    if extra:
        known = ", ".join(f"{field.name}=…" for field in command.form.fields()) or "nothing"
        raise Refused(f"“{extra[:80]}” is too much for “{command.words}”.", f"It takes {known}.")
    try:
        return command.form.model_validate(given), {}
    except ValidationError as error:
        return None, dict(problems(error))


def new_reference() -> str:
    """A short reference that stands both in the log and in the message."""
    return secrets.token_hex(4)


__all__ = ["Asking", "Dispatcher", "new_reference"]
