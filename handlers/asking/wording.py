"""How a query is said back: as chips at the end of an answer, as JSON, and as the command line that repeats it."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.asking.lexicon import Lexicon
from handlers.asking.listing import About, Listing
from handlers.line import quote

STATUS_WORDS = {
    "published": "published",
    "under-development": "under development",
    "superseded": "superseded",
    "withdrawn": "withdrawn",
    "consented": "consented or determined",
    "any": "whatever their status",
}


def chips_of(listing: Listing, lexicon: Lexicon) -> tuple[str, ...]:
    """How the query was understood, in the fewest words: `ETSI`, `API`, `published`, `since 2020`."""
    chips = [_negatable(code) for code in (*listing.body, *listing.group)]
    chips += listing.question
    chips += [_about_words(about, lexicon) for about in listing.about]
    chips += [f"not {_about_words(about, lexicon)}" for about in listing.without]
    chips += [f"{one}-series" if one.endswith(".") else f"{one}…" for one in listing.series]
    chips += [kind + "s" if not kind.endswith("m") else kind for kind in listing.type[:3]]
    if len(listing.type) > 3:
        chips.append("1 more type" if len(listing.type) == 4 else f"{len(listing.type) - 3} more types")
    chips += [STATUS_WORDS[status] for status in listing.status]
    chips += _span_words(listing.since, listing.until)
    if listing.verified is not None:
        chips.append("verified" if listing.verified else "unverified")
    return tuple(chips)


def understood_of(listing: Listing, lexicon: Lexicon) -> dict[str, object]:
    """The facets that were understood, without those that were not asked for."""
    facets: dict[str, object] = {
        "body": list(listing.body),
        "group": list(listing.group),
        "question": list(listing.question),
        "type": list(listing.type),
        "status": list(listing.status),
        "about": [_about_words(about, lexicon) for about in listing.about],
        "without": [_about_words(about, lexicon) for about in listing.without],
        "series": list(listing.series),
        "since": listing.since,
        "until": listing.until,
        "verified": listing.verified,
    }
    return {name: value for name, value in facets.items() if value not in ("", [], None)}


def list_command(listing: Listing, page: int = 1) -> str:
    """The command line that gives this list, so that a button can repeat it."""
    named = {
        "body": "; ".join(listing.body),
        "group": "; ".join(listing.group),
        "question": "; ".join(listing.question),
        "type": "; ".join(listing.type),
        "status": "; ".join(listing.status),
        "about": written_about(listing.about),
        "without": written_about(listing.without),
        "series": "; ".join(listing.series),
        "since": listing.since,
        "until": listing.until,
        "order": "" if listing.order == "newest" else listing.order,
        "verified": {None: "", True: "yes", False: "no"}[listing.verified],
        "page": "" if page == 1 else str(page),
    }
    return " ".join(["roadmap list", *(f"{name}={quote(value)}" for name, value in named.items() if value)])


def written_about(about: Sequence[About]) -> str:
    """Subjects in one line: alternatives with `|`, all of them wanted with `+`."""
    return " + ".join(" | ".join(subjects) for subjects in about)


def read_about(written: str) -> tuple[About, ...]:
    """The reverse of `written_about`."""
    clauses = (tuple(one.strip() for one in part.split("|") if one.strip()) for part in written.split("+"))
    return tuple(clause for clause in clauses if clause)


def _negatable(code: str) -> str:
    return f"not {code[1:]}" if code.startswith("!") else code


def _about_words(about: About, lexicon: Lexicon) -> str:
    names = [_topic_word(one[1:], lexicon) if one.startswith("#") else one for one in about]
    return " or ".join(dict.fromkeys(names))


def _topic_word(code: str, lexicon: Lexicon) -> str:
    """A topic in one or two words: its code where that is an abbreviation in use, else its name."""
    topic = next((one for one in lexicon.catalogue.topics.values() if one.code == code), None)
    if topic is None:
        return code
    upper = code.upper()
    if upper in topic.aliases or any(
        alias.upper().startswith(upper + " ") or f" {upper}" in alias.upper() for alias in topic.aliases
    ):
        return upper if len(code) <= 5 else topic.name
    return topic.name


def _span_words(since: str, until: str) -> list[str]:
    if since and until:
        return [since] if since == until else [f"{since} to {until}"]
    if since:
        return [f"since {since}"]
    return [f"until {until}"] if until else []
