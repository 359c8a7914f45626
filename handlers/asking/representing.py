"""A question about representatives: whose, of which kind, now or before, or which groups have none."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

State = Literal["current", "former", "any", "pending", "declined"]


class Representing(BaseModel):
    """A question about representatives. Codes and ids as in the catalogue; empty fields do not restrict.

    `persons` are whom it is about, `missing` asks for groups that have none, `named` says that words of a name were
    left that nobody has.
    """

    model_config = ConfigDict(frozen=True)

    body: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    persons: tuple[int, ...] = ()
    kind: Literal["", "representative", "alternate"] = ""
    group_kind: str = ""
    state: State = "current"
    since: str = ""
    until: str = ""
    missing: bool = False
    counted: bool = False
    unheard: tuple[str, ...] = ()

    @property
    def has_source(self) -> bool:
        """Whether it names whose representatives are meant."""
        return bool(self.body or self.group or self.persons)
