"""The tables, one module a subject; importing this package knows them all."""

from storage.tables.announcements import Acknowledgement, Announcement, AnnouncementFile, Recipient
from storage.tables.base import Base
from storage.tables.conversation import AuditEntry, Conversation, Dialogue, InboxEvent, Lease, Shortcut
from storage.tables.coordination import Officer
from storage.tables.delivery import Delivery, File, Notice, NoticeFile, PlatformRest, Target
from storage.tables.drops import Drop
from storage.tables.liaisons import (
    Liaison,
    LiaisonAddressee,
    LiaisonAssignment,
    LiaisonEvent,
    LiaisonFile,
    LiaisonMention,
    LiaisonProposal,
    LiaisonText,
)
from storage.tables.meetings import (
    AgendaItem,
    Attendance,
    Counter,
    DocumentVersion,
    Meeting,
    MeetingDocument,
    MeetingNote,
)
from storage.tables.people import Account, Code, Grant, Person, Representative
from storage.tables.readings import Reading
from storage.tables.reminders import Reminder, ReminderPlan, ReminderWish
from storage.tables.roadmap import FormerName, ItemTopic, Overlap, Relation, RoadmapItem
from storage.tables.serving import ServedFile
from storage.tables.subjects import Body, BodyAlias, CatalogueVersion, Group, Question, Term, Topic, TopicAlias
from storage.tables.subscriptions import DigestEntry, SubscribedKind, Subscription

__all__ = [
    "Account",
    "Acknowledgement",
    "AgendaItem",
    "Announcement",
    "AnnouncementFile",
    "Attendance",
    "AuditEntry",
    "Base",
    "Body",
    "BodyAlias",
    "CatalogueVersion",
    "Code",
    "Conversation",
    "Counter",
    "Delivery",
    "Dialogue",
    "DigestEntry",
    "DocumentVersion",
    "Drop",
    "File",
    "FormerName",
    "Grant",
    "Group",
    "InboxEvent",
    "ItemTopic",
    "Lease",
    "Liaison",
    "LiaisonAddressee",
    "LiaisonAssignment",
    "LiaisonEvent",
    "LiaisonFile",
    "LiaisonMention",
    "LiaisonProposal",
    "LiaisonText",
    "Meeting",
    "MeetingDocument",
    "MeetingNote",
    "Notice",
    "NoticeFile",
    "Officer",
    "Overlap",
    "Person",
    "PlatformRest",
    "Question",
    "Reading",
    "Recipient",
    "Relation",
    "Reminder",
    "ReminderPlan",
    "ReminderWish",
    "Representative",
    "RoadmapItem",
    "ServedFile",
    "Shortcut",
    "SubscribedKind",
    "Subscription",
    "Target",
    "Term",
    "Topic",
    "TopicAlias",
]
