"""Unsent: what nobody outside has seen, a draft or one that was withdrawn before it was sent."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_

from storage.tables import Liaison
from storage.words import UNSENT


def is_unsent(liaison: Liaison) -> bool:
    return liaison.status in UNSENT or (liaison.drafted_as is not None and liaison.sent_at is None)


def are_unsent() -> ColumnElement[bool]:
    """As `is_unsent`, in SQL."""
    return or_(Liaison.status.in_(UNSENT), and_(Liaison.drafted_as.is_not(None), Liaison.sent_at.is_(None)))
