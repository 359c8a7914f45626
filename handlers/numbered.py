"""Numbered: forms about something that has a number, refused at once where there is nothing of that number."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.form import Finding, Form
from handlers.situation import Situation

_LONGEST = 10


class Numbered(Form):
    """What forms have in common whose field `number` names what they are about, and that ask for more."""

    @classmethod
    async def check(cls, situation: Situation, number: int) -> None:
        """Raise `Refused` where there is nothing of that number that this person may know of."""
        raise NotImplementedError

    @classmethod
    async def finds(cls, situation: Situation, values: Mapping[str, str]) -> Finding | None:
        number = values.get("number", "").strip()
        # A form that is complete stays open with all that was typed, when its command refuses it.
        is_complete = all(values.get(one.name) for one in cls.fields() if one.required)
        if number.isdecimal() and len(number) < _LONGEST and not is_complete:
            await cls.check(situation, int(number))
        return None
