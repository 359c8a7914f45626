"""A finding of the doctor: one thing that is well, or what is wrong with it and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`remedy` is empty where all is well."""

    subject: str
    words: str
    remedy: str = ""

    @property
    def is_well(self) -> bool:
        return not self.remedy

    def __str__(self) -> str:
        if self.is_well:
            return f"ok     {self.subject}: {self.words}"
        return f"wrong  {self.subject}: {self.words}; do: {self.remedy}"
