"""Scrubs: a check for each row of a file, and a verdict on each. The rows are not stored."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from suppression.domain.checks.decision import CheckResult
from suppression.domain.retention import SCRUBS_KEPT_FOR
from suppression.domain.suppressions.model import Scope
from suppression.domain.vocabulary import Audience, Basis, Decision, Kind

_CODES = {Decision.ALLOW: "A", Decision.DENY: "D", Decision.UNKNOWN: "U"}
_DECISIONS = {code: decision for decision, code in _CODES.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class ScrubRequest:
    """The check that is made for every row of a file.

    `country` (ISO 3166-1) is that of national numbers and addresses in rows that name none, None
    for the controller's; `scheme` is that of digests; `attested` is the lawful basis that the
    caller states; `at` is the instant of the planned contact, None for now.
    """

    scope: Scope
    kind: Kind
    country: str | None = None
    audience: Audience = Audience.CONSUMER
    attested: Basis | None = None
    at: datetime | None = None
    scheme: str = "plain"


class Verdict(NamedTuple):
    """The verdict on a row: the line where the row begins, the decision, codes of the reasons."""

    row: int
    decision: Decision
    reasons: tuple[str, ...]


@dataclass(kw_only=True, slots=True)
class ScrubCounts:
    """Running counts of check results; their size does not depend on the number of rows."""

    decisions: Counter[Decision] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    valid_until: datetime | None = None

    @property
    def rows(self) -> int:
        """The number of check results that were counted."""
        return self.decisions.total()

    def add(self, answers: Sequence[CheckResult]) -> None:
        """Count the check results of a batch; `valid_until` becomes the earliest of all."""
        self.decisions.update(answer.decision for answer in answers)
        for answer in answers:
            if answer.reasons:
                self.reasons.update({reason.code for reason in answer.reasons})
        ends = [result.valid_until for result in answers if result.valid_until]
        self.valid_until = min(
            [*ends, *([self.valid_until] if self.valid_until else [])], default=None
        )

    def summary(self) -> dict[str, object]:
        """Return the number of rows by decision and, under `reasons`, by the code of a reason."""
        return {str(decision): self.decisions[decision] for decision in Decision} | {
            "reasons": dict(sorted(self.reasons.items()))
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Scrub:
    """A scrub of a whole file. `as_of`: its checks saw every stop committed before this instant."""

    scrub_id: bytes
    controller_number: int
    as_of: datetime
    rows: int
    summary: Mapping[str, object]
    valid_until: datetime | None = None

    @property
    def kept_until(self) -> datetime:
        """The instant from which on nobody can read the verdicts, and the worker deletes them."""
        return self.as_of + SCRUBS_KEPT_FOR


def verdict_of(row: int, answer: CheckResult) -> Verdict:
    """Return the verdict on the row that begins on line `row`."""
    codes = tuple(dict.fromkeys(reason.code for reason in answer.reasons)) if answer.reasons else ()
    return Verdict(row, answer.decision, codes)


def encode_verdicts(verdicts: Sequence[Verdict]) -> bytes:
    """Encode verdicts compactly: rows as runs, one character per decision, reasons by number.

    >>> verdicts = [Verdict(2, Decision.ALLOW, ()), Verdict(3, Decision.DENY, ("objection",))]
    >>> list(decode_verdicts(encode_verdicts(verdicts))) == verdicts
    True
    """
    runs: list[list[int]] = []
    for verdict in verdicts:
        if runs and sum(runs[-1]) == verdict.row:
            runs[-1][1] += 1
        else:
            runs.append([verdict.row, 1])
    reason_numbers = {
        reasons: number
        for number, reasons in enumerate(dict.fromkeys(verdict.reasons for verdict in verdicts))
    }
    content = {
        "rows": runs,
        "letters": "".join(_CODES[verdict.decision] for verdict in verdicts),
        "codes": list(reason_numbers),
        "reasons": [reason_numbers[verdict.reasons] for verdict in verdicts],
    }
    return zlib.compress(json.dumps(content, separators=(",", ":")).encode())


def decode_verdicts(raw: bytes) -> Iterator[Verdict]:
    """Yield the verdicts that `encode_verdicts` encoded in `raw`."""
    content = json.loads(zlib.decompress(raw))
    rows = (row for start, count in content["rows"] for row in range(start, start + count))
    codes = [tuple(reasons) for reasons in content["codes"]]
    for row, code, number in zip(rows, content["letters"], content["reasons"], strict=True):
        yield Verdict(row, _DECISIONS[code], codes[number])
