"""Registration: the fields that make somebody a representative, and what may be wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import model_validator

from handlers.form import Choice, Form, field
from handlers.representing import choosing
from handlers.representing.choosing import NEW, OTHER
from handlers.representing.fields import (
    Affiliation,
    Email,
    GroupText,
    PersonName,
    Since,
    Until,
    on_calendar,
    wrong_since,
    wrong_until,
)
from handlers.situation import Situation
from storage.catalogue import GroupName
from storage.representing import owners
from storage.words import RepresentativeKind

NOT_YOURS = "that address belongs to somebody else here; if it is yours, type link to join your accounts"


class Appointing(Form):
    """What is asked of a representative to be, by whomever."""

    group: GroupText = field("Group", help="its code, name or body: SG13, ISG QKD, ETSI", searched=True)
    proposed: GroupText | None = field(
        "Name of your group", help="only for a group that is not in the list", default=None, named=True
    )
    kind: RepresentativeKind = field(
        "Representative or alternate", named=True, likely=RepresentativeKind.REPRESENTATIVE.value
    )
    name: PersonName = field("Name", help="as the list is to show it", named=True)
    email: Email = field(
        "E-mail", help="kim@example.org; shown to the secretariat and representatives only", named=True
    )
    affiliation: Affiliation | None = field("Affiliation", help="company or institute", default=None, named=True)
    since: Since = field("Since", help="2025, 2025-07, 3 July 2025 or today", default="", named=True)
    until: Until = field("Until", help="2028, or a study period: 2025-2028", default="", named=True)

    @model_validator(mode="before")
    @classmethod
    def _named(cls, values: Any) -> Any:
        """`new: Quantum Alliance` names a group that is not in the list."""
        if not isinstance(values, dict) or not isinstance(values.get("group"), str):
            return values
        read = dict(cls.read(values))
        if read["group"].lower().startswith(NEW):
            read |= {"group": OTHER, "proposed": read["group"][len(NEW) :].strip()}
        return read

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Mapping[str, str]:
        """`SG13 alternate` names the kind, too."""
        text, kind = _parted(values.get("group", "").strip())
        return {**values, "group": text, "kind": kind} if kind and not values.get("kind") else values

    @classmethod
    async def offers(cls, situation: Situation, field: str, typed: str) -> Sequence[Choice]:
        return choosing.offers(situation, _parted(typed.strip())[0]) if field == "group" else ()

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        found = {
            "group": choosing.wrong_group(situation, self.group),
            "proposed": "" if self.group != OTHER or self.proposed else "what is it called?",
            "since": wrong_since(self.since, situation),
            "until": wrong_until(self.until, self.since, situation),
        }
        return {name: problem for name, problem in found.items() if problem}

    def chosen(self, situation: Situation) -> GroupName | None:
        """The group of a form in which nothing is wrong; None for one that is proposed."""
        return None if self.group == OTHER else choosing.groups_meant(situation, self.group)[0]

    def term(self, situation: Situation) -> tuple[str, str]:
        """When it begins and ends, as partial dates or empty."""
        return on_calendar(self.since, situation), on_calendar(self.until, situation)


def _parted(text: str) -> tuple[str, str]:
    """A group and the kind that was written after it, or before."""
    kinds = [str(one) for one in RepresentativeKind]
    before, _, last = text.rpartition(" ")
    if before and last.lower() in kinds:
        return before.strip(), last.lower()
    first, _, after = text.partition(" ")
    return (after.strip(), first.lower()) if after and first.lower() in kinds else (text, "")


class Registration(Appointing):
    """What somebody says who registers themselves."""

    email: Email = field(
        "E-mail", help="your own; only the secretariat and representatives see it", named=True, own=True
    )

    @classmethod
    async def known(cls, situation: Situation) -> Mapping[str, str]:
        caller = situation.caller
        values = {"name": caller.name, "email": await owners.proved_address(situation.session, caller.person_id)}
        return {name: value for name, value in values.items() if value}

    @classmethod
    def doing(cls, values: Mapping[str, str]) -> str:
        group = values.get("proposed") or values.get("group", "").removeprefix(NEW).strip()
        return f"registering for {group}" if group and group != OTHER else "registering for a group"

    async def wrong(self, situation: Situation) -> Mapping[str, str]:
        found = dict(await super().wrong(situation))
        if await owners.owner(situation.session, self.email) not in (None, situation.caller.person_id):
            found["email"] = NOT_YOURS
        return found
