"""Colours of a brand, and whether text on them is readable (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re

from suppression.domain.errors import InvalidValueError

LEAST_CONTRAST = 4.5
WHITE, NIGHT = "#ffffff", "#161616"
"""The background of the pages, in the light and in the dark theme."""

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_STEPS = 100
_KNEE = 0.04045


def valid_colour(text: str) -> str:
    """Return the colour in lower case, without outer white space, if white is readable on it.

    Raise InvalidValueError for a text that is not like `#1d4ed8`, and for a colour that is too
    pale; the error then names the nearest readable colour.

    >>> valid_colour("#0B5FFF")
    '#0b5fff'
    """
    colour = text.strip().lower()
    nearest = nearest_readable(text)
    if not nearest:
        raise InvalidValueError("colour: use six hexadecimal digits, like #1d4ed8.")
    if nearest != colour:
        raise InvalidValueError(
            f"colour: {colour} is too pale beside white ({contrast(colour, WHITE):.1f} to 1, at "
            f"least {LEAST_CONTRAST} is needed); the nearest darker one is {nearest}."
        )
    return colour


def nearest_readable(text: str) -> str:
    """Return the colour, or the nearest darker one on which white is readable, in lower case.

    Return '' for a text that is not like `#1d4ed8`.

    >>> nearest_readable("#FFCC00"), nearest_readable("gold")
    ('#8f7200', '')
    """
    colour = text.strip().lower()
    return readable_on(colour, WHITE) if _COLOUR.fullmatch(colour) else ""


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio, from 1 to 21, of two colours like `#1d4ed8`.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    brighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def readable_on(colour: str, paper: str) -> str:
    """Return the colour, made darker or lighter until it is readable on the background `paper`.

    Readable means a contrast of LEAST_CONTRAST or more. Both arguments are like `#1d4ed8`.

    >>> readable_on("#1d4ed8", NIGHT)
    '#567ae2'
    """
    end = 0 if _luminance(paper) > _luminance("#777777") else 255
    parts = _parts(colour)
    for step in range(_STEPS):
        moved = [round(part + (end - part) * step / _STEPS) for part in parts]
        candidate = "#" + "".join(f"{part:02x}" for part in moved)
        if contrast(candidate, paper) >= LEAST_CONTRAST:
            return candidate
    return f"#{end:02x}{end:02x}{end:02x}"


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 to 1, as WCAG defines it."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    """Return the linear light value, from 0 to 1, of an sRGB colour part from 0 to 1 (WCAG)."""
    return part / 12.92 if part <= _KNEE else float(((part + 0.055) / 1.055) ** 2.4)


def _parts(colour: str) -> list[int]:
    """Return the red, green and blue parts of a colour, each from 0 to 255."""
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
