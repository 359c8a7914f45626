"""Events that arrived, dialogues half-way, last queries, long button commands, leases, and the audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Moment, words_of
from storage.words import InboxState


class InboxEvent(Base):
    """One event of a platform, committed before the platform is told that it arrived."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("platform", "event_id"), Index(None, "state", "received_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str]
    event_id: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[InboxState] = mapped_column(words_of(InboxState))
    claimed_until: Mapped[datetime] = mapped_column(Moment)
    arrival: Mapped[str]
    outcome: Mapped[str] = mapped_column(default="")


class Dialogue(Base):
    """A form that somebody is filling in, in one place. Without `awaiting` it rests, until somebody goes on with it."""

    __tablename__ = "dialogues"
    __table_args__ = (UniqueConstraint("account_id", "place", "command"), Index(None, "updated_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    place: Mapped[str]
    command: Mapped[str]
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    awaiting: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(Moment)


class Conversation(Base):
    """The last query of an account in a place, which a follow-up changes."""

    __tablename__ = "conversations"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    query: Mapped[str]
    updated_at: Mapped[datetime] = mapped_column(Moment)


class Shortcut(Base):
    """A command line too long for a platform's button, under a token made from it."""

    __tablename__ = "shortcuts"

    token: Mapped[str] = mapped_column(primary_key=True)
    command: Mapped[str]


class Lease(Base):
    """Which process does a thing that only one may do, and until when."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime] = mapped_column(Moment)


class AuditEntry(Base):
    """Who changed what, acting as what, from where. Rows are appended, never changed."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject", "subject_id"), Index(None, "person_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    person_id: Mapped[int | None]
    role: Mapped[str]
    place: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
