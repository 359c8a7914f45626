"""Bodies, groups with their Questions, topics and terms: what the roadmap is about and who writes it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Moment


class Body(Base):
    __tablename__ = "bodies"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")


class BodyAlias(Base):
    """Another name of a body, or a word for where it works ("India")."""

    __tablename__ = "body_aliases"

    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id", ondelete="CASCADE"), primary_key=True)
    alias: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class Group(Base):
    """A part of a body that does work. `ended` is empty, a year, or `yes` when the year is unknown.

    `email` is where it takes liaison statements, or empty.
    """

    __tablename__ = "groups"
    __table_args__ = (UniqueConstraint("body_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    code: Mapped[str]
    name: Mapped[str]
    scope: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    ended: Mapped[str] = mapped_column(default="")
    homepage: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="", server_default="")


class Question(Base):
    """A study group's Question, `Q16/13`."""

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int] = mapped_column(default=0)


class Topic(Base):
    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]


class TopicAlias(Base):
    __tablename__ = "topic_aliases"

    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True)
    alias: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class Term(Base):
    """One definition of a term by one source; a term may have several."""

    __tablename__ = "terms"
    __table_args__ = (UniqueConstraint("term", "reference"), Index(None, "abbreviation"))

    id: Mapped[int] = mapped_column(primary_key=True)
    term: Mapped[str]
    abbreviation: Mapped[str] = mapped_column(default="")
    definition: Mapped[str]
    reference: Mapped[str]
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    verified: Mapped[bool] = mapped_column(default=False)


class CatalogueVersion(Base):
    """One row, raised whenever names or items change, so that every process knows when to read them again."""

    __tablename__ = "catalogue_version"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Moment)
