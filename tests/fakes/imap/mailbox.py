"""The mailbox: folders with mails, their numbers and flags."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Stored:
    """One mail as it lies there."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class Mailbox:
    """One folder. `is_read_only`: nobody may change flags."""

    mails: list[Stored] = field(default_factory=list)
    validity: int = 1
    is_read_only: bool = False

    def receives(self, raw: bytes) -> Stored:
        """A mail arrives."""
        stored = Stored(max((one.uid for one in self.mails), default=0) + 1, raw)
        self.mails.append(stored)
        return stored

    def found(self, criteria: list[str]) -> list[Stored]:
        """The mails that fit UNSEEN and UNDELETED, where these are asked for."""
        wanted = {"UNSEEN": r"\Seen", "UNDELETED": r"\Deleted"}
        without = {wanted[one] for one in criteria}
        return [one for one in self.mails if not without & one.flags]

    def of(self, uids: str) -> list[tuple[int, Stored]]:
        """The mails of a set of UIDs (`1,3:5`), each with its place in the folder."""
        chosen: set[int] = set()
        for part in uids.split(","):
            first, _, last = part.partition(":")
            chosen |= set(range(int(first), int(last or first) + 1))
        return [(place, one) for place, one in enumerate(self.mails, 1) if one.uid in chosen]
