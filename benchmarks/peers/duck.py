"""Scrub a file with DuckDB on two threads: join it with the list and write the decisions.

    python -m benchmarks.peers.duck list-clear|list-hmac FORMS.csv LIST.duckdb
    python -m benchmarks.peers.duck clear|hmac LIST.duckdb RECIPIENTS.csv TARGET.csv

The list is prepared in a DuckDB file, as ours is in PostgreSQL: addresses in the clear, or the
fingerprints of all forms. With `hmac` the recipients are fingerprinted in SQL.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from benchmarks.peers.rules import key

THREADS = 2
_BLOCK = key().ljust(64, b"\0")
_INNER = bytes(byte ^ 0x36 for byte in _BLOCK).hex()
_OUTER = bytes(byte ^ 0x5C for byte in _BLOCK).hex()
MACROS = f"""
CREATE TEMP MACRO plain(address) AS lower(trim(address));
CREATE TEMP MACRO mailbox(address) AS
    replace(split_part(split_part(address, '@', 1), '+', 1), '.', '') || '@gmail.com';
CREATE TEMP MACRO fingerprint(address) AS substr(sha256(unhex('{_OUTER}') || unhex(sha256(
    unhex('{_INNER}') || 'email:sha256:'::BLOB || unhex(sha256(address))))), 1, 32)::UUID;
CREATE TEMP MACRO itself(address) AS address;
"""
_SCRUB = """
COPY (
    WITH recipients AS (
        SELECT row_number() OVER () AS place, * FROM read_csv(?, header = true, all_varchar = true)
    ), forms AS (
        SELECT place, plain(email) AS form FROM recipients
    ), asked AS (
        SELECT place, {form}(form) AS form FROM forms
        UNION ALL
        SELECT place, {form}(mailbox(form)) FROM forms
        WHERE (form LIKE '%@gmail.com' OR form LIKE '%@googlemail.com') AND mailbox(form) <> form
    ), denied AS (
        SELECT DISTINCT place FROM asked SEMI JOIN list ON list.form = asked.form
    )
    SELECT recipients.* EXCLUDE (place),
        CASE WHEN denied.place IS NULL THEN 'allow' ELSE 'deny' END AS decision
    FROM recipients LEFT JOIN denied ON denied.place = recipients.place
) TO '{target}' (HEADER, DELIMITER ',')
"""


def make_list(how: str, forms: Path, path: Path) -> None:
    """Create a list in a DuckDB file from a CSV file with the column `form`.

    `how` is `list-hmac` for fingerprints, `list-clear` for addresses.
    """
    kind = "UUID" if how == "list-hmac" else "VARCHAR"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            f"CREATE TABLE list AS SELECT form::{kind} AS form"
            " FROM read_csv(?, header = true, all_varchar = true)",
            [str(forms)],
        )


def scrub(how: str, list_file: Path, source: Path, target: Path) -> None:
    """Write every recipient of `source` with its decision to `target`.

    `how` is `hmac` for a list of fingerprints, `clear` for a list of addresses.
    """
    with duckdb.connect(str(list_file), read_only=True) as connection:
        connection.execute(f"SET threads = {THREADS}")
        connection.execute(MACROS)
        form = "fingerprint" if how == "hmac" else "itself"
        connection.execute(_SCRUB.format(form=form, target=target), [str(source)])


if __name__ == "__main__":
    paths = [Path(path) for path in sys.argv[2:]]
    if sys.argv[1].startswith("list-"):
        make_list(sys.argv[1], *paths)
    else:
        scrub(sys.argv[1], *paths)
