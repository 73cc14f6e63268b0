"""Other spellings of a contact's identifiers, as the person writes them and not the CRM.

Each function has a list of spellings; `turn` chooses one, so that each is used often.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import phonenumbers

from tests.e2e.crm import Contact

APOSTROPHE = "\u2019"
Spelling = dict[str, object]
"""An identifier of a stop: its kind and value, and its country if needed."""


def other_email(contact: Contact, turn: int) -> Spelling:
    """Return the e-mail in capitals, in angle brackets, as a link, or with what Gmail ignores."""
    local, _, host = contact.email.partition("@")
    gmail = host == "gmail.com"
    ways: list[str] = [
        contact.email.upper(),
        f"\u00a0 {contact.email}\u200b\r\n",
        f"{contact.first_name} {contact.last_name} <{contact.email}>",
        f'"{contact.last_name.upper()}, {contact.first_name}" <{contact.email.title()}>',
        f"mailto:{contact.email}?subject=STOP",
        f"MAILTO:{contact.email.capitalize()}",
        unicodedata.normalize("NFD", contact.email),
    ]
    if gmail:
        bare = local.replace(".", "")
        ways += [f"{bare[0]}.{bare[1:]}@gmail.com", f"{local}+Promo.2026@GMAIL.com"]
        ways += [f"{'.'.join(bare)}@googlemail.com", f" <{bare}+x@Googlemail.com>"]
    return {"kind": "email", "value": ways[turn % len(ways)]}


def other_phone(contact: Contact, turn: int) -> Spelling:
    """Return the number as dialled at home or from abroad, with any separator."""
    number = phonenumbers.parse(contact.phone, contact.country)
    code, digits = number.country_code, str(number.national_number)
    pairs = [digits[:1], *(digits[at : at + 2] for at in range(1, len(digits), 2))]
    abroad = [
        f"+{code}{digits}",
        f"00{code}{digits}",
        f"00 {code} {' '.join(pairs)}",
        f"+{code} (0){' '.join(pairs)}",
        f"(+{code}) {'.'.join(pairs)}",
        f"+{code}-{'-'.join(pairs)}",
        f"\u200e+{code}\u00a0{chr(0xA0).join(pairs)} ",
        f"tel:+{code}{digits}",
    ]
    home = [f"0{digits}", f"0{'.'.join(pairs)}", f"0{' '.join(pairs)}", f"(0){'-'.join(pairs)}"]
    ways: list[Spelling] = [{"value": text} for text in abroad]
    ways += [{"value": text, "country": contact.country} for text in home]
    if contact.country != "BE":  # the controller's own country is enough to read these
        ways += [{"value": text} for text in home]
    return {"kind": "phone", **ways[turn % len(ways)]}


def other_postal(contact: Contact, turn: int) -> Spelling:
    """Return the address in capitals, without accents, in another order, or as envelope lines."""
    name = f"{contact.first_name} {contact.last_name}"
    swapped = f"{contact.last_name.upper()} {contact.first_name}"
    street, postcode, city = contact.street, contact.postcode, contact.city
    ways: list[Spelling] = [
        _fields(name.upper(), street.upper(), postcode, city.upper()),
        _fields(_bare(name), _bare(street), postcode, _bare(city)),
        _fields(swapped, street.replace(",", " "), postcode, city),
        _fields(name, street, f"{postcode[:2]} {postcode[2:]}", ""),
        _fields(f"{contact.last_name}, {contact.first_name}", f" {street}.", postcode, city),
        _fields(_bare(swapped).upper(), _bare(street).upper(), postcode, "Ailleurs"),
        _fields(
            unicodedata.normalize("NFD", name), street.replace("'", APOSTROPHE), postcode, city
        ),
        {"lines": [name, street, f"{postcode} {city}"]},
        {"lines": [_bare(swapped), street.upper(), f"F-{postcode} {_bare(city)}"]},
        {"lines": [swapped, "", _bare(street), f"{postcode}  {city.upper()}", ""]},
    ]
    return {"kind": "postal", "value": ways[turn % len(ways)] | {"country": "FR"}}


OTHER: tuple[Callable[[Contact, int], Spelling], ...] = (other_email, other_phone, other_postal)


def _fields(name: str, street: str, postcode: str, city: str) -> Spelling:
    return {"name": name, "street": street, "postcode": postcode, "city": city}


def _bare(text: str) -> str:
    """Return a text without accents, and with spaces instead of punctuation."""
    plain = unicodedata.normalize("NFD", text)
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.findall(r"\w+", letters))
