"""The mail headers that make a link an unsubscribe button (RFC 8058, RFC 2919)."""

from __future__ import annotations

import re
import unicodedata

ONE_CLICK = "List-Unsubscribe=One-Click"
_ATOMS = re.compile(r"[A-Za-z0-9 ]+")


def unsubscribe_header(url: str) -> str:
    """Return List-Unsubscribe's value for a link (RFC 8058 s3.1). Do not fold the header."""
    return f"<{url}>"


def list_headers(*, name: str, controller: str, topic: str, host: str) -> dict[str, str]:
    """Return List-Unsubscribe-Post and List-Id, equal in all messages of a topic. Do not fold them.

    `name` is the controller's, for people; `controller` and `topic` are slugs, `topic` '' for all
    topics; `host` is the service's public host name.

    >>> list_headers(name="Okwind", controller="okwind", topic="offers",
    ...     host="stop.example.fr")["List-Id"]
    'Okwind <offers.okwind.stop.example.fr>'
    """
    labels = [label for label in (topic, controller, host) if label]
    return {
        "List-Unsubscribe-Post": ONE_CLICK,
        "List-Id": f"{_phrase(name)} <{'.'.join(labels)}>".strip(),
    }


def _phrase(name: str) -> str:
    """Return the name as an RFC 5322 phrase in plain ASCII: letters, digits and spaces."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return " ".join(" ".join(_ATOMS.findall(ascii_name)).split())
