"""What the console says, in French and English: catalogues of its own, `fr.toml` and `en.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from suppression.domain.users.model import LANGUAGES

_FOLDER = Path(__file__).parent / "catalogues"


def _flat(found: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in found.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = str(value).strip("\n")
    return flat


CATALOGUES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        language: _flat(tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8")))
        for language in LANGUAGES
    }
)


def translate(language: str, key: str, **words: object) -> str:
    """A text of the catalogue; `{word}` in it is replaced. A missing key is a KeyError."""
    text = CATALOGUES[language][key]
    for word, value in words.items():
        text = text.replace(f"{{{word}}}", str(value))
    return text
