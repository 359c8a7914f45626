"""What an XML part may not have: declarations of types or entities, and an encoding that would hide them."""

from __future__ import annotations

import re

from handlers.liaison.reading.unreadable import Unreadable

_FORBIDDEN = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})")
_ALLOWED = frozenset({b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"})


def check_xml(part: bytes) -> None:
    """Raises `Unreadable` for what Word never writes and only an attack has."""
    head = part[:300].removeprefix(b"\xef\xbb\xbf")
    encoding = _ENCODING.match(head)
    if b"\x00" in part[:1000] or (encoding and encoding[1].lower() not in _ALLOWED):
        raise Unreadable("The Word file is written in an encoding that Word does not use.", "Save it again in Word.")
    if _FORBIDDEN.search(part):
        raise Unreadable(
            "The Word file declares entities, which may fetch other files. It was not opened.", "Save it again in Word."
        )
