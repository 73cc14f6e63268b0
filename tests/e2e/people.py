"""Identifiers by number, of every kind, each unlike all others."""

from __future__ import annotations

from typing import NamedTuple

KINDS = 4


class Target(NamedTuple):
    """An identifier, and a channel to ask it on."""

    channel: str
    kind: str
    value: object


def target(number: int) -> Target:
    """The target of a number: four channels, turn by turn."""
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
