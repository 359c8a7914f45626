"""Folder names as IMAP writes them (RFC 3501, 5.1.3 and 9)."""

from __future__ import annotations

import base64
import re

_OTHERS = re.compile(r"[^\x20-\x7e]+|&")


def as_modified_utf7(name: str) -> str:
    """The name in printable ASCII: `Entwürfe` is `Entw&APw-rfe`."""
    return _OTHERS.sub(_shifted, name)


def quoted(text: str) -> str:
    """The text as a quoted string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _shifted(found: re.Match[str]) -> str:
    if found[0] == "&":
        return "&-"
    encoded = base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
    return f"&{encoded}-"
