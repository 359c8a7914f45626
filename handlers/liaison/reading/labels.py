"""The labels of the header forms in use: ITU-T Rec. A.1, ETSI and 3GPP, and the IETF Datatracker."""

from __future__ import annotations

import re
from enum import StrEnum


class Label(StrEnum):
    QUESTIONS = "Question(s)"
    SOURCE = "Source"
    TITLE = "Title"
    ACTION = "For action to"
    COMMENT = "For comment to"
    INFORMATION = "For information to"
    APPROVAL = "Approval"
    DEADLINE = "Deadline"
    CONTACT = "Contact"
    RESPONSE_CONTACT = "Response Contact"
    FROM_CONTACT = "From Contact"
    OTHER_CONTACT = "Technical Contact"
    EMAIL = "E-mail"
    PERSONAL = "Name"
    ABSTRACT = "Abstract"
    KEYWORDS = "Keywords"
    RESPONSE_TO = "Response to"
    REFERENCED = "Referenced liaison"
    RELEASE = "Release"
    TO = "To"
    TO_GROUP = "To Group"
    CC = "Cc"
    ATTACHMENTS = "Attachments"
    DATE = "Date"
    MEETING = "Meeting"
    NUMBER = "Number"
    PURPOSE = "Purpose"
    FROM_GROUP = "From Group"
    STATE = "State"
    BODY = "Body"
    OTHER = "Other"


_WRITTEN: tuple[tuple[str, Label], ...] = (
    (r"questions?", Label.QUESTIONS),
    (r"sources?|from|originator|originating group|from source", Label.SOURCE),
    (r"(?:ls )?(?:title|subject)|re|title of (?:the )?(?:ls|liaison statement)", Label.TITLE),
    (r"(?:to |liaison )?for actions?(?: required)?(?: to| by)?|actions? to|to for action", Label.ACTION),
    (r"(?:to |liaison )?for comments?(?: to| by| from)?|comments? to|to for comments?", Label.COMMENT),
    (
        r"(?:to |liaison )?for info(?:rmation)?(?: only)?(?: to)?|information to|to for information"
        r"|copied for information to",
        Label.INFORMATION,
    ),
    (r"approval|approved(?: by| at)?|agreed (?:by|at)|level of approval|approval of ls", Label.APPROVAL),
    (
        r"(?:reply |response |comment )?deadline(?: for (?:a )?(?:reply|replies|response|responses|comments?|action))?"
        r"|reply by|respond by|(?:reply|response) (?:due|requested|required|needed) by|(?:response )?due date"
        r"|(?:reply|response|answer|comments?|feedback) (?:requested|required|expected|needed|wanted|due)(?: by)?"
        r"|reply date"
        r"|please reply by|date for reply|required by",
        Label.DEADLINE,
    ),
    (r"contacts?(?: persons?| points?| details| information)?|contact (?:for|at) .{1,40}", Label.CONTACT),
    (r"response contacts?", Label.RESPONSE_CONTACT),
    (r"from contacts?", Label.FROM_CONTACT),
    (
        r"technical contacts?|action holder contacts?|liaison contacts?|to contacts?|send any reply ls to"
        r"|reply to address",
        Label.OTHER_CONTACT,
    ),
    (r"e-?mail(?: address(?:es)?)?", Label.EMAIL),
    (r"name|tel(?:ephone)?\.?(?: number| no\.?)?|phone|fax|mobile|company|address", Label.PERSONAL),
    (r"abstract|summary|executive summary", Label.ABSTRACT),
    (r"keywords?", Label.KEYWORDS),
    (r"(?:in )?(?:response|reply|answer)(?:ing)? to(?: ls| the ls| liaison)?", Label.RESPONSE_TO),
    (r"referenced liaisons?|liaisons? referred (?:to )?by this one|related liaisons?", Label.REFERENCED),
    (
        r"release|work items?|wi|study item|agenda item|document for|original|status|type|security",
        Label.RELEASE,
    ),
    (r"to|destinations?|addressed to|sent to|recipients?|addressees?", Label.TO),
    (r"to groups?", Label.TO_GROUP),
    (r"cc|c\.c\.|copy|copies|copy to|copies to|cc to|copied to", Label.CC),
    (
        r"attachments?|attached(?: documents?| files?)?|enclosures?|list of attachments|annexe?s attached",
        Label.ATTACHMENTS,
    ),
    (
        r"date|date of (?:issue|ls|liaison|liaison statement|document)|issue date|issued|sent|place,? date"
        r"|date,? place",
        Label.DATE,
    ),
    (r"submitted(?: date)?|submission date|date submitted", Label.DATE),
    (r"meetings?(?:, date)?|meeting (?:date|place|dates|venue)|date and place|place and date|venue", Label.MEETING),
    (
        r"(?:ls |liaison (?:statement )?|document |doc\.? |tdoc |t-doc |our )?(?:number|no\.?|nr\.?|ref\.?"
        r"|reference|id)"
        r"|other identifiers?|t-?doc|document|doc\.?",
        Label.NUMBER,
    ),
    (r"purpose|required action|for", Label.PURPOSE),
    (r"from groups?", Label.FROM_GROUP),
    (r"state", Label.STATE),
    (r"body", Label.BODY),
    (
        r"url(?: of the ietf web page)?|liaisons? referring to this(?: one)?|liaisons? referred (?:to )?by this|"
        r"message-id|reply-to|importance|priority|bcc|sender|study groups?|working part(?:y|ies)|language|study period|"
        r"intended type of document.{0,20}|series|annexes|group",
        Label.OTHER,
    ),
)
_BY_TEXT = tuple((re.compile(written), label) for written, label in _WRITTEN)
_PARENTHESES = re.compile(r"[()\[\]]")
_LONGEST = 60
_LINE = re.compile(r"^[\s*•\-–]*(?P<label>[^:\t\n：]{1,60}?)\s*(?P<mark>[:：]\s*|\t+)(?P<value>.*)$", re.DOTALL)
_OPTIONAL = re.compile(r"\s*\((?:if [^()]{1,30}|optional|mandatory|required)\)$")
_PLEASE = re.compile(r"^\s*please reply by\s+(?P<value>\S.*)$", re.IGNORECASE)
_EMPHASIS = re.compile(r"^[*_#>\s]+|[*_\s]+$")


def label_of(text: str) -> Label | None:
    """The label that a text is and nothing but that: `Question(s):`, `From (source)`, `FOR ACTION TO`."""
    if len(text) > _LONGEST:
        return None
    plain = _OPTIONAL.sub("", _EMPHASIS.sub("", text).strip().rstrip(":： ").rstrip("* ").lower())
    plain = " ".join(_PARENTHESES.sub("", plain.replace("(s)", "s").replace("’", "'")).split())
    for pattern, label in _BY_TEXT:
        if pattern.fullmatch(plain):
            return label
    return None


def labelled(line: str) -> tuple[Label, str, str] | None:
    """The label at the beginning of a line, how it is written, and what follows it."""
    if asked := _PLEASE.match(line):
        return Label.DEADLINE, "Please reply by", asked["value"].strip()
    match = _LINE.match(line)
    if not match:
        return None
    label = label_of(match["label"])
    if label is None:
        return None
    return label, match["label"].strip(" *_"), match["value"].strip(" *_") if "*" in line else match["value"].strip()


ADDRESSING = frozenset({Label.ACTION, Label.COMMENT, Label.INFORMATION})
CONTACTS = frozenset(
    {Label.CONTACT, Label.RESPONSE_CONTACT, Label.FROM_CONTACT, Label.OTHER_CONTACT, Label.EMAIL, Label.PERSONAL}
)
