"""Changes: what an entry of the audit trail says was and what is, as people read it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from handlers.situation import Situation
from storage import people
from storage.audit import Entry

Change = tuple[str, object, object]
"""A field, what it was and what it became: text, or an aware time."""

_LONGEST = 80
_PERSONS = ("person_id", "decided_by", "from", "stays", "goes", "persons")
"""What holds the numbers of persons."""

_UNSHOWN = ("told", "source_id", "deadline_kind")
"""What only the bot reads, or what other fields say."""

_KEYS = ("_id", "_at")


async def shown(situation: Situation, entry: Entry) -> Sequence[Change]:
    """Each field with what it was and what it became."""
    names = [name for name in dict.fromkeys([*entry.before, *entry.after]) if name not in _UNSHOWN]
    return [
        (
            _label(name),
            await _value(situation, name, entry.before.get(name)),
            await _value(situation, name, entry.after.get(name)),
        )
        for name in names
    ]


def _label(name: str) -> str:
    """'group' for `group_id`, 'decided' for `decided_at`."""
    ending = next((one for one in _KEYS if name.endswith(one)), "")
    return name.removesuffix(ending).replace("_", " ")


async def _value(situation: Situation, name: str, value: object) -> object:
    if value in (None, "", [], {}):
        return "nothing"
    if isinstance(value, list):
        return _short(", ".join([str(await _one(situation, name, one)) for one in value]))
    found = await _one(situation, name, value)
    return _short(found) if isinstance(found, str) else found


async def _one(situation: Situation, name: str, value: object) -> str | datetime:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and name in _PERSONS:
        return await people.name_of(situation.session, value) or f"person {value}"
    if isinstance(value, int) and name == "group_id" and value in situation.catalogue.groups:
        return situation.catalogue.groups[value].code
    if isinstance(value, str):
        return _moment(value) or value
    return json.dumps(value, ensure_ascii=False)


def _moment(text: str) -> datetime | None:
    """The instant that the text is, if it is one: a day or a local time is none."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else None


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
