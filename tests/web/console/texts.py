"""The catalogues of the console beside each other."""

from __future__ import annotations

import re

from suppression.web.console.translations import CATALOGUES

_WORD = re.compile(r"\{[a-z_]+\}")


def unused_texts() -> set[str]:
    """What stands in one language alone, or with other words to replace."""
    french, english = CATALOGUES["fr"], CATALOGUES["en"]
    apart = set(french) ^ set(english)
    return apart | {
        key
        for key in set(french) & set(english)
        if set(_WORD.findall(french[key])) != set(_WORD.findall(english[key]))
    }
