"""File names from people, made safe to show and to store."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from bot.render.escape import one_line

LONGEST = 120
"""Characters of a name; no file system takes more than 255 bytes."""

_MOST_BYTES = 240
_LONGEST_SUFFIX = 12
_UNSAFE = re.compile(r'[<>:"|?*\\/\x00-\x1f\x7f]')
# What cannot be seen, beside what `visible` removes.
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def safe_name(name: str, otherwise: str = "file") -> str:
    """A plain name for a file, whatever it was called, in any script; never a path."""
    shown = one_line(unicodedata.normalize("NFC", name.encode(errors="replace").decode()))
    last = PurePosixPath(_UNSEEN.sub("", shown).replace("\\", "/")).name
    plain = _UNSAFE.sub("_", last).strip(". ") or otherwise
    return _short(f"_{plain}" if _DEVICES.fullmatch(plain) else plain)


def _short(name: str) -> str:
    """Not too long; the suffix stays."""
    suffix = PurePosixPath(name).suffix
    if len(suffix) > _LONGEST_SUFFIX:
        suffix = ""
    stem = name[: len(name) - len(suffix)] if suffix else name
    if len(name) > LONGEST:
        stem = f"{stem[: LONGEST - len(suffix) - 1].rstrip()}…"
    while len(f"{stem}{suffix}".encode()) > _MOST_BYTES:
        stem = f"{stem.rstrip('…')[:-1]}…"
    return f"{stem}{suffix}"
