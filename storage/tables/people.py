"""Persons: their accounts on platforms, what they may do, and the groups that they represent."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Moment, words_of
from storage.words import CodePurpose, RepresentativeKind, RepresentativeStatus


class Person(Base):
    """A human. `timezone` is empty until they set one; then shown times follow it.

    `reached_on` is the platform where they want to be told things, empty: where they spoke first. One who turned out
    to be another person is `merged_into` that one. One who asked to be forgotten has no name and no accounts.
    """

    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="", index=True)
    timezone: Mapped[str] = mapped_column(default="")
    reached_on: Mapped[str] = mapped_column(default="", server_default="")
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    forgotten_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)


class Account(Base):
    """A person's identity on one platform: `slack` `T1/U1`, `telegram` `42`, `terminal` `root`.

    An address that a person proved to be theirs is an account too: `email` `kim@example.org`, in lower case.
    """

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


class Representative(Base):
    """A person whom a group appointed as its contact, from the request on; nothing is deleted.

    A group that is not in the list yet is `proposed` in words and has no `group_id`. `since` and `until` are partial
    dates or empty. `liaison` is the number of the statement that appointed them. `asked_at` is when they were last
    asked whether they still are, `answered_at` when they last said so, `reported_at` when the secretariat was last
    reminded that nobody decided or answered. One who is to take over from another one `follows` that one.
    """

    __tablename__ = "representatives"
    __table_args__ = (
        Index("ix_representatives_group", "group_id", "status"),
        Index(
            "uq_representatives_open_person",
            "group_id",
            "person_id",
            unique=True,
            sqlite_where=text("status IN ('pending', 'confirmed')"),
            postgresql_where=text("status IN ('pending', 'confirmed')"),
        ),
        Index(
            "uq_representatives_open_email",
            "group_id",
            "email",
            unique=True,
            sqlite_where=text("status IN ('pending', 'confirmed') AND email <> ''"),
            postgresql_where=text("status IN ('pending', 'confirmed') AND email <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id"))
    proposed: Mapped[str] = mapped_column(default="")
    kind: Mapped[RepresentativeKind] = mapped_column(words_of(RepresentativeKind))
    status: Mapped[RepresentativeStatus] = mapped_column(words_of(RepresentativeStatus))
    email: Mapped[str] = mapped_column(default="")
    email_proved_at: Mapped[datetime | None] = mapped_column(Moment)
    affiliation: Mapped[str] = mapped_column(default="")
    since: Mapped[str] = mapped_column(default="")
    until: Mapped[str] = mapped_column(default="")
    liaison: Mapped[str] = mapped_column(default="")
    requested_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    reason: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    reported_at: Mapped[datetime | None] = mapped_column(Moment)
    follows: Mapped[int | None] = mapped_column(ForeignKey("representatives.id"))


class Code(Base):
    """A one-time code, kept only as a salted hash. `proves` is the address that it was sent to, or a link code's
    first characters, by which it is found.

    `tries` are wrong ones so far; a code that was used, or that a newer one replaced, is over.
    """

    __tablename__ = "codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[CodePurpose] = mapped_column(words_of(CodePurpose))
    proves: Mapped[str] = mapped_column(default="", index=True)
    salt: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    over_at: Mapped[datetime | None] = mapped_column(Moment)
