"""Countries and postcodes: steps 2 and 3 of post in docs/identifiers.md."""

from __future__ import annotations

import re

from suppression.domain.errors import IdentifierParseError
from suppression.domain.identifiers.postal.folding import fold, words
from suppression.domain.identifiers.postal.plain_abroad import roman_value
from suppression.domain.identifiers.postal.tables import COUNTRY_ROWS, WORD_SETS

# Postcodes 97xxx and 98xxx belong to France's own system: RE and FR with the same postcode are the
# same place. Monaco (98000) belongs to it too.
_FRENCH_POST = WORD_SETS["french_post"]
_DIGITS = {row["code"]: int(row["postcode_digits"] or 0) for row in COUNTRY_ROWS}
_PREFIX = re.compile(r"^([A-Za-z]{1,2})[- ]+(?=\d)")
_PREFIXES = {"f": "fr", "b": "be", "l": "lu", "d": "de", "e": "es", "i": "it", "a": "at"}
_DECIMALS = re.compile(r"(?<=\d)[.,]0{1,2}$")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_DISTRICT = re.compile(r"(?<!\d)0?(\d{1,2})(?!\d)")
_ROMAN_DISTRICT = re.compile(r"(?<!\w)(x{0,2}(?:i{1,3}|iv|vi{0,3}|ix)|xx?)(?:er|e|eme|ieme)?(?!\w)")
# Paris, Lyons and Marseilles number their districts, and a district is a postcode.
_DISTRICTS = {"paris": (75000, 20), "lyon": (69000, 9), "marseille": (13000, 16)}
_WITHOUT_DISTRICT = frozenset({"75000", "69000", "13000"})
_FRENCH_DIGITS = 5


def _read_codes() -> dict[str, str]:
    """Return the codes of countries by their folded names and codes."""
    table: dict[str, str] = {}
    for row in COUNTRY_ROWS:
        names = [row["code"], row["alpha3"], *row["names"].split("/")]
        table |= {" ".join(words(fold(name).lower())): row["code"] for name in names}
    return table


_CODES = _read_codes()
_ISO_CODE = re.compile(r"[A-Za-z]{2}")


def country_code(text: str) -> str:
    """Return the ISO 3166-1 alpha-2 code, in lower case, of a country's code or name; else ''.

    Any other two letters are taken for a code too.

    >>> country_code("Österreich"), country_code("FRA"), country_code("Suisse"), country_code("JM")
    ('at', 'fr', 'ch', 'jm')
    """
    code = text.lower()
    if code in _DIGITS:
        return code
    code = _CODES.get(" ".join(words(fold(text).lower())), "")
    return code or (text.lower() if _ISO_CODE.fullmatch(text) else "")


def country_of(country: str, region: str, postcode: str) -> str:
    """Return an address's country: as stated, else by the postcode's prefix, else `region`.

    The code is in lower case; it is 'fr' for every place of the French post, such as RE, NC and MC.
    Raise IdentifierParseError if `country` is neither a known name or code, nor two letters, nor
    blank.
    """
    if country.strip():
        code = country_code(country.strip())
        if not code:
            raise IdentifierParseError(
                "malformed", "Send `country` as an ISO 3166-1 code, like FR."
            )
    else:
        code = (
            region.lower() if postcode.isdigit() else _country_by_prefix(postcode) or region.lower()
        )
    return "fr" if code in _FRENCH_POST else code


def _country_by_prefix(postcode: str) -> str:
    """Return the country of a postcode's prefix, as in `CH-1204`; '' without a known prefix.

    >>> _country_by_prefix("CH-1204"), _country_by_prefix("D 10115"), _country_by_prefix("75011")
    ('ch', 'de', '')
    """
    prefix = _PREFIX.match(postcode)
    if not prefix:
        return ""
    letters = prefix[1].lower()
    return _PREFIXES.get(letters) or (letters if _DIGITS.get(letters) else "")


def canonical_postcode(country: str, postcode: str, city: str) -> str:
    """Return the canonical text of the postcode or, where it may be missing, of the city.

    The postcode may be missing in a country where postcodes have no fixed number of digits, and in
    a French city with numbered districts, whose postcode then comes from `Paris 11` and the like.
    `country` is a code in lower case. A missing leading zero of five digits is restored. Raise
    IdentifierParseError for a postcode without the country's number of digits, or if nothing is
    left of postcode and city. The decimal that a spreadsheet adds (`6000.0`) goes.

    >>> canonical_postcode("fr", "F-75 116", ""), canonical_postcode("fr", "1000", "Bourg")
    ('75016', '01000')
    >>> canonical_postcode("fr", "75000", "Paris 11ème"), canonical_postcode("gb", "sw1a 1aa", "")
    ('75011', 'sw1a1aa')
    """
    size, postcode = _DIGITS.get(country, 0), _DECIMALS.sub("", postcode)
    if len(postcode) == size and postcode.isascii() and postcode.isdigit():
        return _district_of_french(postcode, city) if country == "fr" else postcode
    code = _NOT_ALPHANUMERIC.sub("", fold(_PREFIX.sub("", postcode.strip()))).lower()
    if not size:
        return code or _city_as_postcode(city)
    code = code.removeprefix(country)
    if country == "fr" and not code:
        code = _district_postcode(city)
    # A spreadsheet drops the leading zero of 01000.
    code = code.zfill(size) if len(code) == size - 1 and size == _FRENCH_DIGITS else code
    if len(code) != size or not (code.isascii() and code.isdigit()):
        raise IdentifierParseError("malformed", f"Send a `postcode` of {size} digits.")
    return _district_of_french(code, city) if country == "fr" else code


def older_postcode(country: str, postcode: str, city: str) -> str:
    """Return a French postcode as 0.9.0 read it, if it is read otherwise today; else ''.

    Version 0.9.0 took the decimal of `1000.0` for a digit, so that Bourg became Troyes, and knew no
    Roman figures of districts.

    >>> older_postcode("fr", "1000.0", ""), older_postcode("fr", "01000.0", "")
    ('10000', '')
    >>> older_postcode("fr", "75000", "Paris XIe"), older_postcode("fr", "75000", "Paris 11")
    ('75000', '')
    """
    code = _NOT_ALPHANUMERIC.sub("", postcode)
    if country == "fr" and code in _WITHOUT_DISTRICT and not _DISTRICT.search(city):
        return code if _district_postcode(city) else ""
    if country != "fr" or not _DECIMALS.search(postcode) or len(code) != _FRENCH_DIGITS:
        return ""
    return canonical_postcode(country, code, city)


def _city_as_postcode(city: str) -> str:
    """Return the city as canonical text. Raise IdentifierParseError if it has no words."""
    name = "".join(words(fold(city).lower()))
    if not name:
        raise IdentifierParseError("malformed", "Send a `postcode`, or a `city` without one.")
    return name


def _district_of_french(code: str, city: str) -> str:
    """Return a French postcode; that of a numbered district if the postcode or the city names one.

    Examples: `75016` for `75116`, and `75011` for `75000` in `Paris 11`.
    """
    if code.startswith("751"):
        return "750" + code[3:]
    if code in _WITHOUT_DISTRICT:
        return _district_postcode(city) or code
    return code


def _district_postcode(city: str) -> str:
    """Return the postcode of a numbered district; '' if the city names none.

    >>> _district_postcode("LYON 3EME"), _district_postcode("Marseille 08"), _district_postcode("x")
    ('69003', '13008', '')
    >>> _district_postcode("Paris XIIe arrondissement"), _district_postcode("Paris")
    ('75012', '')
    """
    name = fold(city).lower()
    base, last_district = _DISTRICTS.get(next(iter(words(name)), ""), (0, 0))
    match = _DISTRICT.search(name)
    roman = None if match else _ROMAN_DISTRICT.search(name)
    number = int(match[1]) if match else roman_value(roman[1]) if roman else 0
    return str(base + number) if 0 < number <= last_district else ""
