"""Read a stored scrub and the verdicts of its rows."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from datetime import datetime

from suppression.domain.checks.scrubs import Scrub, Verdict, decode_verdicts
from suppression.domain.controllers.model import Controller
from suppression.domain.errors import UnknownScrubError
from suppression.storage.engine.database import reading
from suppression.storage.scrubs.rows import find_chunk, load_scrub


def find_scrub(controller: Controller, scrub_id: str, *, now: datetime) -> Scrub:
    """Return a controller's completed scrub by its hex id.

    Raises UnknownScrubError if there is none, or if it is a day old.
    """
    try:
        raw = binascii.unhexlify(scrub_id)
    except ValueError:
        raise UnknownScrubError from None
    with reading() as transaction:
        scrub = load_scrub(transaction, controller, raw, now=now) if len(raw) == 16 else None  # noqa: PLR2004 - bytes of an id
    if scrub is None:
        raise UnknownScrubError
    return scrub


def read_verdicts(scrub: Scrub) -> Iterator[Verdict]:
    """Yield the verdict of every row, in order; hold no connection while the caller uses them.

    If the scrub is deleted meanwhile, end early: fewer verdicts come then than `scrub.rows`.
    """
    number = 0
    while True:
        with reading() as transaction:
            chunk = find_chunk(transaction, scrub, number)
        if chunk is None:
            return
        yield from decode_verdicts(chunk)
        number += 1
