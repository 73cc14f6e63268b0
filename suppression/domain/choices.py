"""What a person ticked on the choices page, as stops. Ticked means: I want to receive."""

from __future__ import annotations

from collections.abc import Set as AbstractSet


def closing(shown_open: AbstractSet[str], ticked: AbstractSet[str]) -> tuple[str, ...]:
    """The topics to stop, '' for everything: what was shown ticked and came back empty.

    Who leaves no tick at all wants nothing, and nothing that a controller may invent later either.

    >>> closing({"newsletter", "offers"}, {"offers"})
    ('newsletter',)
    >>> closing({"newsletter", "offers"}, set())
    ('',)
    """
    unticked = shown_open - ticked
    if unticked and not ticked:
        return ("",)
    return tuple(sorted(unticked))
