"""The tables, one module a subject; importing this package knows them all."""

from storage.tables.base import Base
from storage.tables.conversation import AuditEntry, Conversation, Dialogue, InboxEvent, Lease, Shortcut
from storage.tables.coordination import Liaison, LiaisonAddressee, Meeting, Officer
from storage.tables.delivery import Delivery, File, Notice, NoticeFile, PlatformRest, Target
from storage.tables.people import Account, Code, Grant, Person, Representative
from storage.tables.roadmap import FormerName, ItemTopic, Overlap, Relation, RoadmapItem
from storage.tables.subjects import Body, BodyAlias, CatalogueVersion, Group, Question, Term, Topic, TopicAlias

__all__ = [
    "Account",
    "AuditEntry",
    "Base",
    "Body",
    "BodyAlias",
    "CatalogueVersion",
    "Code",
    "Conversation",
    "Delivery",
    "Dialogue",
    "File",
    "FormerName",
    "Grant",
    "Group",
    "InboxEvent",
    "ItemTopic",
    "Lease",
    "Liaison",
    "LiaisonAddressee",
    "Meeting",
    "Notice",
    "NoticeFile",
    "Officer",
    "Overlap",
    "Person",
    "PlatformRest",
    "Question",
    "Relation",
    "Representative",
    "RoadmapItem",
    "Shortcut",
    "Target",
    "Term",
    "Topic",
    "TopicAlias",
]
