"""A statement put together from the header and the body of a document; what is no statement is refused."""

from __future__ import annotations

import re

from handlers.liaison.reading.acting import actions_in
from handlers.liaison.reading.addressing import addressees_in, groups_of
from handlers.liaison.reading.contacting import contact_in
from handlers.liaison.reading.days import periods
from handlers.liaison.reading.deadlines import deadline_in
from handlers.liaison.reading.header import Header, joined, taken_apart
from handlers.liaison.reading.labels import ADDRESSING, Label
from handlers.liaison.reading.mentioning import mentions_in
from handlers.liaison.reading.names import NOBODY, datatracker_name, source_name
from handlers.liaison.reading.numbers import own_number, questions_in
from handlers.liaison.reading.page import Page, one_line
from handlers.liaison.reading.replying import replying_in, sent_by
from handlers.liaison.reading.statement import Found, Layout, ReadStatement, Sureness
from handlers.liaison.reading.unreadable import Unreadable

_LS = re.compile(r"\bliaison\b|\bLS\b|\bLS/", re.IGNORECASE)
_LS_TITLE = re.compile(r"\bLS\b|\bliaison statement\b|\bliaison (?:reply|response|letter|to|from|on)\b")
_GROUPS = re.compile(
    r"\b(?:ITU|ISO|IEC|ETSI|IETF|IRTF|3GPP|IEEE|JCA|TSAG|GSMA|CEN|CENELEC|JTC|Study Group|Working Group"
    r"|Task Force|Committee)\b|\b(?:SG|SC|WG|TC|ISG|FG|WP|SA|RAN|CT)[\s-]?\d*\b|\bQ\d+/\d+"
)
_LABEL_LIKE = re.compile(r"^(?:liaison statement|search|.{0,20})$", re.IGNORECASE)
_LONGEST_TITLE = 500
_ATTACHED = re.compile(r"[\n;\t]+|,\s+(?=\S)")
_FILE_LINE = re.compile(r"https?://\S+")
_NO_ATTACHMENT = re.compile(r"\(?(?:none|no documents? (?:has|have) been attached)\)?\.?", re.IGNORECASE)


def composed(page: Page) -> ReadStatement:
    """The statement that a document is. Raises `Unreadable` for one that is none."""
    header = taken_apart(page)
    layout = _layout(header, page)
    body = joined(header.body)
    title = _title(header, page)
    actions = actions_in(header.body)
    is_reply, original = replying_in(header, title.value)
    contact, email = contact_in(header, page.envelope)
    source = _source(header, layout, page)
    written = header.first(Label.FROM_GROUP, Label.SOURCE)
    abstract = header.first(Label.ABSTRACT)
    questions = header.first(Label.QUESTIONS)
    codes = questions_in(questions.cells[:1] or [""]) if questions else ()
    addressees = addressees_in(header, layout, actions)
    is_project = layout is Layout.PROJECT and not header.has(*ADDRESSING)
    return ReadStatement(
        layout=layout,
        number=own_number(header, source.value, page.envelope.subject if page.envelope else ""),
        source=source,
        source_as_written=one_line(written.text) if written else "",
        date=_date(header, page),
        questions=Found(codes, questions.where) if questions else Found(()),
        addressees=addressees,
        to=groups_of(header, Label.TO) if is_project else Found(()),
        cc=groups_of(header, Label.CC) if is_project else Found(()),
        deadline=deadline_in(header, actions),
        title=title,
        is_reply=is_reply,
        in_response_to=sent_by(original, addressees) if is_reply and header.has(Label.TO, Label.TO_GROUP) else original,
        contact=contact,
        contact_email=email,
        abstract=Found(one_line(abstract.text), abstract.where) if abstract and abstract.text else Found(""),
        body=body,
        attachments=_attachments(header, page),
        actions=actions,
        mentions=mentions_in(title.value, body, abstract.text if abstract else ""),
    )


def _layout(header: Header, page: Page) -> Layout:
    """The form of a header. Raises `Unreadable` where it is none of a liaison statement."""
    named = sum(header.has(label) for label in ADDRESSING)
    has_title = header.has(Label.TITLE)
    has_source = header.has(Label.SOURCE, Label.FROM_GROUP)
    says_so = bool(_LS.search(" ".join((*header.preamble, header.text(Label.TITLE), header.text(Label.RESPONSE_TO)))))
    if header.has(Label.FROM_GROUP) and header.has(Label.TO_GROUP):
        return Layout.DATATRACKER
    if (
        has_source
        and header.has(Label.TO)
        and header.has(Label.PURPOSE, Label.RESPONSE_CONTACT)
        and has_title
        and _is_posted(header)
    ):
        return Layout.DATATRACKER
    if named and has_source and (has_title or named > 1 or says_so):
        return Layout.ITU
    if named and has_title and page.envelope is not None:
        return Layout.ITU
    if has_title and has_source and header.has(Label.TO, Label.CC) and _is_project(header, page, says_so=says_so):
        return Layout.PROJECT
    if page.envelope is not None and _LS_TITLE.search(page.envelope.subject) and _GROUPS.search(page.text[:5000]):
        return Layout.MAIL
    raise Unreadable(
        "This is no liaison statement: it has no header that names its source, its title and whom it is for.",
        "Send a statement with such a header, or fill in the form by hand (liaison log).",
    )


def _is_posted(header: Header) -> bool:
    return any(field.written.lower().startswith(("submi", "url of")) for field in header.fields) or header.has(
        Label.RESPONSE_CONTACT
    )


def _is_project(header: Header, page: Page, *, says_so: bool) -> bool:
    """Whether a letter's Title, From and To are those of a liaison statement between groups."""
    ends = [bool(_GROUPS.search(header.text(label))) for label in (Label.SOURCE, Label.TO)]
    people = "@" in header.text(Label.SOURCE) or "@" in header.text(Label.TO)
    marks = sum(
        (
            says_so,
            header.has(Label.RESPONSE_TO),
            header.has(Label.RELEASE),
            header.has(Label.QUESTIONS) and header.has(Label.APPROVAL),
            all(ends) and not people,
            any(
                re.search(r"^\s*(?:\d\.?\s+)?(?:overall description|actions?)\s*:?\s*$", line, re.IGNORECASE)
                for line in header.body
            ),
            bool(re.search(r"\bliaison statement\b", page.text, re.IGNORECASE)),
        )
    )
    return any(ends) and marks >= 1


def _title(header: Header, page: Page) -> Found[str]:
    field = header.first(Label.TITLE)
    if field and field.text:
        return Found(one_line(field.text)[:_LONGEST_TITLE], field.where)
    if header.has(Label.FROM_GROUP) and (
        lines := [line for line in header.preamble if line.strip() and not _LABEL_LIKE.match(line)]
    ):
        return Found(one_line(lines[-1]), "above the header", Sureness.LIKELY)
    if page.envelope and page.envelope.subject:
        return Found(one_line(page.envelope.subject), "mail, subject", Sureness.LIKELY)
    return Found("")


def _source(header: Header, layout: Layout, page: Page) -> Found[str]:
    if layout is Layout.DATATRACKER and (field := header.first(Label.FROM_GROUP, Label.SOURCE)):
        acronym = re.search(r"\(([a-z][a-z0-9]{1,20})\)", field.text)
        name = datatracker_name(acronym[1] if acronym else re.split(r"[,;\n(<]", field.text, maxsplit=1)[0])
        return Found(source_name(name) if name[0].isupper() else name, field.where) if name else Found("")
    field = header.first(Label.SOURCE, Label.FROM_GROUP)
    if field and field.text and not NOBODY.fullmatch(field.text):
        return Found(source_name(field.text), field.where)
    for text in header.preamble:
        if group := re.search(r"\bSTUDY GROUP\s+(\d{1,2})\b", text, re.IGNORECASE):
            return Found(f"ITU-T SG{int(group[1])}", "above the header", Sureness.GUESS)
    if page.envelope and page.envelope.sender:
        return Found(page.envelope.sender, "mail, sender", Sureness.GUESS)
    return Found("")


def _date(header: Header, page: Page) -> Found[str]:
    """From the approval, else from the document, else from the meeting, else from the mail."""
    for labels, sure in (
        ((Label.APPROVAL,), Sureness.CERTAIN),
        ((Label.DATE,), Sureness.CERTAIN),
        ((Label.MEETING, Label.QUESTIONS), Sureness.LIKELY),
    ):
        for field in header.every(*labels):
            if found := periods(field.text):
                day = found[-1]
                certain = day.is_day and not day.unsure
                return Found(day.last.isoformat(), field.where, sure if certain else Sureness.LIKELY)
    for text in header.preamble:
        if found := periods(text):
            return Found(found[-1].last.isoformat(), "above the header", Sureness.LIKELY)
    if page.envelope and page.envelope.date:
        return Found(page.envelope.date, "mail, date", Sureness.LIKELY)
    return Found("")


def _attachments(header: Header, page: Page) -> Found[tuple[str, ...]]:
    field = header.first(Label.ATTACHMENTS)
    listed = [] if field is None else [_FILE_LINE.sub("", part).strip(" -•*") for part in _ATTACHED.split(field.text)]
    names = [part for part in listed if part and not NOBODY.fullmatch(part) and not _NO_ATTACHMENT.fullmatch(part)]
    names += page.attachments
    where = field.where if field else "mail, attached"
    return Found(tuple(dict.fromkeys(names)), where) if names else Found(())
