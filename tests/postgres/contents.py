"""Read all that a test may find in a database, and restore it.

Rows are removed by DELETE and VACUUM, which take milliseconds. TRUNCATE would make new files for
every index, and truncate each table that refers to a truncated one: slower than a new database.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection, cursor

_OPTIONS: Final = "-c search_path= -c statement_timeout=60s -c lock_timeout=5s"
_MAY_EMPTY: Final = """
SET session_replication_role = replica;
UPDATE pg_class SET reltuples = reltuples WHERE false
"""
_TABLES: Final = """
SELECT oid::regclass::text, pg_relation_size(oid) FROM pg_class
WHERE oid >= 16384 AND relkind = 'r' AND pg_relation_size(oid) > 0
"""
# A table of up to ten pages that was never analysed has the query plans of an empty one.
_GROWN: Final = """
SELECT oid::regclass::text FROM pg_class
WHERE oid >= 16384
    AND pg_relation_size(oid) > CASE relkind WHEN 'i' THEN 10 * 8192 WHEN 't' THEN 0 END
"""
_SEQUENCES: Final = "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S' AND oid >= 16384"
# VACUUM stores sizes of tables, which a new database does not have.
_FORGET_SIZES: Final = """
UPDATE pg_class
SET relpages = (relkind = 'i')::int, reltuples = (relkind = 'i')::int - 1, relallvisible = 0
WHERE oid >= 16384 AND relkind IN ('r', 't', 'i')
    AND (relpages, reltuples, relallvisible) <> ((relkind = 'i')::int, (relkind = 'i')::int - 1, 0)
"""
# All of pg_class except the place of storage, which VACUUM and VACUUM FULL change.
_RELATIONS: Final = """
SELECT md5(string_agg(one::text, '' ORDER BY one.oid)) FROM (
    SELECT oid, relname, relnamespace, reltype, relowner, relam, reltoastrelid, relhasindex,
        relpersistence, relkind, relnatts, relchecks, relhasrules, relhastriggers, relrowsecurity,
        relforcerowsecurity, relreplident, relacl, reloptions, relpages, reltuples, relallvisible
    FROM pg_class WHERE oid >= 16384
) one
"""
# The other catalogs to which a change of the schema, or ANALYZE, writes.
_CATALOGS: Final = (
    "pg_attrdef",
    "pg_attribute",
    "pg_constraint",
    "pg_default_acl",
    "pg_depend",
    "pg_event_trigger",
    "pg_extension",
    "pg_index",
    "pg_largeobject_metadata",
    "pg_namespace",
    "pg_policy",
    "pg_proc",
    "pg_rewrite",
    "pg_sequence",
    "pg_statistic",
    "pg_statistic_ext_data",
    "pg_trigger",
    "pg_type",
)
_OF_THE_SERVER: Final = """
SELECT datdba, datallowconn, datconnlimit, datacl::text,
    (SELECT array_agg(setting::text ORDER BY setting::text) FROM pg_db_role_setting setting
        WHERE setdatabase IN (0, found.oid)),
    (SELECT count(*) FROM pg_prepared_xacts WHERE database = datname)
FROM pg_database found WHERE datname = current_database()
"""

Answer = tuple[Any, ...]


class NotAsBeforeError(Exception):
    """A database cannot be emptied, or differs from a new one after it was."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """All that distinguishes a used database from a new one.

    `rows` is COPY's output for each table that has rows; `sizes` are the tables' sizes in bytes.
    `schema` has the transactions that wrote each catalog, so any change of the schema changes it.
    """

    sizes: dict[str, int]
    rows: dict[str, str]
    sequences: list[Answer]
    grown: list[Answer]
    schema: list[Answer]


def connected(url: str) -> connection:
    """Return an autocommit connection for reading and emptying, with qualified names of tables."""
    opened = psycopg2.connect(url, options=_OPTIONS)
    opened.autocommit = True
    return opened


def may_empty(run: cursor) -> bool:
    """Return whether this role may disable triggers and change pg_class, which `empty` needs."""
    try:
        run.execute(_MAY_EMPTY)
    except psycopg2.errors.InsufficientPrivilege:
        return False
    return True


def contents(run: cursor) -> Contents:
    """Return the contents of the database."""
    sizes = _sizes(run)
    return Contents(
        sizes=sizes,
        rows={table: _rows(run, table) for table in sizes},
        sequences=_sequences(run),
        grown=_execute(run, _GROWN),
        schema=_schema(run),
    )


def empty(run: cursor, fresh: Contents) -> None:
    """Restore the contents `fresh`. Raises NotAsBeforeError, or psycopg2.Error, if that fails.

    No other connection to the database may exist.
    """
    if not may_empty(run):
        raise NotAsBeforeError("may not be emptied")
    _restore_rows(run, fresh)
    _restore_sequences(run, fresh)
    run.execute(_FORGET_SIZES)
    if contents(run) != fresh:
        raise NotAsBeforeError("is not what it was")


def _restore_rows(run: cursor, fresh: Contents) -> None:
    touched = [
        table
        for table, size in _sizes(run).items()
        if size != fresh.sizes.get(table) or _rows(run, table) != fresh.rows[table]
    ]
    if not touched:
        return
    names = [sql.SQL(table) for table in touched]
    run.execute(sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(name) for name in names))
    run.execute(sql.SQL("VACUUM {}").format(sql.SQL(",").join(names)))
    for table in touched:
        if table in fresh.rows:
            copy = sql.SQL("COPY {} FROM STDIN").format(sql.SQL(table))
            run.copy_expert(copy, io.StringIO(fresh.rows[table]))


def _restore_sequences(run: cursor, fresh: Contents) -> None:
    touched = set(fresh.sequences) - set(_sequences(run))
    for name, value, is_called in touched:
        run.execute("SELECT setval(%s, %s, %s)", (name, value, is_called))


def _sizes(run: cursor) -> dict[str, int]:
    return dict(_execute(run, _TABLES))


def _rows(run: cursor, table: str) -> str:
    out = io.StringIO()
    run.copy_expert(sql.SQL("COPY {} TO STDOUT").format(sql.SQL(table)), out)
    return out.getvalue()


def _sequences(run: cursor) -> list[Answer]:
    statement = "SELECT {} AS name, last_value, is_called FROM {}"
    return _of_each(run, statement, [name for (name,) in _execute(run, _SEQUENCES)])


def _schema(run: cursor) -> list[Answer]:
    statement = "SELECT {} AS name, count(*), sum(xmin::text::bigint) FROM {}"
    written = _of_each(run, statement, _CATALOGS)
    return [*written, *_execute(run, _RELATIONS), *_execute(run, _OF_THE_SERVER)]


def _of_each(run: cursor, query: str, relations: Sequence[str]) -> list[Answer]:
    """Return the results of a query about each relation, run as one statement."""
    queries = [
        sql.SQL(query).format(sql.Literal(relation), sql.SQL(relation)) for relation in relations
    ]
    if not queries:
        return []
    return _execute(run, sql.SQL(" UNION ALL ").join(queries) + sql.SQL(" ORDER BY name"))


def _execute(run: cursor, query: str | sql.Composable) -> list[Answer]:
    run.execute(query)
    return run.fetchall()
