"""What Telegram would detect in the text of a message: TDLib's rules written once more, a little wider than there."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_WORD = r"[^\W]"
_MENTION = re.compile(rf"(?<!{_WORD})@[A-Za-z0-9_]{{2,32}}(?![^\W])")
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")
_HASHTAG_LETTER = "[0-9_\u200c\u00b7\u0d80-\u0dff]|[^\\W]"
_HASHTAG = re.compile(rf"#(?:{_HASHTAG_LETTER})+")
_CASHTAG = re.compile(r"(?<![$\w])\$(?:1INCH|[A-Z]{1,8})(?![$\w])")
_TG = re.compile(r"(?:tg|ton)://[A-Za-z0-9_-]", re.IGNORECASE)
_PROTOCOL = re.compile(r"(?:https?|ftp)://$", re.IGNORECASE)
_EMAIL = re.compile(r"[A-Za-z0-9_.+-]+@(?:[A-Za-z0-9][A-Za-z0-9_-]*\.)+[A-Za-z]{2,8}")
# Everything that Telegram lets a domain be made of: letters of all scripts and signs, but no general punctuation.
_DOMAIN = re.compile("[A-Za-z0-9_~.\u00c0-\u1fff\u2010-\u2015\u200c\u200d\u2070-\u2fff\u3001-\U0010ffff-]+")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


class Message(HTMLParser):
    """The text of a message, its links, and whether its tags balance."""

    def __init__(self, message: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []
        self.links: list[str] = []
        self.balanced = True
        self._open: list[str] = []
        self._code: list[tuple[int, int]] = []
        self.feed(message)
        self.close()
        self.balanced = self.balanced and not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links.extend(str(value) for name, value in attrs if name == "href")
        if tag not in ("hr", "br", "meta"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("hr", "br", "meta"):
            self.balanced = self.balanced and bool(self._open) and self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"code", "pre"} & set(self._open):
            self._code.append((len(self.text), len(self.text) + len(data)))
        self.text += data

    def detected(self) -> list[str]:
        """What Telegram would make of the text outside code."""
        return [
            self.text[start:end]
            for start, end in _detected(self.text)
            if not any(start < last and first < end for first, last in self._code)
        ]


def _detected(text: str) -> list[tuple[int, int]]:
    found = [match.span() for rule in (_MENTION, _COMMAND, _CASHTAG, _TG, _EMAIL) for match in rule.finditer(text)]
    found += [match.span() for match in _HASHTAG.finditer(text) if _is_hashtag(text, match)]
    return found + [match.span() for match in _DOMAIN.finditer(text) if _is_address(text, match)]


def _is_hashtag(text: str, match: re.Match[str]) -> bool:
    before = text[match.start() - 1 : match.start()]
    begins = not (before.isalpha() or before.isdecimal() or (before and before in "_\u200c\u00b7"))
    return begins and any(map(str.isalpha, match[0]))


def _is_address(text: str, match: re.Match[str]) -> bool:
    domain = match[0].strip(".")
    if _ADDRESS.fullmatch(domain):
        return all(int(part) < 256 for part in domain.split("."))
    *parts, last = domain.split(".")
    if not parts or not parts[-1] or len(last) < 2:
        return False
    if _PROTOCOL.search(text[: match.start()]):
        return True
    return (last.isascii() and last.isalpha()) or last.startswith("xn--") or (not last.isascii() and last.isalpha())
