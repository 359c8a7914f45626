"""Meetings: their agenda, documents, notes, and who comes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Moment, words_of
from storage.words import Answer, DocumentStatus, MeetingMode, MeetingStatus, NoteKind


class Meeting(Base):
    """A meeting of the host group.

    `start` and `end` are what people wrote: local time (`2023-03-22T13:00`), a day, a month, or vague words ("late
    2025"). `starts_at` is the instant in UTC where `start` has an hour, and `begins_on` its first day where it has
    one; both are computed from `start` and `timezone`, as `documents_due_at` is from `documents_due`, which is a day or
    a local time. `link` is for members alone. `uid` and `sequence` are those of its calendar entry (RFC 5545).
    `untold` are the columns that a file changed and nobody was told of yet, with spaces between them.
    """

    __tablename__ = "meetings"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str]
    start: Mapped[str] = mapped_column(default="")
    end: Mapped[str] = mapped_column(default="")
    timezone: Mapped[str]
    starts_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    begins_on: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    mode: Mapped[MeetingMode] = mapped_column(words_of(MeetingMode))
    status: Mapped[MeetingStatus] = mapped_column(words_of(MeetingStatus))
    colocated_with: Mapped[str] = mapped_column(default="")
    report: Mapped[str] = mapped_column(default="")
    executive_summary: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="", server_default="")
    documents_due: Mapped[str] = mapped_column(default="", server_default="")
    documents_due_at: Mapped[datetime | None] = mapped_column(Moment)
    uid: Mapped[str] = mapped_column(default="", server_default="")
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    announced_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_because: Mapped[str] = mapped_column(default="", server_default="")
    untold: Mapped[str] = mapped_column(default="", server_default="")


class Counter(Base):
    """The last number that was given to one kind of thing, without a gap."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class AgendaItem(Base):
    """A point that somebody put on a meeting's agenda; what stands on every agenda has no row.

    `documents` are numbers of meeting documents. Items come in the order of `position`, then of `id`.
    """

    __tablename__ = "agenda_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    presenter: Mapped[str] = mapped_column(default="")
    documents: Mapped[list[Any]] = mapped_column(JSON)


class MeetingDocument(Base):
    """A numbered document; the numbers go over all meetings.

    `source` is the group that it is from, as it is shown, `group_id` that group where it is in the list. It came for
    `meeting_id`, and was left to `deferred_to`; one that is deferred to none waits for the next one, whichever it is.
    """

    __tablename__ = "meeting_documents"
    __table_args__ = (Index(None, "meeting_id", "number"), Index(None, "status"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"))
    title: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    status: Mapped[DocumentStatus] = mapped_column(words_of(DocumentStatus))
    deferred_to: Mapped[int | None] = mapped_column(ForeignKey("meetings.id"))
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    submitted_at: Mapped[datetime] = mapped_column(Moment)


class DocumentVersion(Base):
    """A version of a meeting document, from 1 on. No two have the same content. `name` is its sender's."""

    __tablename__ = "document_versions"
    __table_args__ = (UniqueConstraint("digest"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("meeting_documents.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(ForeignKey("files.digest"))
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    submitted_at: Mapped[datetime] = mapped_column(Moment)


class MeetingNote(Base):
    """A decision or an action that was noted in a meeting; its `id` is its number.

    `owner` is whoever an action is for, in words; `due` a partial date or empty.
    """

    __tablename__ = "meeting_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    kind: Mapped[NoteKind] = mapped_column(words_of(NoteKind))
    text: Mapped[str]
    owner: Mapped[str] = mapped_column(default="")
    due: Mapped[str] = mapped_column(default="")
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    noted_at: Mapped[datetime] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)


class Attendance(Base):
    """Whether a person said that they would come to a meeting, and whether they were there.

    Somebody who was there and whom the bot does not know has a `name` and no person.
    """

    __tablename__ = "attendances"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"), UniqueConstraint("meeting_id", "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    name: Mapped[str | None]
    answer: Mapped[Answer | None] = mapped_column(words_of(Answer))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    attended: Mapped[bool] = mapped_column(default=False)
