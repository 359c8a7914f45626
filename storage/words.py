"""The closed lists of words that the shared database knows: statuses, kinds of relations, directions."""

from enum import StrEnum


class ItemStatus(StrEnum):
    """Where a roadmap item stands. `published` is what bodies outside ITU say for `in-force`."""

    UNDER_DEVELOPMENT = "under-development"
    CONSENTED = "consented"
    DETERMINED = "determined"
    APPROVED = "approved"
    PUBLISHED = "published"
    IN_FORCE = "in-force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class RelationKind(StrEnum):
    RELATED = "related"
    REPLACES = "replaces"
    REPLACED_BY = "replaced-by"
    AMENDS = "amends"
    CORRECTS = "corrects"
    IDENTICAL = "identical"
    REVISES = "revises"


class MeetingStatus(StrEnum):
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    HELD = "held"


class MeetingMode(StrEnum):
    PHYSICAL = "physical"
    REMOTE = "remote"
    HYBRID = "hybrid"


class Direction(StrEnum):
    INCOMING = "incoming"
    OUTGOING = "outgoing"


class LiaisonStatus(StrEnum):
    DRAFT = "draft"
    RECEIVED = "received"
    SENT = "sent"
    NOTED = "noted"
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Purpose(StrEnum):
    """What an addressee is asked to do with a liaison statement."""

    ACTION = "action"
    COMMENT = "comment"
    INFORMATION = "information"


class InboxState(StrEnum):
    RECEIVED = "received"
    HANDLED = "handled"
    ANSWERED = "answered"
    EXPIRED = "expired"
    FAILED = "failed"


class RepresentativeKind(StrEnum):
    REPRESENTATIVE = "representative"
    ALTERNATE = "alternate"


class RepresentativeStatus(StrEnum):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    ENDED = "ended"


class CodePurpose(StrEnum):
    """What a one-time code proves."""

    ADDRESS = "address"
    LINK = "link"


class DeliveryState(StrEnum):
    """Where a delivery stands. Of `uncertain` nobody knows whether it arrived, and it is not tried again."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    EXPIRED = "expired"
    DROPPED = "dropped"


OPEN = (RepresentativeStatus.PENDING, RepresentativeStatus.CONFIRMED)
"""Statuses of a representative who is one, or asks to be."""

CURRENT = (ItemStatus.PUBLISHED, ItemStatus.IN_FORCE)
"""Statuses that people mean by "published"."""

ONGOING = (ItemStatus.UNDER_DEVELOPMENT, ItemStatus.CONSENTED, ItemStatus.DETERMINED, ItemStatus.APPROVED)
"""Statuses that people mean by "under development"."""

RETIRED = (ItemStatus.SUPERSEDED, ItemStatus.WITHDRAWN)
"""Statuses that stay out of an answer unless they are asked for."""

SUPPLEMENTARY_TYPES = ("Amendment", "Corrigendum")
"""Types that are shown under the item they change and are not counted."""
