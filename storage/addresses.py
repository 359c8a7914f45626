"""E-mail addresses: what is one, and how two are known to be the same."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

LONGEST = 254
"""Characters of an address that mail servers take (RFC 5321)."""


def as_address(text: str) -> str:
    """The address in lower case, its domain as people write it. Raises `ValueError` in words for the person."""
    typed = text.strip().removeprefix("mailto:").strip("<>").strip()
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=True)
    except EmailNotValidError as error:
        raise ValueError(f"that is no e-mail address: {_in_a_sentence(str(error))}") from error
    return found.normalized.lower()


def _in_a_sentence(words: str) -> str:
    return (words[:1].lower() + words[1:]).rstrip(".")
