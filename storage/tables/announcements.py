"""Announcements: what the secretariat broadcasts, to whom it went, and who confirmed that they read it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Moment, words_of
from storage.words import AnnouncementState


class Announcement(Base):
    """An announcement; its `id` is its number. `text` is Markdown, `audience` as `storage.audience` writes it.

    `due_at` is when a scheduled one is to be sent. `told` are the figures that the status message says now: a change
    of them is told. `nudged_at` is when those who had not acknowledged it were last reminded.
    """

    __tablename__ = "announcements"
    __table_args__ = (Index(None, "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    audience: Mapped[str]
    state: Mapped[AnnouncementState] = mapped_column(words_of(AnnouncementState))
    needs_acknowledgement: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    drafted_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    corrected_at: Mapped[datetime | None] = mapped_column(Moment)
    nudged_at: Mapped[datetime | None] = mapped_column(Moment)
    status_target_id: Mapped[int | None] = mapped_column(ForeignKey("targets.id"))
    told: Mapped[str] = mapped_column(default="")


class AnnouncementFile(Base):
    """A file that goes with an announcement."""

    __tablename__ = "announcement_files"

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    media_type: Mapped[str]
    digest: Mapped[str] = mapped_column(ForeignKey("files.digest"))


class Recipient(Base):
    """Whom an announcement was for when it was sent: a person, a place, or a person at a place.

    One without a target could not be reached, `because` of what. Who is told by mail acknowledges with `token`.
    """

    __tablename__ = "announcement_recipients"
    __table_args__ = (UniqueConstraint("announcement_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"))
    target_id: Mapped[int | None] = mapped_column(ForeignKey("targets.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    is_subscriber: Mapped[bool] = mapped_column(default=False)
    because: Mapped[str] = mapped_column(default="")
    token: Mapped[str | None] = mapped_column(index=True, unique=True)


class Acknowledgement(Base):
    """A person who said that they read an announcement."""

    __tablename__ = "acknowledgements"

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
