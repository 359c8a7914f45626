"""Serving: kept files that lie at an address on the web."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class ServedFile(Base):
    """A content under one name, at an address that nobody guesses: its `token` is 192 random bits.

    `digest` is that of a file and no reference to it: a file that nothing else needs is removed all the same.
    """

    __tablename__ = "served_files"
    __table_args__ = (UniqueConstraint("digest", "name"),)

    token: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
