"""The surroundings: what all pumps of a process share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.delivery.wording import Words
from bot.reception import Clock
from bot.witness import Witness
from storage import deliveries
from storage.database import Database
from storage.people import Household


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What may have arrived is tried again after `doubt`."""

    database: Database
    household: Household
    words: Words
    clock: Clock
    witness: Witness
    doubt: timedelta = deliveries.DOUBT
