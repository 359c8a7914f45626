"""Liaison statements and officers."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, words_of
from storage.words import Direction, LiaisonStatus, Purpose


class Liaison(Base):
    """A liaison statement. `date` and `deadline` are `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or empty (not stated)."""

    __tablename__ = "liaisons"
    __table_args__ = (Index(None, "date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    direction: Mapped[Direction] = mapped_column(words_of(Direction))
    date: Mapped[str] = mapped_column(default="")
    source: Mapped[str]
    title: Mapped[str]
    deadline: Mapped[str] = mapped_column(default="")
    in_response_to: Mapped[str] = mapped_column(default="")
    status: Mapped[LiaisonStatus] = mapped_column(words_of(LiaisonStatus))
    summary: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")


class LiaisonAddressee(Base):
    """A group that a liaison statement is addressed to, as its sender wrote it."""

    __tablename__ = "liaison_addressees"

    liaison_id: Mapped[int] = mapped_column(ForeignKey("liaisons.id", ondelete="CASCADE"), primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(words_of(Purpose), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class Officer(Base):
    """Chair, vice-chair, secretariat, rapporteur of a group. `since` and `until` are partial dates or empty."""

    __tablename__ = "officers"
    __table_args__ = (UniqueConstraint("group_id", "role", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("groups.id"))
    role: Mapped[str]
    name: Mapped[str]
    affiliation: Mapped[str] = mapped_column(default="")
    since: Mapped[str] = mapped_column(default="")
    until: Mapped[str] = mapped_column(default="")
