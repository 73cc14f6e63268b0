"""Replacement of lone surrogates in received JSON, files and command arguments.

A lone surrogate is half a character: JSON escapes, some encodings and a command's arguments may
hold one, and no database, cipher or digest accepts it.
"""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"
"""U+FFFD, the character that Unicode puts in the place of a lost one."""
_LONE = re.compile("[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# Matches all escapes in turn, so that `\\ud83d`, a backslash and five characters, is unchanged.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|u[dD](?P<lone>[89a-fA-F][0-9a-fA-F]{2})"
    r"|.)"
)


def well_formed(text: str) -> str:
    r"""Return the text with U+FFFD in the place of each lone surrogate.

    >>> well_formed("STOP \ud83d") == "STOP \ufffd"
    True
    """
    return text if text.isascii() else _LONE.sub(REPLACEMENT, text)


def well_formed_json(text: str) -> str:
    r"""Return a JSON text with `\ufffd` for each escaped lone surrogate, and otherwise unchanged.

    >>> well_formed_json(r'["STOP \ud83d", "\ud83d\ude00", "\\ud83d"]')
    '["STOP \\ufffd", "\\ud83d\\ude00", "\\\\ud83d"]'
    """
    if not _ESCAPED_SURROGATE.search(text):
        return text
    return _ESCAPE.sub(_replace_if_lone, text)


def _replace_if_lone(escape: re.Match[str]) -> str:
    """Return the escape of U+FFFD for that of a lone surrogate; any other escape unchanged."""
    return r"\ufffd" if escape["lone"] else escape[0]
