"""Roles: what a person may do, least first."""

from enum import IntEnum


class Role(IntEnum):
    """Each role may do all that the roles before it may."""

    GUEST = 0
    MEMBER = 1
    REPRESENTATIVE = 2
    SECRETARIAT = 3
    ADMINISTRATOR = 4

    @property
    def word(self) -> str:
        return self.name.lower()
