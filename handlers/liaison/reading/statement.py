"""A liaison statement as it was read: typed fields, each with where it was found and how sure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from storage.words import DeadlineKind, Purpose

T = TypeVar("T")


class Sureness(StrEnum):
    """How sure a field is: written as such, most likely meant so, or guessed."""

    CERTAIN = "certain"
    LIKELY = "likely"
    GUESS = "guess"


class Layout(StrEnum):
    """The header form that a statement is written in."""

    ITU = "itu"
    PROJECT = "etsi-3gpp"
    DATATRACKER = "ietf-datatracker"
    MAIL = "mail"


class Said(StrEnum):
    """What a statement says of a standard or work item."""

    APPROVED = "approved"
    CONSENTED = "consented"
    DETERMINED = "determined"
    NEW_WORK_ITEM = "new-work-item"
    RENAMED = "renamed"
    PUBLISHED = "published"
    MENTIONED = "mentioned"


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value with where it was found. False where nothing was found."""

    value: T
    where: str = ""
    sure: Sureness = Sureness.CERTAIN

    def __bool__(self) -> bool:
        return bool(self.where)


@dataclass(frozen=True, slots=True)
class Deadline:
    """`text` is the day (YYYY-MM-DD) of a date, else what was written."""

    kind: DeadlineKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Addressed:
    """A group that the statement is sent to. `name` is tidy, `name_as_written` is not."""

    name: str
    name_as_written: str
    purpose: Purpose
    where: str
    sure: Sureness = Sureness.CERTAIN


@dataclass(frozen=True, slots=True)
class Original:
    """The statement that this one replies to, as far as it says. `text` is as written."""

    number: str = ""
    source: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """What one group is asked to do, and by when."""

    group: str
    text: str
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Mention:
    """A standard or work item that the statement speaks of. `former` is its name before, `date` YYYY-MM-DD if said."""

    reference: str
    said: Said
    former: str
    date: str
    quote: str
    where: str


@dataclass(frozen=True, slots=True)
class ReadStatement:
    """All that was read. Names of groups are tidy but not looked up; dates are YYYY-MM-DD."""

    layout: Layout
    number: Found[str]
    source: Found[str]
    source_as_written: str
    date: Found[str]
    questions: Found[tuple[str, ...]]
    addressees: tuple[Addressed, ...]
    to: Found[tuple[str, ...]]
    cc: Found[tuple[str, ...]]
    deadline: Found[Deadline]
    title: Found[str]
    is_reply: bool
    in_response_to: Found[Original]
    contact: Found[str]
    contact_email: Found[str]
    abstract: Found[str]
    body: str
    attachments: Found[tuple[str, ...]]
    actions: tuple[Action, ...]
    mentions: tuple[Mention, ...]
