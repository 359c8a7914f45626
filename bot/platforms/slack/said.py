"""What people write in Slack, as plain text."""

from __future__ import annotations

import re

_ANGLE = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")


def said(text: str, bot: str) -> str:
    """A message's text without Slack's marking and without the mention of the bot, whose user id is `bot`."""
    addressed = text.replace(f"<@{bot}>", " ") if bot else text
    return unescaped(_ANGLE.sub(_plain, addressed)).strip()


def unescaped(text: str) -> str:
    """The three characters that Slack escapes, as they were typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _plain(found: re.Match[str]) -> str:
    target, label = found[1], found[2] or ""
    if target[0] in "@#!":
        sign = "" if label[:1] in ("@", "#") or target.startswith("!date") else target[0].replace("!", "@")
        return sign + (label or target[1:])
    return label or target.removeprefix("mailto:")
