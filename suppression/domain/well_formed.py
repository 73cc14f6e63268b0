"""Replaces lone surrogates in every text that comes in, before anything else looks at it.

A lone surrogate is half a character: JSON escapes, some encodings and the arguments of a command
can hold one, and no database, cipher or digest takes it.
"""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"
"""What Unicode puts where a character was lost."""
_LONE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# Escapes one after another, so that `\\ud83d`, which is a backslash and four letters, stays.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|u[dD](?P<lone>[89a-fA-F][0-9a-fA-F]{2})"
    r"|.)"
)


def well_formed(text: str) -> str:
    r"""The text with U+FFFD for each lone surrogate.

    >>> well_formed("STOP \ud83d") == "STOP \ufffd"
    True
    """
    return text if text.isascii() else _LONE.sub(REPLACEMENT, text)


def well_formed_json(text: str) -> str:
    r"""JSON with an escaped U+FFFD for each escape that is half of a pair; what is no JSON stays.

    >>> well_formed_json(r'["STOP \ud83d", "\ud83d\ude00", "\\ud83d"]')
    '["STOP \\ufffd", "\\ud83d\\ude00", "\\\\ud83d"]'
    """
    if not _ESCAPED_SURROGATE.search(text):
        return text
    return _ESCAPE.sub(_joined, text)


def _joined(escape: re.Match[str]) -> str:
    return r"\ufffd" if escape["lone"] else escape[0]
