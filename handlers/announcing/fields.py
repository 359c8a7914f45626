"""Fields of the forms of subscriptions and announcements: numbers, quiet hours, zones and times."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from handlers.form import Line
from handlers.situation import Situation
from handlers.timing import as_exact, as_zone
from storage.audience import as_audience
from storage.local_time import as_quiet, instant

_NO_QUIET = ("none", "no", "off", "-")


def _quiet_text(text: str) -> str:
    return "none" if text.strip().lower() in _NO_QUIET else str(as_quiet(text))


Number = Annotated[int, Field(ge=1, le=2_000_000_000)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
QuietText = Annotated[Line, AfterValidator(_quiet_text)]
ZoneName = Annotated[Line, AfterValidator(as_zone)]


def _audience_text(text: str) -> str:
    return str(as_audience(text))


def _local_text(text: str) -> str:
    return f"{_as_local(text):%Y-%m-%d %H:%M}"


def _as_local(text: str) -> datetime:
    when = as_exact(text)
    if when.local is None or when.zone is not None:
        raise ValueError("that is in a zone of its own; write it in yours: 2027-01-10 09:00")
    return when.local


AudienceText = Annotated[Line, AfterValidator(_audience_text)]
"""For whom, as `storage.audience` writes it."""

LocalText = Annotated[Line, AfterValidator(_local_text)]
"""A day and an hour in the zone of whoever wrote it, as `2027-01-10 09:00`."""


def moment_of(local: str, situation: Situation) -> datetime:
    """The instant that is meant, in UTC. Raises `ValueError` in words for the person."""
    when = instant(_as_local(local), situation.zone)
    if when is None:
        raise ValueError("clocks are set forward then: that hour does not exist there")
    if when <= situation.now:
        raise ValueError("that is in the past")
    return when
