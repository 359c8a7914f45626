"""Wishes: what somebody wants to be told, as they write it: `here to meetings, roadmap topic qkdn-arch weekly`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import AfterValidator

from handlers.command import Refused
from handlers.form import Line
from handlers.representing import choosing
from handlers.situation import Situation
from storage.addresses import as_address
from storage.catalogue import Catalogue
from storage.subscriptions import Interest
from storage.words import Pace, SubscriptionKind

HERE, REFLECTOR = "here", "reflector"
EXAMPLE = "here to meetings, liaisons, roadmap topic qkdn-arch"
_KINDS = {
    "announcement": SubscriptionKind.ANNOUNCEMENTS,
    "announcements": SubscriptionKind.ANNOUNCEMENTS,
    "meeting": SubscriptionKind.MEETINGS,
    "meetings": SubscriptionKind.MEETINGS,
    "liaison": SubscriptionKind.LIAISONS,
    "liaisons": SubscriptionKind.LIAISONS,
    "liaison statements": SubscriptionKind.LIAISONS,
    "statements": SubscriptionKind.LIAISONS,
    "liaison deadlines": SubscriptionKind.LIAISONS,
    "deadlines": SubscriptionKind.LIAISONS,
    "roadmap": SubscriptionKind.ROADMAP,
    "roadmap news": SubscriptionKind.ROADMAP,
    "news": SubscriptionKind.ROADMAP,
}
_ALL = ("everything", "all", "all kinds")
_PACES = {
    "at once": Pace.AT_ONCE,
    "at-once": Pace.AT_ONCE,
    "immediately": Pace.AT_ONCE,
    "daily": Pace.DAILY,
    "once a day": Pace.DAILY,
    "weekly": Pace.WEEKLY,
    "once a week": Pace.WEEKLY,
}
_TO = re.compile(r"(?:((?:the )?\S+)\s+)?to\s+(.+)|(\S+@\S+|here|me|(?:the )?reflector)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[,;+]\s*(?:and\s+)?|\s+and\s+", re.IGNORECASE)
_KIND = re.compile(rf"({'|'.join(sorted((*_KINDS, *_ALL), key=len, reverse=True))})(?:\s+(.*))?", re.IGNORECASE)
_PACE = re.compile(rf"(?:(.*\S)\s+)?({'|'.join(map(re.escape, _PACES))})", re.IGNORECASE)
_ABOUT = re.compile(r"(?:on |about )?(topics?|about|on|groups?|of|from)\s+(.+)", re.IGNORECASE)
_TOPIC_WORDS = ("topic", "topics", "about", "on")


@dataclass(frozen=True, slots=True)
class Wish:
    """Where to tell (`here`, `reflector` or an e-mail address) and what. Topics and groups are as they were typed."""

    where: str
    interests: tuple[Interest, ...]


def as_wish(text: str) -> Wish:
    """What somebody wants to be told. Raises `ValueError` in words for the person."""
    line = " ".join(text.split())
    found = _TO.fullmatch(line)
    where = (found[1] or found[3] or "") if found else ""
    wanted = (found[2] or "everything") if found else line
    return Wish(_where(where), as_interests(wanted))


def as_interests(text: str) -> tuple[Interest, ...]:
    """The kinds of messages in a text. Raises `ValueError` in words for the person."""
    interests: dict[SubscriptionKind, Interest] = {}
    last: list[SubscriptionKind] = []
    list_of = ""
    for piece in filter(None, _BETWEEN.split(" ".join(text.split()))):
        rest, pace = _paced(piece)
        found = _KIND.fullmatch(rest)
        if found is None:
            if not (last and list_of and rest):
                raise ValueError(f"“{piece[:60]}” is no kind of message; write {EXAMPLE}")
        else:
            word = found[1].lower()
            last, list_of = list(SubscriptionKind) if word in _ALL else [_KINDS[word]], ""
            interests |= {kind: Interest(kind) for kind in last}
            about = _ABOUT.fullmatch(found[2]) if found[2] else None
            if found[2] and about is None:
                raise ValueError(f"“{found[2][:60]}” is not clear; write “{word} topic …” or “{word} group …”")
            list_of, rest = (about[1].lower(), about[2]) if about else ("", "")
        for kind in last:
            interests[kind] = _narrowed(interests[kind], list_of, rest, pace)
    if not interests:
        raise ValueError(f"say what about; write {EXAMPLE}")
    return tuple(interests.values())


def settled(situation: Situation, interests: tuple[Interest, ...]) -> tuple[Interest, ...]:
    """With the codes of topics and groups for what was typed. Raises `Refused` for one that is not known."""
    return tuple(
        replace(
            one,
            topics=tuple(dict.fromkeys(_topic(situation.catalogue, name) for name in one.topics)),
            groups=tuple(dict.fromkeys(_group(situation, name) for name in one.groups)),
        )
        for one in interests
    )


def _paced(piece: str) -> tuple[str, Pace | None]:
    found = _PACE.fullmatch(piece)
    return (found[1] or "", _PACES[found[2].lower()]) if found else (piece, None)


def _narrowed(interest: Interest, list_of: str, names: str, pace: Pace | None) -> Interest:
    some = tuple(_names(names))
    changed = replace(interest, pace=pace or interest.pace)
    if list_of in _TOPIC_WORDS:
        return replace(changed, topics=(*changed.topics, *some))
    return replace(changed, groups=(*changed.groups, *some)) if list_of else changed


def _names(text: str) -> Iterator[str]:
    if text.strip():
        yield text.strip()


def _where(text: str) -> str:
    lower = text.lower()
    if lower in ("", HERE, "me", "us"):
        return HERE
    if lower.removeprefix("the ") == REFLECTOR:
        return REFLECTOR
    if "@" in text:
        return as_address(text)
    raise ValueError(f"“{text[:60]}” is no place; write here, an e-mail address, or reflector")


def _topic(catalogue: Catalogue, name: str) -> str:
    wanted = name.lower()
    for topic in catalogue.topics.values():
        if wanted in (one.lower() for one in (topic.code, topic.name, *topic.aliases)):
            return topic.code
    known = ", ".join(sorted(topic.code for topic in catalogue.topics.values()))
    raise Refused(f"I know no topic “{name}”.", f"There are {known}.")


def _group(situation: Situation, name: str) -> str:
    meant = choosing.groups_meant(situation, name)
    if not meant:
        raise Refused(f"I know no group “{name}”.", "Type group list to see them.")
    return meant[0].code


def _checked_interests(text: str) -> str:
    as_interests(text)
    return text


InterestText = Annotated[Line, AfterValidator(_checked_interests)]
"""Kinds of messages, as `as_interests` reads them."""
