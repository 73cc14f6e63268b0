"""A controller's branding on the recipient pages: colour, logo, contact, and sign-up address."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from suppression.domain.display_names import is_one_line
from suppression.domain.errors import InvalidValueError

MAX_LOGO = 6 * 1024
MAX_CONTACT = 120
MAX_URL = 200
DEFAULT_COLOUR = "#1d4ed8"
_PAGE = re.compile(
    r"https://(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{1,62}"
    r"(?::[0-9]{1,5})?(?:[/?#][!-~]*)?"
)
_EMAIL = re.compile(r"[^@\s<>\"?&]+@[A-Za-z0-9.-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Logo:
    """A controller's logo: a PNG or SVG of at most 6 KiB, and its media type, like `image/png`."""

    content: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Branding:
    """The branding of a controller's recipient pages. All fields are optional."""

    colour: str = DEFAULT_COLOUR
    dpo_contact: str = ""
    has_logo: bool = False
    resubscribe_url: str = ""
    """The company's own sign-up page, where a person may subscribe again; '' for none."""

    @property
    def dpo_email(self) -> str:
        """`dpo_contact` if it is an e-mail address, else ''."""
        return self.dpo_contact if _EMAIL.fullmatch(self.dpo_contact) else ""


NO_BRAND = Branding()


def valid_contact(text: str) -> str:
    """Return the text of a contact without outer white space.

    Raise InvalidValueError if it is empty, over MAX_CONTACT characters, or not one line
    (`is_one_line`).

    >>> valid_contact(" dpo@okwind.example ")
    'dpo@okwind.example'
    """
    contact = text.strip()
    if not contact or len(contact) > MAX_CONTACT or not is_one_line(contact):
        raise InvalidValueError(
            f"dpo: use one line of at most {MAX_CONTACT} characters, best an e-mail address."
        )
    return contact


def valid_resubscribe_url(text: str) -> str:
    """Return the address of a sign-up page without outer white space; '' for a blank text.

    Raise InvalidValueError for any other text that is not an https address with a domain and
    without a user, of at most MAX_URL characters.

    >>> valid_resubscribe_url(" https://okwind.example/newsletter ")
    'https://okwind.example/newsletter'
    """
    url = text.strip()
    if url and (len(url) > MAX_URL or not _PAGE.fullmatch(url)):
        raise InvalidValueError(
            f"resubscribe-url: use an https address of at most {MAX_URL} characters, with a name "
            "like okwind.example and no user, or nothing to show none."
        )
    return url
