"""Reminders: what people will be told before a meeting, before a deadline, or when they asked to be."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Moment, words_of
from storage.words import ReminderKind, ReminderState


class Reminder(Base):
    """One reminder at one instant, `due_at`.

    Those of a meeting, and of its document deadline, go to everybody who subscribed to meetings; a personal one goes to
    its person. `lead` is how long before (`P7D`, `PT1H`), empty for a personal one at a time of its own. `key` is made
    of what it is and when, so that none is made twice. `begins_at` is when what it is about begins, which is when it is
    too late. One that is `planned` is in the outbox under the cause `reminder:ID:REVISION`; the revision grows when it
    is withdrawn, so that it can be put there anew. One that somebody cancelled, as `cancelled_by` says, stays so when
    the meeting is planned anew.
    """

    __tablename__ = "reminders"
    __table_args__ = (Index(None, "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[ReminderKind] = mapped_column(words_of(ReminderKind))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    lead: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime] = mapped_column(Moment)
    begins_at: Mapped[datetime | None] = mapped_column(Moment)
    revision: Mapped[int] = mapped_column(default=0)
    state: Mapped[ReminderState] = mapped_column(words_of(ReminderState))
    made_at: Mapped[datetime] = mapped_column(Moment)
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))


class ReminderPlan(Base):
    """How long before a meeting, or before its document deadline, people are reminded, where somebody chose that.

    `leads` are durations with spaces between them, none: nobody is reminded.
    """

    __tablename__ = "reminder_plans"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[ReminderKind] = mapped_column(words_of(ReminderKind), primary_key=True)
    leads: Mapped[str]


class ReminderWish(Base):
    """How long before any meeting, or document deadline, a subscription wants to be reminded, whatever the others do.

    `leads` are durations with spaces between them, none: never.
    """

    __tablename__ = "reminder_wishes"

    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True)
    leads: Mapped[str]
