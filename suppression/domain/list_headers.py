"""The headers that make a link an unsubscribe button (RFC 8058, RFC 2919)."""

from __future__ import annotations

import re
import unicodedata

ONE_CLICK = "List-Unsubscribe=One-Click"
_ATOMS = re.compile(r"[A-Za-z0-9 ]+")


def list_headers(url: str, *, name: str, controller: str, topic: str, host: str) -> dict[str, str]:
    """Header names and values for a message that carries this link. No value may be folded.

    >>> list_headers("https://stop.example.fr/u/x", name="Okwind", controller="okwind",
    ...     topic="offers", host="stop.example.fr")["List-Id"]
    'Okwind <offers.okwind.stop.example.fr>'
    """
    labels = [label for label in (topic, controller, host) if label]
    return {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": ONE_CLICK,
        "List-Id": f"{_phrase(name)} <{'.'.join(labels)}>".strip(),
    }


def _phrase(name: str) -> str:
    """The name as an RFC 5322 phrase in plain ASCII: letters, digits and spaces."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return " ".join(" ".join(_ATOMS.findall(plain)).split())
