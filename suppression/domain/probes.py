"""Probes: the tests that the service makes of itself, and their last results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SYNTHETIC_OPT_OUT = "synthetic-opt-out"
"""The name of the probe that clicks a link of its own, and the slug of its own controller.

See docs/rules.md#g8.
"""

PASSED = "passed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """The last run of a probe: its time and its `result`, PASSED or the code of the failure.

    `passed_at` is the time of the last run that passed; None if none did.
    """

    name: str
    ran_at: datetime
    passed_at: datetime | None
    result: str

    @property
    def ok(self) -> bool:
        """Whether the last run of the probe passed."""
        return self.result == PASSED
