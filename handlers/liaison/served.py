"""Files of liaison statements as they are served: under a stable name, sent where they fit, else with an address."""

from __future__ import annotations

import re

from handlers.command import Request
from handlers.serving import address_of
from storage.liaison.files import Paper

_NOT_NAME = re.compile(r"[^A-Za-z0-9.]+")
_LONGEST = 80


def file_name(host: str, paper: Paper) -> str:
    """`JCA-QKDN-SG13-LS136-12-annex.docx`, whatever becomes of the statement: host, number, file, and its own name."""
    stem, dot, suffix = paper.name.rpartition(".")
    own = _plain(stem if dot else paper.name)
    number = _plain(paper.number)
    whose = "" if number.casefold().startswith(_plain(host).casefold()) else f"{_plain(host)}-"
    named = "-".join(filter(None, [f"{whose}{number}", str(paper.id), own]))
    return f"{named}.{_plain(suffix).lower()}" if dot and suffix else named


def is_small(request: Request, paper: Paper) -> bool:
    """Whether it can be sent where they speak."""
    return request.most_bytes is None or paper.size <= request.most_bytes


async def address(request: Request, paper: Paper) -> str:
    """Where it lies on the web; empty where the bot has no address there."""
    return await address_of(request, paper.digest, file_name(request.host, paper), paper.media_type)


def _plain(text: str) -> str:
    return _NOT_NAME.sub("-", text).strip("-.")[:_LONGEST]
