"""Subscriptions: what each target wants to be told, and what waits to be told to it in one message."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Moment, words_of
from storage.words import Pace, SubscriptionKind


class Subscription(Base):
    """What one target listens to; its `id` is its number. One that ended goes on when the target subscribes again.

    Between `quiet_from` and `quiet_until`, local times such as `22:00` in `zone`, nothing leaves but what is urgent;
    both are empty where there are no quiet hours. `token` ends it with one click in a mail; a list of people, where any
    reader could click for all, has none.
    """

    __tablename__ = "subscriptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("targets.id"), unique=True)
    zone: Mapped[str]
    quiet_from: Mapped[str] = mapped_column(default="")
    quiet_until: Mapped[str] = mapped_column(default="")
    token: Mapped[str | None] = mapped_column(unique=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    began_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class SubscribedKind(Base):
    """A kind of message that a subscription is for, and how it comes.

    `topics` and `groups` are codes; with any of them only what is about one of these comes, and what is about nothing
    in particular.
    """

    __tablename__ = "subscription_kinds"

    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[SubscriptionKind] = mapped_column(words_of(SubscriptionKind), primary_key=True)
    pace: Mapped[Pace] = mapped_column(words_of(Pace))
    topics: Mapped[list[Any]] = mapped_column(JSON)
    groups: Mapped[list[Any]] = mapped_column(JSON)


class DigestEntry(Base):
    """A line of a digest that is not sent before `due_at`. `cause` is that of the message that it stands for."""

    __tablename__ = "digest_entries"
    __table_args__ = (
        UniqueConstraint("subscription_id", "cause"),
        Index(None, "told_at", "due_at"),
        Index(None, "cause"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"))
    cause: Mapped[str]
    kind: Mapped[SubscriptionKind] = mapped_column(words_of(SubscriptionKind))
    headline: Mapped[str]
    command: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
