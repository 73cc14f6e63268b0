"""Measure contestants in turn: each once per round; the one that goes first changes per round."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Turns = dict[str, list[float]]


def interleaved(contestants: Mapping[str, Callable[[], float]], rounds: int) -> Turns:
    """Run every contestant once per round; return the figures of each, one per round.

    >>> interleaved({"us": lambda: 2.0, "peer": lambda: 1.0}, 2)
    {'us': [2.0, 2.0], 'peer': [1.0, 1.0]}
    """
    turns: Turns = {name: [] for name in contestants}
    names = list(contestants)
    for round_number in range(rounds):
        first = round_number % len(names)
        for name in names[first:] + names[:first]:
            turns[name].append(contestants[name]())
    return turns
