"""What the service watches about itself, and how that last went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SYNTHETIC_OPT_OUT = "synthetic-opt-out"
"""The name of the watch, and the slug of the controller that it has for itself.

See docs/rules.md#g8.
"""

PASSED = "passed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """How a watch last went. `passed_at` is None if it never passed."""

    name: str
    ran_at: datetime
    passed_at: datetime | None
    result: str

    @property
    def ok(self) -> bool:
        """Whether its last run passed."""
        return self.result == PASSED
