r"""Read the messages of tests/vectors/sms.csv, where `\n`, `\t`, `\r` and `\u200b` are escaped."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from suppression.domain.sms.reply_parsing import SmsIntent

_VECTORS = Path(__file__).parents[2] / "vectors" / "sms.csv"
_WRITTEN_OUT = re.compile(r"\\(?:u([0-9a-f]{4})|([ntr]))")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A text message, and the intent that must be understood."""

    text: str
    understood: SmsIntent


def sms_rows() -> list[Row]:
    with _VECTORS.open(encoding="utf-8", newline="") as file:
        return [
            Row(text=_as_sent(row["text"]), understood=SmsIntent(row["understood"]))
            for row in csv.DictReader(file)
        ]


def _as_sent(written: str) -> str:
    return _WRITTEN_OUT.sub(
        lambda match: chr(int(match[1], 16)) if match[1] else _CONTROLS[match[2]], written
    )
