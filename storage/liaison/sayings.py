"""Sayings: what a liaison statement says of a roadmap item, and what that would change of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from storage.references import Reference, core_of, parse_reference, scan
from storage.tables import LiaisonMention
from storage.transfer.cells import LONGEST_NAME, real_date
from storage.words import RETIRED, ItemStatus

Changes = dict[str, list[str]]
"""By field what is and what would be, as a file has it; a `former` name is one more of them."""

RANK = {
    ItemStatus.UNDER_DEVELOPMENT: 0,
    ItemStatus.CONSENTED: 1,
    ItemStatus.DETERMINED: 1,
    ItemStatus.APPROVED: 2,
    ItemStatus.PUBLISHED: 3,
    ItemStatus.IN_FORCE: 3,
    ItemStatus.SUPERSEDED: 4,
    ItemStatus.WITHDRAWN: 4,
}
"""How far an item has come: no statement takes one back."""

DUE = (ItemStatus.UNDER_DEVELOPMENT, ItemStatus.CONSENTED, ItemStatus.DETERMINED)
"""Statuses whose date is when the item shall be ready, not when something happened."""

_STATUSES = {
    "new-work-item": ItemStatus.UNDER_DEVELOPMENT,
    "consented": ItemStatus.CONSENTED,
    "determined": ItemStatus.DETERMINED,
    "approved": ItemStatus.APPROVED,
    "published": ItemStatus.PUBLISHED,
}
_MENTIONED = "mentioned"
_TITLE = re.compile(r"[“«\"]([^“”«»\"]{3,})[”»\"]")
_QUESTION = re.compile(r"\bQ\d{1,3}/\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class Saying:
    """All that one statement says of one item. `date` is when it got that status, as far as it is said."""

    reference: str
    status: ItemStatus | None = None
    former: str = ""
    date: str = ""
    quote: str = ""
    item_id: int | None = None

    @property
    def parsed(self) -> Reference:
        return parse_reference(self.reference)

    @property
    def title(self) -> str:
        """The title that stands after the reference in quotation marks; empty where none does."""
        after = self.quote.partition(self.reference)[2]
        found = _TITLE.search(after)
        if not found:
            return ""
        between = {one.reference.core for one in scan(after[: found.start()])}
        return "" if between - {core_of(self.former)} else " ".join(found[1].split())

    @property
    def question(self) -> str:
        found = _QUESTION.search(self.quote)
        return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an item stands in the roadmap. `former` are the cores of its former names.

    `comes_into_force`: its body says `in-force` of what others publish, and keeps the day of the approval.
    """

    reference: str
    status: ItemStatus
    date: str
    former: Collection[str] = ()
    comes_into_force: bool = False


def gathered(mentions: Iterable[LiaisonMention], today: str) -> list[Saying]:
    """What is said of each item, in the order of the text; mere mentions say nothing. A day to come is no day."""
    found: dict[Reference, Saying] = {}
    for mention in mentions:
        if (mention.said == _MENTIONED and not mention.former) or len(mention.reference) > LONGEST_NAME:
            continue
        date = mention.date if real_date(mention.date) and mention.date <= today else ""
        status = _STATUSES.get(mention.said)
        former = mention.former if len(mention.former) <= LONGEST_NAME else ""
        said = Saying(mention.reference, status, former, date, mention.quote, mention.item_id)
        known = found.get(said.parsed)
        found[said.parsed] = _both(known, said) if known else said
    return list(found.values())


def is_forward(before: ItemStatus, after: ItemStatus) -> bool:
    return before not in RETIRED and RANK[after] > RANK[before]


def changes(standing: Standing, saying: Saying) -> Changes:
    """What the saying changes of an item that is in the roadmap; empty when it says nothing new."""
    found: Changes = {}
    status = _word(saying.status, standing.comes_into_force)
    if status and is_forward(standing.status, status):
        found["status"] = [standing.status.value, status.value]
    date = _date(standing, status, saying.date)
    if date != standing.date:
        found["date"] = [standing.date, date]
    core = core_of(saying.former)
    if core and core == core_of(standing.reference) and core != saying.parsed.core:
        found["reference"] = [standing.reference, saying.reference]
        found["former"] = ["", standing.reference]
    elif core and core not in (*standing.former, core_of(standing.reference)):
        found["former"] = ["", saying.former]
    return found


def addition(saying: Saying, *, body: str, group: str, question: str, kind: str, comes_into_force: bool) -> Changes:
    """What adds an item that the roadmap lacks."""
    status = _word(saying.status, comes_into_force) or ItemStatus.UNDER_DEVELOPMENT
    fields = {
        "body": body,
        "group": group,
        "question": saying.question or question,
        "reference": saying.reference,
        "title": saying.title,
        "type": kind,
        "status": status.value,
        "date": "" if status in DUE else saying.date,
        "former": saying.former if core_of(saying.former) != saying.parsed.core else "",
    }
    return {name: ["", value] for name, value in fields.items() if value}


def _both(one: Saying, other: Saying) -> Saying:
    """What two mentions of an item say together: the further status with its day, and the former name of either."""
    ahead, behind = (other, one) if _rank(other) > _rank(one) else (one, other)
    return replace(
        ahead,
        reference=one.reference,
        former=ahead.former or behind.former,
        date=ahead.date or (behind.date if ahead.status is behind.status else ""),
        quote=ahead.quote or behind.quote,
        item_id=ahead.item_id or behind.item_id,
    )


def _rank(saying: Saying) -> int:
    return RANK[saying.status] if saying.status else -1


def _word(status: ItemStatus | None, comes_into_force: bool) -> ItemStatus | None:
    return ItemStatus.IN_FORCE if status is ItemStatus.PUBLISHED and comes_into_force else status


def _date(standing: Standing, status: ItemStatus | None, said: str) -> str:
    """The item's date afterwards: nobody takes the day when it was due for that when it was ready."""
    if status is None or status in DUE:
        return standing.date
    if not is_forward(standing.status, status):
        is_finer = status is standing.status and said.startswith(standing.date)
        return said if is_finer and len(said) > len(standing.date) else standing.date
    if standing.status in DUE:
        return said
    keeps = standing.comes_into_force and standing.date
    return standing.date if keeps else said or standing.date
