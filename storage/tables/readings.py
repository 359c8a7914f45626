"""Readings: what was read in files, kept so that each is read once."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Moment


class Reading(Base):
    """What was read in a content; it goes with it.

    `way` is what was looked for, `suffix` that of the file's name (`.docx`), `version` that of what read it. `result`
    is JSON.
    """

    __tablename__ = "readings"

    digest: Mapped[str] = mapped_column(ForeignKey("files.digest", ondelete="CASCADE"), primary_key=True)
    way: Mapped[str] = mapped_column(primary_key=True)
    suffix: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    result: Mapped[str]
    read_at: Mapped[datetime] = mapped_column(Moment)
