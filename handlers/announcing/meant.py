"""Audiences as people mean them: names looked up, and put into words again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from handlers.announcing.places import target_here
from handlers.command import Button, Refused
from handlers.form import Choice
from handlers.representing import choosing
from handlers.situation import Situation
from storage import audiences
from storage.audience import (
    Audience,
    Called,
    Channel,
    Everybody,
    Here,
    Human,
    Part,
    Place,
    Reflector,
    Representatives,
    as_audience,
)

_MOST = 7
_LAST = re.compile(r"^|[+,;]\s*|\b(?:and|without|except)\s+", re.IGNORECASE)
_LONGEST_LABEL = 75


async def settled(situation: Situation, text: str) -> Audience:
    """The audience with every name looked up. Raises `Refused` for what is not known or not clear."""
    audience = as_audience(text)
    return Audience(
        tuple([await _settled(situation, part) for part in audience.parts]),
        tuple([await _settled(situation, part) for part in audience.without]),
    )


async def wrong_audience(situation: Situation, text: str) -> Mapping[str, str]:
    """What is wrong with the field `audience`; empty when nothing is."""
    try:
        await settled(situation, text)
    except Refused as refused:
        return {"audience": f"{refused.message} {refused.hint}".strip().rstrip(".")}
    return {}


async def in_words(situation: Situation, audience: Audience) -> str:
    """The audience for people: names instead of numbers."""
    said = " + ".join([await _in_words(situation, part) for part in audience.parts])
    return said + "".join([f" without {await _in_words(situation, part)}" for part in audience.without])


async def offers(situation: Situation, typed: str) -> Sequence[Choice]:
    """Audiences that may be meant by what was typed so far."""
    wanted = typed.strip().lower()
    choices = [
        Choice(value, label) for value, label in await _usual(situation) if value.startswith(wanted) or not wanted
    ]
    if choices or not wanted:
        return choices[:_MOST]
    found: dict[str, Choice] = {}
    for one in _readings(typed.strip()):
        try:
            audience = await settled(situation, one)
        except (Refused, ValueError):
            continue
        found.setdefault(str(audience), Choice(str(audience), await in_words(situation, audience)))
        if one == typed.strip():
            break
    # What is none is taken as it is, so that the form can say what is wrong with it.
    return list(found.values())[:_MOST] or [Choice(typed, f"“{typed}”"[:_LONGEST_LABEL])]


def _readings(typed: str) -> Sequence[str]:
    """What was typed, and what it means when its last part is only the name of a group, a channel or somebody."""
    begin = max(found.end() for found in _LAST.finditer(typed))
    head, name = typed[:begin], typed[begin:].strip()
    kinds = ("representatives of ", "#", "people: ") if name else ()
    return [typed, *(f"{head}{kind}{name}" for kind in kinds)]


async def _usual(situation: Situation) -> Sequence[tuple[str, str]]:
    usual = [("everybody", "Everybody who subscribed"), ("representatives", "All representatives")]
    if not situation.place.private:
        usual.append(("here", "This channel"))
    if situation.household.reflector:
        usual.append(("reflector", "The mail reflector"))
    return [*usual, ("everybody + representatives", "Everybody who subscribed, and all representatives")]


async def _settled(situation: Situation, part: Part) -> Part:
    match part:
        case Here():
            if situation.place.private:
                raise Refused(
                    "Here you are alone with me.", "Say it in the channel that you mean, or name it: #general."
                )
            return Place(await target_here(situation))
        case Channel(name):
            return await _channel(situation, name)
        case Called(name):
            return await _person(situation, name)
        case Representatives(of) if of:
            return Representatives(_group_or_body(situation, of))
        case Reflector() if not situation.household.reflector:
            raise Refused("No reflector is set up.", "Choose another audience, or set its address in the settings.")
        case _:
            return part


async def _channel(situation: Situation, name: str) -> Place:
    found = await audiences.channels_called(situation.session, name)
    if len(found) == 1:
        return Place(found[0][0])
    if not found:
        raise Refused(
            f"I know no channel “#{name}”.",
            "Type subscribe there with name=…, or say “here” in it.",
        )
    raise Refused(f"Several channels are called “#{name}”.", f"Type {_one_of('place', found)}.")


async def _person(situation: Situation, name: str) -> Human:
    found = await audiences.persons_called(situation.session, name)
    if len(found) == 1:
        return Human(found[0][0])
    if not found:
        raise Refused(f"I know nobody called “{name}”.", "People are known once they spoke to me or were appointed.")
    raise Refused(f"Several people are called “{name}”.", f"Type {_one_of('person', found)}.")


def _one_of(kind: str, found: Sequence[tuple[int, str]]) -> str:
    return " or ".join(f"“{kind} {number}” for {name}" for number, name in found[:_MOST])


def _group_or_body(situation: Situation, name: str) -> str:
    bodies = choosing.bodies_meant(situation, name)
    if bodies:
        return bodies[0].code
    groups = choosing.groups_meant(situation, name)
    if len(groups) == 1:
        return choosing.value_of(situation.catalogue, groups[0])
    if groups:
        codes = [f"“{choosing.value_of(situation.catalogue, one)}”" for one in groups[:_MOST]]
        raise Refused(f"Several groups are called “{name}”.", f"Type {' or '.join(codes)}.")
    raise Refused(
        f"I know no group or body “{name}”.", "Type group list to see them.", [Button("Groups", "group list")]
    )


async def _in_words(situation: Situation, part: Part) -> str:
    match part:
        case Place(target):
            return await audiences.channel_title(situation.session, target)
        case Human(person):
            return await audiences.person_name(situation.session, person)
        case Reflector():
            return "the reflector"
        case Everybody():
            return "everybody who subscribed"
        case Representatives(of):
            return f"the representatives of {of}" if of else "all representatives"
        case _:
            return str(part)
