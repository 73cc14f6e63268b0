"""How a controller looks on the recipient pages: a colour, a logo, and whom to write to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from suppression.domain.errors import InvalidValueError
from suppression.domain.names import is_one_line

MAX_LOGO = 6 * 1024
MAX_CONTACT = 120
DEFAULT_COLOUR = "#1d4ed8"
_EMAIL = re.compile(r"[^@\s<>\"?&]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Logo:
    """A picture of at most 6 KiB, PNG or SVG."""

    content: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Brand:
    """What a controller's pages show beside its name. All of it may be missing."""

    colour: str = DEFAULT_COLOUR
    dpo_contact: str = ""
    has_logo: bool = False

    @property
    def dpo_email(self) -> str:
        """The contact, where it is an e-mail address; else ''."""
        return self.dpo_contact if _EMAIL.fullmatch(self.dpo_contact) else ""


NO_BRAND = Brand()


def valid_contact(text: str) -> str:
    """The contact on one line.

    >>> valid_contact(" dpo@okwind.example ")
    'dpo@okwind.example'
    """
    contact = " ".join(text.split(" ")).strip()
    if not contact or len(contact) > MAX_CONTACT or not is_one_line(contact):
        raise InvalidValueError(
            f"dpo: use one line of at most {MAX_CONTACT} characters, best an e-mail address."
        )
    return contact
