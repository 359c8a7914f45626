"""Meeting documents: who may send one, from which group, and how it is served back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handlers.command import Attachment, Button, Refused, Request, Role
from handlers.meeting.entries import is_secretariat, planned
from handlers.meeting.entries import locked as locked_meeting
from handlers.representing.choosing import groups_meant
from handlers.serving import address_of
from handlers.situation import Situation
from storage import representatives
from storage.meeting import documents
from storage.meeting.documents import Paper, Submission
from storage.representatives import CONFIRMED, Appointment
from storage.tables import Meeting
from storage.words import MeetingStatus

_NOT_NAME = re.compile(r"[^A-Za-z0-9]+")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$", re.ASCII)


async def own_groups(situation: Situation) -> Sequence[Appointment]:
    """The groups that the caller represents."""
    return await representatives.of_person(situation.session, situation.caller.person_id, CONFIRMED)


async def source_of(situation: Situation, text: str | None) -> tuple[str, int | None]:
    """From whom a document is: as it is shown, and the group where it is in the list.

    Raises `ValueError` in words for the person.
    """
    own = await own_groups(situation)
    if situation.role >= Role.SECRETARIAT:
        return _any_source(situation, text) if text else (situation.host, None)
    if not text and len(own) == 1:
        return own[0].group, own[0].group_id
    codes = " or ".join(one.group for one in own)
    if not own:
        raise ValueError("only representatives of a group send documents; type register to become one")
    if not text:
        raise ValueError(f"you represent several groups; type {codes}")
    same = next((one for one in own if one.group.casefold() == text.casefold()), None)
    if same is None:
        raise ValueError(f"you represent {codes}; a document is from there")
    return same.group, same.group_id


def _any_source(situation: Situation, text: str) -> tuple[str, int | None]:
    meant = groups_meant(situation, text)
    return (meant[0].code, meant[0].id) if len(meant) == 1 else (text, None)


async def submission(request: Request, title: str, source: str | None) -> Submission:
    """The document to be; the form has checked the source."""
    try:
        shown, group = await source_of(request, source)
    except ValueError as error:
        raise Refused(f"I cannot say from whom that is: {error}.", "", field="source") from None
    return Submission(title, shown, group)


async def open_for(request: Request, number: int) -> Meeting:
    """The meeting, which must still take documents; of the secretariat one that was held takes them too."""
    if not is_secretariat(request):
        return await planned(request, number)
    meeting = await locked_meeting(request, number)
    return await planned(request, number) if meeting.status is MeetingStatus.CANCELLED else meeting


async def check_own(request: Request, paper: Paper) -> None:
    """Raise `Refused` for somebody else's document."""
    groups = {one.group_id for one in await own_groups(request) if one.group_id}
    is_mine = paper.submitted_by == request.caller.person_id or paper.group_id in groups
    if not (is_mine or is_secretariat(request)):
        raise Refused(
            f"Doc. {paper.number} is from {paper.source}: only they and the secretariat may replace it.",
            "Submit yours as a document of its own.",
            [Button("Show it", f"document show {paper.number}")],
        )


async def file_of(request: Request, paper: Paper) -> Attachment | None:
    """The newest version under its stable name; None where it is larger than what can be sent there."""
    if request.most_bytes is not None and paper.size > request.most_bytes:
        return None
    content = await documents.content(request.session, paper)
    return Attachment(file_name(request.host, paper), paper.media_type, content)


async def address(request: Request, paper: Paper) -> str:
    """Where the newest version lies on the web; empty where the bot has no address there."""
    return await address_of(request, paper.digest, file_name(request.host, paper), paper.media_type)


def file_name(host: str, paper: Paper) -> str:
    """`JCA-QKDN-Doc-068v2.docx`, whatever its sender called it."""
    suffix = _SUFFIX.search(paper.name)
    whose = _NOT_NAME.sub("-", host).strip("-") or "meeting"
    return f"{whose}-Doc-{paper.number:03}v{paper.version}{suffix[0].lower() if suffix else ''}"
