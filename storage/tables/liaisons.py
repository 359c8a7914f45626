"""Liaison statements: what they say, to whom, their files, and what became of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Moment, words_of
from storage.words import (
    AssignmentState,
    DeadlineKind,
    Direction,
    LiaisonFileKind,
    LiaisonStatus,
    ProposalState,
    Purpose,
)


class Liaison(Base):
    """A liaison statement.

    `number` is the one by which everybody calls it: its sender's, or ours where the sender gave none or one that is
    taken. `ours` is the number that we gave it, outgoing and incoming; those from an imported list have none.
    `drafted_as` is what one that we wrote was called before it was sent: `DRAFT-3`. `source` is as its sender wrote it,
    `source_id` that group where it is in the list. `date` is `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or empty. `deadline` is
    such a date where `deadline_kind` is `date`, what was written where it is `vague`, else empty; `deadline_since` is
    when it was changed last. `in_response_to` is what it says that it answers, `response_to_id` that statement where we
    have it; one that `is_holding` asks for more time and answers nothing yet. `questions` are `Q16/13; Q2/17`.
    `contact` and `contact_email` are personal data. `revision` grows with every change of a draft.
    """

    __tablename__ = "liaisons"
    __table_args__ = (Index(None, "date"), Index(None, "status", "deadline"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    ours: Mapped[str | None] = mapped_column(unique=True)
    drafted_as: Mapped[str | None] = mapped_column(unique=True)
    direction: Mapped[Direction] = mapped_column(words_of(Direction))
    date: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"), index=True)
    title: Mapped[str]
    deadline: Mapped[str] = mapped_column(default="")
    deadline_kind: Mapped[DeadlineKind] = mapped_column(words_of(DeadlineKind), default=DeadlineKind.UNSTATED)
    deadline_since: Mapped[datetime | None] = mapped_column(Moment)
    in_response_to: Mapped[str] = mapped_column(default="")
    response_to_id: Mapped[int | None] = mapped_column(ForeignKey("liaisons.id"), index=True)
    is_holding: Mapped[bool] = mapped_column(default=False)
    questions: Mapped[str] = mapped_column(default="")
    approval: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    status: Mapped[LiaisonStatus] = mapped_column(words_of(LiaisonStatus))
    summary: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=0)
    logged_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    logged_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


class LiaisonAddressee(Base):
    """A group that a liaison statement is addressed to, as its sender wrote it; `group_id` where it is in the list.

    `asked` is what this group alone is asked, `due` until when, a date or empty, where the statement says so.
    """

    __tablename__ = "liaison_addressees"

    liaison_id: Mapped[int] = mapped_column(ForeignKey("liaisons.id", ondelete="CASCADE"), primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(words_of(Purpose), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"), index=True)
    asked: Mapped[str] = mapped_column(default="")
    due: Mapped[str] = mapped_column(default="")


class LiaisonText(Base):
    """What a liaison statement says at length; `stems` are those of all its words and of its files', to be found by."""

    __tablename__ = "liaison_texts"

    liaison_id: Mapped[int] = mapped_column(ForeignKey("liaisons.id", ondelete="CASCADE"), primary_key=True)
    abstract: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    stems: Mapped[str] = mapped_column(default="")


class LiaisonFile(Base):
    """A file of a liaison statement; its `id` is part of its address and is never given to another.

    `name` is its sender's, `media_type` what the content is. `text` is what can be read in it.
    """

    __tablename__ = "liaison_files"
    __table_args__ = (UniqueConstraint("liaison_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    liaison_id: Mapped[int] = mapped_column(ForeignKey("liaisons.id", ondelete="CASCADE"))
    kind: Mapped[LiaisonFileKind] = mapped_column(words_of(LiaisonFileKind))
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(ForeignKey("files.digest"), index=True)
    text: Mapped[str] = mapped_column(default="")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    added_at: Mapped[datetime] = mapped_column(Moment)


class LiaisonEvent(Base):
    """A step in the life of a liaison statement; rows are only ever added.

    `deed` is what was done (`logged`, `accepted`), `acting_as` in which capacity: a role, or for whom. `before` and
    `after` are what it changed.
    """

    __tablename__ = "liaison_events"
    __table_args__ = (Index(None, "liaison_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    liaison_id: Mapped[int] = mapped_column(ForeignKey("liaisons.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    deed: Mapped[str]
    person_id: Mapped[int | None]
    acting_as: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)


class LiaisonAssignment(Base):
    """Who sees to what one group is asked to do: `person_id`, once somebody has been asked.

    `name` is the group as the statement calls it. `raised_at` is when the secretariat was told that nobody accepted.
    """

    __tablename__ = "liaison_assignments"
    __table_args__ = (UniqueConstraint("liaison_id", "name"), Index(None, "state", "asked_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    liaison_id: Mapped[int] = mapped_column(ForeignKey("liaisons.id", ondelete="CASCADE"))
    name: Mapped[str]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    state: Mapped[AssignmentState] = mapped_column(words_of(AssignmentState))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    raised_at: Mapped[datetime | None] = mapped_column(Moment)


class LiaisonMention(Base):
    """What a liaison statement says of a roadmap item: `item_id` where it is in the roadmap.

    `said` is `approved`, `consented`, `renamed`, `mentioned` ..., `former` its earlier name, `date` when, or empty.
    """

    __tablename__ = "liaison_mentions"
    __table_args__ = (UniqueConstraint("liaison_id", "reference", "said"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    liaison_id: Mapped[int] = mapped_column(ForeignKey("liaisons.id", ondelete="CASCADE"))
    reference: Mapped[str]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("roadmap_items.id", ondelete="SET NULL"), index=True)
    said: Mapped[str]
    former: Mapped[str] = mapped_column(default="")
    date: Mapped[str] = mapped_column(default="")
    quote: Mapped[str] = mapped_column(default="")


class LiaisonProposal(Base):
    """A change of the roadmap that a liaison statement gives rise to, and what somebody decided.

    `changes` are by field what was and what would be: `{"status": ["under-development", "approved"]}`. `item_id` is
    None for an item that would be added.
    """

    __tablename__ = "liaison_proposals"
    __table_args__ = (UniqueConstraint("liaison_id", "reference"), Index(None, "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    liaison_id: Mapped[int] = mapped_column(ForeignKey("liaisons.id", ondelete="CASCADE"))
    reference: Mapped[str]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("roadmap_items.id", ondelete="SET NULL"), index=True)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    quote: Mapped[str] = mapped_column(default="")
    state: Mapped[ProposalState] = mapped_column(words_of(ProposalState))
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
