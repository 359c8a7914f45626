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
    """Where a liaison statement stands; `open` is what imported lists say of one that waits for us."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    APPROVED = "approved"
    SENT = "sent"
    RECEIVED = "received"
    ASSIGNED = "assigned"
    OPEN = "open"
    NOTED = "noted"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MISDIRECTED = "misdirected"


class Approval(StrEnum):
    """Who approves an outgoing liaison statement: the host's chair, anybody of the secretariat, or nobody has to."""

    CHAIR = "chair"
    SECRETARIAT = "secretariat"
    NOBODY = "nobody"


class DeadlineKind(StrEnum):
    """What a liaison statement says of its deadline: that there is none, nothing, a date, or vague words."""

    NONE = "none"
    UNSTATED = "unstated"
    DATE = "date"
    VAGUE = "vague"


class LiaisonFileKind(StrEnum):
    STATEMENT = "statement"
    ATTACHMENT = "attachment"


class AssignmentState(StrEnum):
    """Where the owner of what a group is asked to do stands; nobody has to do anything of a `settled` one."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    SETTLED = "settled"


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


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


class SubscriptionKind(StrEnum):
    """What a target may want to be told; `liaisons` are deadlines, `roadmap` is news of it."""

    ANNOUNCEMENTS = "announcements"
    MEETINGS = "meetings"
    LIAISONS = "liaisons"
    ROADMAP = "roadmap"


class Pace(StrEnum):
    """How often a target is told."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"


class AnnouncementState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"


class DocumentStatus(StrEnum):
    """Where a meeting document stands; one that is deferred waits for a later meeting."""

    RECEIVED = "received"
    REVIEWED = "reviewed"
    DEFERRED = "deferred"


class NoteKind(StrEnum):
    """What is noted in a meeting."""

    DECISION = "decision"
    ACTION = "action"


class Answer(StrEnum):
    """What somebody says who is asked whether they will come."""

    YES = "yes"
    NO = "no"
    MAYBE = "maybe"


class ReminderKind(StrEnum):
    """What a reminder is about: a meeting, the deadline of its documents, or what a person wants to be told."""

    MEETING = "meeting"
    DOCUMENTS = "documents"
    PERSONAL = "personal"


class ReminderState(StrEnum):
    """Where a reminder stands. `planned` is in the outbox; what was `dropped` nobody got, since it was too late."""

    PENDING = "pending"
    PLANNED = "planned"
    SENT = "sent"
    LATE = "late"
    DROPPED = "dropped"
    CANCELLED = "cancelled"


UNSETTLED = (LiaisonStatus.RECEIVED, LiaisonStatus.ASSIGNED, LiaisonStatus.OPEN)
"""Statuses of an incoming liaison statement that somebody still has to see to."""

UNSENT = (LiaisonStatus.DRAFT, LiaisonStatus.IN_REVIEW, LiaisonStatus.APPROVED)
"""Statuses of an outgoing liaison statement that nobody outside has seen."""

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
