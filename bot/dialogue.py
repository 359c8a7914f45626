"""Dialogues: a form filled in by steps, one question after another, kept in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.arrival import Arrival, Asking, Message, Outcome
from bot.filling import Filled, filled, labels, view_of
from bot.questions import ANEW, CANCEL, FILL, GO_ON, SKIP, Questions
from handlers.command import AnyCommand, Refused
from handlers.dropping import FILE, numbers_in_line
from handlers.line import read_named, write_line
from storage import dialogues
from storage.dialogues import Open
from storage.drops import Dropped

PAUSE = timedelta(hours=1)
"""After so long a person may have forgotten what they were asked."""

_END = (CANCEL, f"/{CANCEL}")


@dataclass(frozen=True, slots=True)
class Call:
    """A command with the values given so far. `typed` are the fields whose text is still to be understood.

    `goes_on`: a form that was begun is gone on with; `answers` is the field that this line answers, if it was typed;
    `asks` is a field to ask for in any case; `reviews`: a complete form is shown before it takes effect; `given` is
    what there was beside what is known; `doubts` are those about what was found out just now, None: nothing was.
    """

    command: AnyCommand
    values: Mapping[str, str]
    typed: frozenset[str] = frozenset()
    goes_on: bool = False
    answers: str = ""
    asks: str = ""
    reviews: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    doubts: Mapping[str, str] | None = None


@dataclass(slots=True)
class Dialogues:
    """The dialogues of one account in one place, and what an arrival there means to them."""

    questions: Questions
    arrival: Arrival
    opened: Sequence[Open]
    settled: bool = False
    aside: bool = False
    """Whether a question is answered meanwhile."""

    @property
    def asking(self) -> Open | None:
        """The dialogue that waits for an answer."""
        return next((one for one in self.opened if one.awaiting), None)

    def answered(self) -> Call | None:
        """The form that goes on with this arrival; None when it means something else."""
        line = self.arrival.text.strip()
        if self.arrival.kind == "button" and line.split(" ")[0] == FILL:
            return self._filled(line)
        if line.lower() in (GO_ON, ANEW) and (self.opened or self.arrival.kind == "button"):
            return self._resumed(anew=line.lower() == ANEW)
        is_answer = self.arrival.kind == "message" and not line.startswith("/") and line.lower() not in _END
        return self._typed(line) if is_answer else None

    def answered_with(self, files: Sequence[Dropped]) -> Call | None:
        """The form that goes on with files, where it asks for one."""
        asking = self.asking
        command = self._command(asking) if asking and asking.awaiting == FILE else None
        if asking is None or command is None or not command.takes_file:
            return None
        values = {**asking.values, FILE: numbers_in_line(files)}
        return Call(command, values, goes_on=True, reviews=command.form.reviewed)

    def is_late(self) -> bool:
        """Whether the dialogue that asks has been left for long."""
        asking = self.asking
        left = asking.updated_at if asking else None
        return left is not None and self.questions.request.now - left > PAUSE

    async def is_answer(self, call: Call) -> bool:
        """Whether what was said answers the question; after a long pause only what can hardly mean anything else."""
        if not self.is_late():
            return True
        view = view_of(call.command, call.answers)
        is_telling = view is not None and (view.searched or not view.free)
        return is_telling and call.answers not in await self.errors(call)

    async def errors(self, call: Call) -> Mapping[str, str]:
        """What is wrong with what was given, by field."""
        return (await filled(self.questions.request, call.command, call.values, call.typed)).errors

    def begun(self, command: AnyCommand) -> Open | None:
        """What was filled in of a command's form, if anything was."""
        return next((one for one in self.opened if one.command == command.words and any(one.values.values())), None)

    def shows_form(self, command: AnyCommand, values: Mapping[str, str]) -> bool:
        """Whether the platform can show a form with these values at once."""
        longest = max((len(value) for value in values.values()), default=0)
        has_room = self.arrival.modal > 0 and longest <= self.arrival.modal
        return self.arrival.kind == "form" or (has_room and bool(command.form.model_fields))

    async def ask(self, call: Call, filled: Filled, asked: str) -> Outcome:
        """Ask for a field, or for all with a form; what was given so far is kept. Without a field the form is shown."""
        self.settled = True
        command, place = call.command, self.questions.request.place
        told = _told(command, filled, is_sent=self.arrival.kind == "form")
        doubts = _joined(await command.form.doubts(self.questions.request, filled.values), call.doubts or {})
        if call.doubts is not None and self.arrival.kind == "form":
            # With errors a form that is open keeps what it has, and would not show what was found.
            doubts, told = {**doubts, **told}, {}
        if self.shows_form(command, filled.values):
            line = write_line(command.words, filled.values)
            if call.goes_on or self.arrival.kind == "form":
                await self._keep(command, filled.kept, "")
                line = GO_ON
            question = self.questions.form(command, {**doubts, **told}, line)
        elif command.private and not place.private:
            return self.questions.elsewhere(command, call.given)
        else:
            await self._keep(command, filled.kept, asked)
            others = {name: doubt for name, doubt in (call.doubts or {}).items() if asked and name != asked}
            told = {**others, **told}
            question = await self._question(call, filled, asked, told, doubts)
        shown = await self._begun_with(command, filled)
        known_as = await labels(self.questions.request, command, {**shown, **filled.kept})
        return Asking(command, {**shown, **filled.values}, told, question, known_as, doubts)

    async def _begun_with(self, command: AnyCommand, filled: Filled) -> Mapping[str, str]:
        """What empty fields of a form that is shown as a whole hold at first, if there is room for it."""
        if self.arrival.kind == "form" or not self.shows_form(command, filled.values):
            return {}
        begun = await command.form.begins(self.questions.request, filled.kept)
        empty = {name: value for name, value in begun.items() if value and not filled.values.get(name)}
        return empty if self.shows_form(command, empty) else {}

    async def refused(self, call: Call, filled: Filled, refused: Refused, message: Message) -> Outcome:
        """A form that is complete was refused all the same: it stays open with all that was typed."""
        words = " ".join(filter(None, [refused.message, refused.hint]))
        if view_of(call.command, refused.field):
            again = replace(filled, form=None, errors={refused.field: words})
            outcome = await self.ask(call, again, refused.field)
            question = outcome.question if isinstance(outcome, Asking) else outcome
            with_more = replace(question, buttons=(*refused.buttons, *question.buttons))
            return replace(outcome, question=with_more) if isinstance(outcome, Asking) else with_more
        self.settled = True
        await self._keep(call.command, filled.values, "")
        shown = replace(message, buttons=(*message.buttons, *self.questions.ways_on()))
        if self.arrival.kind == "form" and not refused.buttons:
            return Asking(call.command, dict(filled.values), {"": words}, shown)
        return shown

    async def go_on(self, command: AnyCommand, found: Open, said: str = "") -> Message:
        """Whether to go on with a form that was left half-way. `said` may be the answer to its question."""
        self.settled = True
        return await self.questions.go_on(command, found, said)

    def takes_any_text(self, call: Call) -> bool:
        """Whether what was typed is an answer that nothing but the form's own check looked at."""
        view = view_of(call.command, call.answers)
        return self.arrival.kind == "message" and view is not None and not view.searched

    def either(self, call: Call, line: str, *, is_question: bool = False) -> Message:
        """Ask which is meant of what was typed: the answer, or the command line that it is too, which may only ask.

        The form stays as it is.
        """
        self.settled = True
        said = self.arrival.text.strip()
        return self.questions.either(call.command, call.answers, line, said, is_question=is_question)

    async def over(self, command: AnyCommand) -> None:
        """The command took effect: its form is done. Those of others stay open."""
        if self.asking and self.asking.command == command.words:
            self.settled = True
        if any(one.command == command.words for one in self.opened):
            request = self.questions.request
            await dialogues.end(request.session, request.caller.account_id, request.place.key, command.words)

    async def reminded(self, outcome: Outcome) -> Outcome:
        """The answer to something else, and the reminder of a form that was left for long: once.

        With the answer to a question it is said that a form still waits, even if it was left just now.
        """
        asking, request = self.asking, self.questions.request
        is_other = self.arrival.kind != "form" and self.arrival.text.strip().lower() not in _END
        # What is shown to others at the press of a button says nothing of forms.
        is_aside = self.aside and (self.arrival.kind == "message" or request.place.private)
        is_due = is_aside or self.is_late()
        if self.settled or asking is None or not is_due or not is_other or not isinstance(outcome, Message):
            return outcome
        command = self._command(asking)
        if command is None or outcome.elsewhere:
            return outcome
        if self.is_late():
            await dialogues.rest(request.session, request.caller.account_id, request.place.key)
            reminder = await self.questions.go_on(command, asking)
        else:
            reminder = self.questions.waiting(command, asking.awaiting)
        return replace(
            outcome,
            markdown=f"{outcome.markdown.rstrip()}\n\n{reminder.markdown}",
            buttons=(*outcome.buttons, *reminder.buttons),
        )

    def _filled(self, line: str) -> Call:
        """The call that goes on after `fill FIELD VALUE`; without a value the field is asked for again."""
        name, _, value = line.removeprefix(FILL).strip().partition(" ")
        if not self.opened:
            raise Refused("That form is closed.", "Start it again if you still need it.")
        for found in self.opened:
            command = self._command(found)
            if command is None or view_of(command, name) is None:
                continue
            if not value:
                return Call(command, found.values, goes_on=True, asks=name)
            if name == found.awaiting or not (found.awaiting or found.values.get(name)):
                values = {**found.values, name: "" if value == SKIP else value}
                return Call(command, values, goes_on=True, reviews=command.form.reviewed)
        raise Refused("That question was answered already.", "Answer the last one, or type cancel.")

    def _resumed(self, *, anew: bool) -> Call:
        found = self.opened[0] if self.opened else None
        command = self._command(found) if found else None
        if found is None or command is None:
            raise Refused("There is no form to go on with.", "Start it again if you still need it.")
        if anew:
            return Call(command, {}, goes_on=True)
        return Call(command, found.values, goes_on=True, asks=found.awaiting, reviews=True)

    def _typed(self, line: str) -> Call | None:
        for found in self.opened:
            command = self._command(found)
            named = read_named(line, command.form.fields()) if command else {}
            if command and named:
                values = {**found.values, **named}
                reviews = command.form.reviewed or not found.awaiting
                return Call(command, values, frozenset(named), goes_on=True, reviews=reviews)
        asking = self.asking
        command = self._command(asking) if asking else None
        if asking is None or command is None or line.lower() == command.words:
            return None
        name, value = asking.awaiting, "" if line == SKIP else line
        values, reviews = {**asking.values, name: value}, command.form.reviewed
        return Call(command, values, frozenset([name]), goes_on=True, answers=name, reviews=reviews)

    def _command(self, found: Open) -> AnyCommand | None:
        return next((one for one in self.questions.request.commands if one.words == found.command), None)

    async def _question(
        self, call: Call, filled: Filled, asked: str, told: Mapping[str, str], doubts: Mapping[str, str]
    ) -> Message:
        view = view_of(call.command, asked)
        if view is None:
            return await self.questions.review(call.command, filled, doubts)
        # What a button gave is what was pressed for.
        settled = call.given if self.arrival.kind == "button" else ()
        return await self.questions.field(
            call.command, view, filled, told, is_first=not call.goes_on, settled=tuple(settled)
        )

    async def _keep(self, command: AnyCommand, values: Mapping[str, str], awaiting: str) -> None:
        request = self.questions.request
        half_way = Open(command.words, values, awaiting)
        await dialogues.keep(request.session, request.caller.account_id, request.place.key, half_way, request.now)


def _joined(some: Mapping[str, str], others: Mapping[str, str]) -> dict[str, str]:
    return {name: "; ".join(filter(None, [some.get(name), others.get(name)])) for name in {**some, **others}}


def _told(command: AnyCommand, filled: Filled, *, is_sent: bool) -> dict[str, str]:
    """What is wrong with what was given; of what is only missing there is nothing to tell, unless a form was sent."""
    errors = filled.errors.items()
    if is_sent:
        return dict(errors)
    return {name: error for name, error in errors if filled.values.get(name) or view_of(command, name) is None}
