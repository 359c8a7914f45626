"""Audiences in words: `everybody + representatives of SG13, ETSI without #general`, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

EXAMPLES = "everybody, representatives of SG13, here, #general, reflector, people: Kim Lee"


@dataclass(frozen=True, slots=True)
class Everybody:
    """All who subscribed to announcements."""

    def __str__(self) -> str:
        return "everybody"


@dataclass(frozen=True, slots=True)
class Representatives:
    """The confirmed representatives of a group or a body; of all when `of` is empty."""

    of: str = ""

    def __str__(self) -> str:
        return f"representatives of {self.of}" if self.of else "representatives"


@dataclass(frozen=True, slots=True)
class Reflector:
    """The address that mails to a whole list of people."""

    def __str__(self) -> str:
        return "reflector"


@dataclass(frozen=True, slots=True)
class Here:
    """The channel where this is said."""

    def __str__(self) -> str:
        return "here"


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel by its name, which is without the sign before it."""

    name: str

    def __str__(self) -> str:
        return f"#{self.name}"


@dataclass(frozen=True, slots=True)
class Called:
    """A person by name."""

    name: str

    def __str__(self) -> str:
        return f"people: {self.name}"


@dataclass(frozen=True, slots=True)
class Place:
    """A channel by the number of its target."""

    target: int

    def __str__(self) -> str:
        return f"place {self.target}"


@dataclass(frozen=True, slots=True)
class Human:
    """A person by number."""

    person: int

    def __str__(self) -> str:
        return f"person {self.person}"


Part = Everybody | Representatives | Reflector | Here | Channel | Called | Place | Human


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an announcement is for: all of these parts together, but nobody of those that are left out."""

    parts: tuple[Part, ...]
    without: tuple[Part, ...] = ()

    def __str__(self) -> str:
        left_out = "".join(f" without {part}" for part in self.without)
        return " + ".join(map(str, self.parts)) + left_out


# A hyphen belongs to a name unless it stands alone. The sign is what came before the part.
_SEPARATOR = re.compile(r"\s*([+,;])\s*|(?:^|\s+)(and|without|except|but not|minus|-|−|–)\s+", re.IGNORECASE)
_LEAVING_OUT = frozenset({"without", "except", "but not", "minus", "-", "−", "–"})
_NUMBERED = re.compile(r"(place|person) (\d{1,9})", re.IGNORECASE | re.ASCII)
_REPRESENTATIVES = re.compile(
    r"(?:all )?(?:the )?(?:representatives?|reps?)(?: (?:of|from) (?:the )?(.+))?", re.IGNORECASE
)
_CHANNEL = re.compile(r"(?:channels?:? *#?|#)(.+)", re.IGNORECASE)
_PEOPLE = re.compile(r"(?:people|person|persons):? (.+)", re.IGNORECASE)
_EVERYBODY = frozenset({"everybody", "everyone", "all", "all subscribers", "subscribers", "everybody subscribed"})
_REFLECTOR = frozenset({"reflector", "the reflector", "mail reflector", "mailing list", "the mailing list"})
_HERE = frozenset({"here", "this channel", "this chat"})


def as_audience(text: str) -> Audience:
    """The audience that the text names. Raises `ValueError` in words for the person.

    Parts stand with `+`, commas or `and` between them; what follows `without` or a lone hyphen is left out, up to the
    next `+`. A list goes on with the kind that it began with: `representatives of SG13, ETSI`.
    """
    parts: list[Part] = []
    without: list[Part] = []
    target, last = parts, None
    for sign, words in _items(text):
        if sign in _LEAVING_OUT:
            target, last = without, None
        elif sign == "+":
            target = parts
        if not words:
            continue
        part = _part(words) or _likewise(last, words)
        if part is None:
            raise ValueError(
                f"I know no audience “{words[:60]}”; there are {EXAMPLES}, and combinations with + and without"
            )
        if part not in target:
            target.append(part)
        last = part
    if not parts:
        raise ValueError(f"say for whom it is: {EXAMPLES}")
    return Audience(tuple(parts), tuple(without))


def _items(text: str) -> Iterator[tuple[str, str]]:
    """Each part's words, after the sign that stands before it."""
    line = " ".join(text.split())
    sign, begin = "", 0
    for found in _SEPARATOR.finditer(line):
        yield sign, line[begin : found.start()].strip()
        sign, begin = (found[1] or found[2]).lower(), found.end()
    yield sign, line[begin:].strip()


def _part(words: str) -> Part | None:
    plain = words.lower().rstrip(".")
    if plain in _EVERYBODY:
        return Everybody()
    if plain in _REFLECTOR:
        return Reflector()
    if plain in _HERE:
        return Here()
    if found := _NUMBERED.fullmatch(words):
        number = int(found[2])
        return Place(number) if found[1].lower() == "place" else Human(number)
    if found := _REPRESENTATIVES.fullmatch(words):
        return Representatives((found[1] or "").strip())
    if (found := _CHANNEL.fullmatch(words)) and found[1].strip():
        return Channel(found[1].strip())
    if found := _PEOPLE.fullmatch(words):
        return Called(found[1].strip())
    return None


def _likewise(last: Part | None, words: str) -> Part | None:
    """A further name in a list that began with a kind."""
    match last:
        case Representatives(of) if of:
            return Representatives(words)
        case Channel():
            return Channel(words)
        case Called():
            return Called(words)
        case _:
            return None
