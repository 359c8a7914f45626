"""Fields of the forms of subscriptions and announcements: numbers, quiet hours, zones and times."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from handlers.form import Line
from handlers.situation import Situation
from storage.audience import as_audience
from storage.local_time import as_quiet, instant
from storage.people import available_zone_names

_NO_QUIET = ("none", "no", "off", "-")


def _quiet_text(text: str) -> str:
    return "none" if text.strip().lower() in _NO_QUIET else str(as_quiet(text))


def _zone_name(text: str) -> str:
    wanted = text.strip().replace(" ", "_").lower()
    found = next((name for name in available_zone_names() if name.lower() == wanted), None)
    if found is None:
        raise ValueError("that is no time zone; one is Europe/Zurich, another Asia/Seoul")
    return found


Number = Annotated[int, Field(ge=1, le=2_000_000_000)]
QuietText = Annotated[Line, AfterValidator(_quiet_text)]
ZoneName = Annotated[Line, AfterValidator(_zone_name)]


def _audience_text(text: str) -> str:
    return str(as_audience(text))


def _local_text(text: str) -> str:
    return f"{_as_local(text):%Y-%m-%d %H:%M}"


def _as_local(text: str) -> datetime:
    try:
        return datetime.strptime(" ".join(text.replace("T", " ").split()), "%Y-%m-%d %H:%M")  # noqa: DTZ007 - local
    except ValueError:
        raise ValueError("that is no day and hour; write 2027-01-10 09:00") from None


AudienceText = Annotated[Line, AfterValidator(_audience_text)]
"""For whom, as `storage.audience` writes it."""

LocalText = Annotated[Line, AfterValidator(_local_text)]
"""A day and an hour in the zone of whoever wrote it: `2027-01-10 09:00`."""


def moment_of(local: str, situation: Situation) -> datetime:
    """The instant that is meant, in UTC. Raises `ValueError` in words for the person."""
    when = instant(_as_local(local), situation.zone)
    if when is None:
        raise ValueError("clocks are set forward then: that hour does not exist there")
    if when <= situation.now:
        raise ValueError("that is in the past")
    return when
