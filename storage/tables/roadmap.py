"""Roadmap items: published standards and work items of all bodies, and how they relate."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, words_of
from storage.words import ItemStatus, RelationKind


class RoadmapItem(Base):
    """A published standard or a work item.

    `key` is its stable identifier in files. `date` is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as far as it is known, or
    empty. `core` is its reference without publisher, type and edition (`storage.references`), by which editions of
    one standard are found together. `stems` are the stemmed words of the title, which full-text search reads.
    """

    __tablename__ = "roadmap_items"
    __table_args__ = (
        Index(None, "core"),
        Index(None, "body_id", "status", "date"),
        Index(None, "group_id", "status", "date"),
        Index(None, "status", "date"),
        Index(None, "type"),
        CheckConstraint("length(date) in (0, 4, 7, 10)", name="partial_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("bodies.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"))
    reference: Mapped[str]
    core: Mapped[str]
    title: Mapped[str]
    type: Mapped[str]
    status: Mapped[ItemStatus] = mapped_column(words_of(ItemStatus))
    date: Mapped[str] = mapped_column(default="")
    version: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    verified: Mapped[bool] = mapped_column(default=False)
    stems: Mapped[str] = mapped_column(default="")


class ItemTopic(Base):
    __tablename__ = "item_topics"
    __table_args__ = (Index(None, "topic_id"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("roadmap_items.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class Relation(Base):
    """`source` replaces, amends, is related to ... `target`."""

    __tablename__ = "relations"
    __table_args__ = (Index(None, "target_id"),)

    source_id: Mapped[int] = mapped_column(ForeignKey("roadmap_items.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[RelationKind] = mapped_column(words_of(RelationKind), primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("roadmap_items.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class FormerName(Base):
    """A name under which an item went before it got its number, read from texts such as "Y.1 (ex Y.draft)"."""

    __tablename__ = "former_names"

    item_id: Mapped[int] = mapped_column(ForeignKey("roadmap_items.id", ondelete="CASCADE"), primary_key=True)
    core: Mapped[str] = mapped_column(primary_key=True, index=True)
    name: Mapped[str]


class Overlap(Base):
    """A person's judgement whether two items overlap in subject."""

    __tablename__ = "overlaps"

    a_id: Mapped[int] = mapped_column(ForeignKey("roadmap_items.id", ondelete="CASCADE"), primary_key=True)
    b_id: Mapped[int] = mapped_column(ForeignKey("roadmap_items.id", ondelete="CASCADE"), primary_key=True)
    overlap: Mapped[bool]
