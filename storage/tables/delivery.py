"""The outbox: what the bot says on its own account, where it goes, and how that ended."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Moment, words_of
from storage.words import DeliveryState


class Target(Base):
    """A place that messages can go to, in the platform's own words.

    `slack` `T1/C1` (a channel) or `T1/U1` (a person's direct messages), `telegram` a chat id, `email` an address,
    `terminal` an account's name. `thread` is a Slack thread or a Telegram topic. One that is `closed_at` takes nothing
    any more (blocked, archived, unknown) until somebody opens it again. Before `rests_until` nothing is sent to it.
    `is_secretariat`: requests to the secretariat and reports go there.
    """

    __tablename__ = "targets"
    __table_args__ = (UniqueConstraint("platform", "address", "thread"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str]
    address: Mapped[str]
    thread: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    is_secretariat: Mapped[bool] = mapped_column(default=False)
    rests_until: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_because: Mapped[str] = mapped_column(default="")


class PlatformRest(Base):
    """Until when a platform as a whole asked not to be sent anything."""

    __tablename__ = "platform_rests"

    platform: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(Moment)


class File(Base):
    """A file's content, kept once under its SHA-256 in hexadecimal.

    Old ones are found by an index: `kept_at` lies behind the content, which SQLite would read through to get there.
    """

    __tablename__ = "files"

    digest: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Notice(Base):
    """What deliveries say: a template's name with its data and buttons, kept once for all of them.

    What `is_secret` said is removed as soon as all its deliveries are sent or given up.
    """

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    template: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    buttons: Mapped[list[Any]] = mapped_column(JSON)
    subject: Mapped[str] = mapped_column(default="")
    is_secret: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime] = mapped_column(Moment)


class NoticeFile(Base):
    """A file that goes with a notice."""

    __tablename__ = "notice_files"

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    media_type: Mapped[str]
    digest: Mapped[str] = mapped_column(ForeignKey("files.digest"), index=True)


class Delivery(Base):
    """One message to one target.

    `cause` says why, for all deliveries of one matter (`representative:12:request`); `dedupe_key` makes a second
    enqueue a no-op. The most urgent `priority` is 0. A delivery is sent not before `due_at`, nor after `expires_at`.
    One with `edits` changes what that delivery sent. `tries` counts sends that were begun, `doubts` those of which
    nobody knows whether they arrived. Since `failing_since` the platform does not take it. `receipt` is the platform's
    own note of what was sent.
    """

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_due", "state", "platform", "priority", "due_at"), Index(None, "cause"))

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    cause: Mapped[str]
    platform: Mapped[str]
    target_id: Mapped[int] = mapped_column(ForeignKey("targets.id"), index=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), index=True)
    edits: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    priority: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[DeliveryState] = mapped_column(words_of(DeliveryState))
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(default="")
    receipt: Mapped[dict[str, Any]] = mapped_column(JSON)
    put_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
