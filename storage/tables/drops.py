"""Drops: files that people dropped into a chat."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Moment


class Drop(Base):
    """A file that somebody dropped; its `id` is the number by which it is called.

    One that nobody dropped came by mail and is the secretariat's: it has no account. `place` is the conversation
    (`slack:T1/C1`), without the thread. `media_type` is what the content is, not what its sender says. `used_at` is
    when it was last used for something, which then keeps the file for itself.
    """

    __tablename__ = "drops"
    __table_args__ = (UniqueConstraint("account_id", "place", "digest"), Index(None, "dropped_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    place: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(ForeignKey("files.digest"), index=True)
    dropped_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
