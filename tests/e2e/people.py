"""Different identifiers of every kind, made from numbers."""

from __future__ import annotations

from typing import NamedTuple

KINDS = 4


class Target(NamedTuple):
    """An identifier, and a channel to check it on."""

    channel: str
    kind: str
    value: object


def target(number: int) -> Target:
    """Return the identifier of a number; consecutive numbers take the four channels in turn."""
    match number % KINDS:
        case 0:
            return Target("email", "email", f"person.{number}@example.fr")
        case 1:
            return Target("sms", "phone", f"+336{number:08}")
        case 2:
            return Target("telephone", "phone", f"+337{number:08}")
        case _:
            address = {"name": f"Jean Numero{number}", "street": f"{number} rue de la Paix"}
            return Target("post", "postal", address | {"postcode": "75002", "city": "Paris"})
