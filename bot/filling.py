"""Filling: what was given for a form's fields becomes the form, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from handlers.command import AnyCommand, Form, Refused, Request
from handlers.form import Choice, FieldView, problems

_LONGEST_SAID = 80


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of values. `offers` are the choices of searched fields for which none was taken, by field."""

    values: Mapping[str, str]
    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    offers: Mapping[str, Sequence[Choice]] = field(default_factory=dict)

    @property
    def kept(self) -> dict[str, str]:
        """The values that are right."""
        return {name: value for name, value in self.values.items() if name not in self.errors}


async def filled(
    request: Request, command: AnyCommand, values: Mapping[str, str], typed: Collection[str] = ()
) -> Filled:
    """Fill the command's form. What somebody `typed` into a searched field is searched for. Raises `Refused`."""
    refuse_too_much(command, values)
    values = command.form.read(values)
    chosen, unclear = dict(values), {}
    offers: dict[str, Sequence[Choice]] = {}
    for one in command.form.fields():
        text = values.get(one.name, "").strip()
        if not (one.searched and one.name in typed and text):
            continue
        found = await command.form.offers(request, one.name, text)
        meant = _meant(found, text)
        if meant is None:
            offers[one.name], unclear[one.name] = found, _unclear(found, text)
        else:
            chosen[one.name] = meant.value
    form, errors = checked(command, {name: value for name, value in chosen.items() if name not in unclear})
    errors = {**errors, **unclear}
    if form is not None and not errors:
        errors = dict(await form.wrong(request))
    chosen = {name: _written(command, name, value) for name, value in chosen.items()}
    return Filled(chosen, None if errors else form, errors, offers)


def checked(command: AnyCommand, values: Mapping[str, str]) -> tuple[Form | None, dict[str, str]]:
    """The form as far as each value is right by itself, or what is wrong by field."""
    given = {name: _written(command, name, value) for name, value in values.items() if value}
    try:
        return command.form.model_validate(given), {}
    except ValidationError as error:
        return None, dict(problems(error))


def refuse_too_much(command: AnyCommand, values: Mapping[str, str]) -> None:
    """Raise `Refused` for what no field takes."""
    if extra := values.get("?", ""):
        known = ", ".join(f"{one.name}=…" for one in command.form.fields()) or "nothing"
        raise Refused(f"“{extra[:80]}” is too much for “{command.words}”.", f"It takes {known}.")


async def known(request: Request, command: AnyCommand) -> dict[str, str]:
    """What is known of the form before anybody types; what the form itself would not take is left out."""
    given = {name: value for name, value in (await command.form.known(request)).items() if value}
    if not given:
        return {}
    _form, errors = checked(command, given)
    return {name: value for name, value in given.items() if name not in errors}


async def labels(request: Request, command: AnyCommand, values: Mapping[str, str]) -> dict[str, str]:
    """What people call the values of searched fields."""
    found = {}
    for one in command.form.fields():
        value = values.get(one.name)
        if one.searched and value:
            offers = await command.form.offers(request, one.name, value)
            found[one.name] = next((choice.label for choice in offers if choice.value == value), value)
    return found


def view_of(command: AnyCommand, name: str) -> FieldView | None:
    return next((one for one in command.form.fields() if one.name == name), None)


def _written(command: AnyCommand, name: str, value: str) -> str:
    view = view_of(command, name)
    return view.choice(value) if view else value


def _meant(offers: Sequence[Choice], text: str) -> Choice | None:
    """The choice that is named exactly, else the only one that fits."""
    wanted = text.casefold()
    exact = [one for one in offers if one.value.casefold() == wanted]
    exact = exact or [one for one in offers if one.label.casefold() == wanted]
    found = exact or [one for one in offers if one.fits]
    return found[0] if len(found) == 1 or exact else None


def _unclear(offers: Sequence[Choice], text: str) -> str:
    fitting, typed = sum(one.fits for one in offers), f"“{text[:_LONGEST_SAID]}”"
    if fitting:
        return f"{fitting} fit {typed}: choose one, or type more of it"
    if len(offers) > 1:
        return f"Nothing fits {typed}, but these are near"
    return f"Nothing fits {typed}: {'choose below, or ' if offers else ''}type something else"
