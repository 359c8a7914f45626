"""Reading a question: which of its words name what. No database is asked here."""

from __future__ import annotations

from datetime import date

from handlers.asking import marks
from handlers.asking.asks import read_asks
from handlers.asking.lexicon import Lexicon
from handlers.asking.negation import spread_negation
from handlers.asking.phrases import read_phrases, read_terms
from handlers.asking.spots import Reading, Spot, inside
from handlers.asking.tokens import clean, tokens


def read(text: str, lexicon: Lexicon, today: date) -> Reading:
    """Sort the words of a question. `today` is the asker's day.

    What is written in a way of its own is taken first, then names, the longest first, then the ways of asking.
    """
    cleaned = clean(text)
    found = tokens(cleaned)
    reading = Reading(cleaned, found, taken=[False] * len(found))
    marks.leave_out_preamble(reading, lexicon)
    marks.leave_out_idioms(reading, lexicon)
    marks.read_questions(reading)
    reading.series = marks.read_series(reading)
    marks.read_mentions(reading)
    marks.read_span(reading, today)
    marks.read_compounds(reading, lexicon)
    read_phrases(reading, lexicon)
    spread_negation(reading)
    read_terms(reading, lexicon)
    read_asks(reading, lexicon)
    return reading


__all__ = ["Reading", "Spot", "inside", "read"]
