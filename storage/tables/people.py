"""Persons, their accounts on platforms, and what they may do."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Moment


class Person(Base):
    """A human. `timezone` is empty until they set one; then shown times follow it."""

    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    timezone: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Moment)


class Account(Base):
    """A person's identity on one platform: `slack` `T1/U1`, `telegram` `42`, `terminal` `root`."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    platform: Mapped[str]
    external_id: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    timezone: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(Moment)


class Grant(Base):
    """A `storage.roles.Role` given to a person; without one a person is a member."""

    __tablename__ = "grants"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    granted_at: Mapped[datetime] = mapped_column(Moment)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
