"""Where a telephone number is: what time it is there, and whose public holidays are kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Every time zone (IANA) that a number may be in, and territories (ISO 3166-1 alpha-2).

    Without zones it is not known what time it is for the person. With several, what is allowed
    must be allowed in each of them.
    """

    zones: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()


NOWHERE = Place()
"""The place of what is no number, or of one that tells no place."""
