"""Measure how much disk a suppression takes in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg2

from benchmarks.goals import Failure, Finding
from benchmarks.ground import Ground

_SIZES = """
SELECT pg_total_relation_size('suppressions') + pg_total_relation_size('suppression_forms'),
    pg_total_relation_size('ledger_entries'), (SELECT count(*) FROM suppressions),
    (SELECT count(*) FROM suppression_forms)
"""


def disk(on: Ground) -> Iterator[Finding | Failure]:
    """Measure bytes per suppression, in tables and indexes loaded in random order and vacuumed."""
    stop_list = on.lists[on.sizes.single_list]
    with closing(psycopg2.connect(stop_list.url)) as connection, connection.cursor() as cursor:
        cursor.execute(_SIZES)
        state, ledger, rows, forms = next(iter(cursor))
    note = f"{forms / rows:.1f} further forms to a row"
    yield Finding(row="disk", ours=[state / rows], note=note)
    yield Finding(row="disk-ledger", ours=[ledger / rows])
