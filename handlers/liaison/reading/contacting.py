"""Whom to answer: the contact of a statement and the address."""

from __future__ import annotations

import re

from handlers.liaison.reading.header import Header
from handlers.liaison.reading.labels import Label
from handlers.liaison.reading.page import Envelope, one_line
from handlers.liaison.reading.statement import Found, Sureness

_ADDRESS = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}(?![\w-])")
_OBSCURED = re.compile(r"\s*[\[(]at[\])]\s*", re.IGNORECASE)
_NOT_A_NAME = re.compile(
    r"\b(?:tel(?:ephone)?|fax|phone|mobile|e-?mail|mailto|name)\b\s*(?:address|number|no)?\.?\s*:?|[<>]"
    r"|\+?\d[\d\s().-]{6,}",
    re.IGNORECASE,
)
_IN_ORDER = (Label.RESPONSE_CONTACT, Label.CONTACT, Label.EMAIL, Label.FROM_CONTACT)


def contact_in(header: Header, envelope: Envelope | None) -> tuple[Found[str], Found[str]]:
    """The contact's name and address; of several the first."""
    name: Found[str] = Found("")
    address: Found[str] = Found("")
    for label in (*_IN_ORDER, Label.PERSONAL):
        for field in header.every(label):
            text = _OBSCURED.sub("@", field.text)
            email = _ADDRESS.search(text)
            if email and not address and label is not Label.PERSONAL:
                address = Found(email[0], field.where)
            said = _name(text)
            is_name = label is not Label.PERSONAL or field.written.lower().startswith("name")
            if said and not name and label is not Label.EMAIL and is_name:
                name = Found(said, field.where)
    if not address:
        for field in header.every(Label.SOURCE, Label.FROM_GROUP, Label.OTHER_CONTACT):
            email = _ADDRESS.search(field.text)
            if email and not field.written.lower().startswith(("to contact", "send any")) and not address:
                address = Found(email[0], field.where, Sureness.LIKELY)
    if not address and envelope and envelope.address:
        return name or Found(envelope.sender, "mail, sender", Sureness.LIKELY), Found(
            envelope.address, "mail, sender", Sureness.LIKELY
        )
    return name, address


def _name(text: str) -> str:
    for line in text.split("\n"):
        said = one_line(_NOT_A_NAME.sub(" ", _ADDRESS.sub(" ", line))).strip(" ,;:()-")
        said = re.sub(r"\s+(?=[,;])", "", said)
        if re.search(r"[^\W\d_]{2}", said):
            return said[:200]
    return ""
