"""Mail addresses, as a mail server takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from email_validator import EmailNotValidError, validate_email


class NoAddress(ValueError):
    """The text is no mail address."""


@dataclass(frozen=True, slots=True)
class MailAddress:
    """One address. Its domain is in ASCII; `is_international`: its local part is not, which few servers take."""

    text: str
    is_international: bool = False

    @classmethod
    def of(cls, text: str) -> Self:
        """Read an address, with or without angle brackets. Raises `NoAddress`."""
        try:
            found = validate_email(
                text.strip().removeprefix("<").removesuffix(">"),
                check_deliverability=False,
                globally_deliverable=False,
                allow_domain_literal=True,
            )
        except EmailNotValidError as error:
            raise NoAddress(str(error)) from error
        if found.ascii_email:
            return cls(found.ascii_email)
        return cls(f"{found.local_part}@{found.ascii_domain}", is_international=True)

    @property
    def domain(self) -> str:
        return self.text.rpartition("@")[2]
