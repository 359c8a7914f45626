"""Officers."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


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
