"""A database that the pool gives to a second test equals a new one; otherwise it is dropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import psycopg2
import pytest
from psycopg2.extensions import connection

from tests.postgres.installations import Installation, installations
from tests.postgres.pool import Pool
from tests.postgres.running import running_server
from tests.postgres.servers import Server

SCHEMA = """
CREATE TABLE owners (number int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
CREATE TABLE entries (owner int REFERENCES owners, entry text);
CREATE INDEX entries_by_owner ON entries (owner);
CREATE TABLE seeds (name text PRIMARY KEY, value text);
INSERT INTO seeds VALUES ('one', '1'), ('two', E'2\\t\\\\2'), ('three', NULL);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN RAISE EXCEPTION ''append-only''; END';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse();
"""
WRITE = "INSERT INTO owners (name) VALUES ('first'); INSERT INTO entries VALUES (1, 'planted')"
KNOWN_OF_TABLES = """
SELECT relname, relpages, reltuples, relallvisible FROM pg_class WHERE oid >= 16384 ORDER BY oid
"""
POISONS = {
    "a trigger is gone": "DROP TRIGGER append_only ON entries",
    "a trigger sleeps": "ALTER TABLE entries DISABLE TRIGGER append_only",
    "a function does nothing": "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger"
    " LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "an index is gone": "DROP INDEX entries_by_owner",
    "an index is more": "CREATE INDEX more ON entries (entry)",
    "a column is more": "ALTER TABLE owners ADD COLUMN more text",
    "a column has another default": "ALTER TABLE owners ALTER COLUMN name SET DEFAULT 'none'",
    "a constraint is gone": "ALTER TABLE entries DROP CONSTRAINT entries_owner_fkey",
    "a constraint is more": "ALTER TABLE owners ADD CHECK (name <> '')",
    "a table is more": "CREATE TABLE more ()",
    "a table is gone": "DROP TABLE entries",
    "a table is named otherwise": "ALTER TABLE entries RENAME TO gone",
    "a table is set otherwise": "ALTER TABLE entries SET (fillfactor = 50)",
    "a table is open to all": "GRANT SELECT ON entries TO public",
    "a view is more": "CREATE VIEW more AS SELECT 1",
    "a type is more": "CREATE TYPE more AS ENUM ('one')",
    "a sequence counts otherwise": "ALTER SEQUENCE owners_number_seq INCREMENT 2",
    "a schema is more": "CREATE SCHEMA more",
    "a large object is more": "SELECT lo_create(0)",
    "rows are counted": "ANALYZE seeds",
    "the database is set otherwise": "DO $$ BEGIN EXECUTE format("
    "'ALTER DATABASE %I SET work_mem = 64', current_database()); END $$",
    "the database has another limit": "DO $$ BEGIN EXECUTE format("
    "'ALTER DATABASE %I CONNECTION LIMIT 3', current_database()); END $$",
    "an index has grown": "INSERT INTO seeds SELECT n::text FROM generate_series(1, 9999) n",
}


@pytest.fixture(scope="module", params=installations(), ids=lambda installation: installation.name)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    installation: Installation = request.param
    with running_server(installation, durable=False) as running:
        yield running.server


@pytest.fixture(scope="module")
def pool(server: Server) -> Iterator[Pool]:
    pool = Pool(server, build)
    yield pool
    pool.close()


def test_the_next_is_the_same_database_under_another_name(server: Server, pool: Pool) -> None:
    with pool.lent() as first:
        before = identity(server, first)
    with pool.lent() as second:
        assert identity(server, second) == before
    assert first != second


def test_two_at_once_are_two_databases(server: Server, pool: Pool) -> None:
    with pool.lent() as first, pool.lent() as second:
        assert first != second
        ask(server, first, WRITE)
        assert ask(server, second, "SELECT * FROM entries") == []


def test_what_was_written_is_gone_and_what_was_there_is_back(server: Server, pool: Pool) -> None:
    with pool.lent() as new:
        before = identity(server, new), server.dump(new), ask(server, new, KNOWN_OF_TABLES)
    with pool.lent() as used:
        ask(server, used, WRITE)
        ask(server, used, "UPDATE seeds SET value = 'other' WHERE name = 'two'")
        ask(server, used, "DELETE FROM seeds WHERE name = 'one'")
    with pool.lent() as again:
        after = identity(server, again), server.dump(again), ask(server, again, KNOWN_OF_TABLES)
    assert without_keys(after[1]) == without_keys(before[1])
    assert after[::2] == before[::2]


def test_sequences_begin_anew(server: Server, pool: Pool) -> None:
    for statement in (WRITE, "SELECT setval('owners_number_seq', 40, false)", WRITE):
        with pool.lent() as name:
            ask(server, name, statement)
            numbers = ask(server, name, "SELECT number FROM owners")
    assert numbers == [(1,)]


@pytest.mark.parametrize("statement", ["TRUNCATE entries", "DELETE FROM entries"])
def test_triggers_still_refuse(server: Server, pool: Pool, statement: str) -> None:
    with pool.lent() as used:
        ask(server, used, WRITE)
    with pool.lent() as again, pytest.raises(psycopg2.Error, match="append-only"):
        ask(server, again, statement)


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS)
def test_what_cannot_be_made_as_before_is_never_lent_again(
    server: Server, pool: Pool, poison: str
) -> None:
    with pool.lent() as used:
        before = identity(server, used)
        ask(server, used, poison)
    with pool.lent() as new:
        assert identity(server, new) != before
        assert ask(server, new, "SELECT count(*) FROM seeds") == [(3,)]
    assert before not in ask(server, "postgres", "SELECT oid FROM pg_database")


def test_a_connection_left_in_a_transaction_is_cut(server: Server, pool: Pool) -> None:
    with pool.lent() as used:
        left = connected(server, used)
        left.cursor().execute("LOCK TABLE entries; INSERT INTO seeds VALUES ('left')")
    with closing(left), pool.lent() as again:
        assert ask(server, again, "SELECT count(*) FROM seeds") == [(3,)]
        with pytest.raises(psycopg2.OperationalError):
            left.cursor().execute("SELECT 1")


def test_who_comes_back_late_finds_no_database(server: Server, pool: Pool) -> None:
    with pool.lent() as used:
        ask(server, used, WRITE)
    with pool.lent(), pytest.raises(psycopg2.OperationalError, match="does not exist"):
        connected(server, used)


def test_where_we_may_not_empty_every_database_is_new(server: Server) -> None:
    ask(server, "postgres", "CREATE ROLE guest LOGIN CREATEDB")
    guest = replace(server, url=server.url.replace("//postgres@", "//guest@"))
    pool = Pool(guest, build)
    with pool.lent() as used:
        ask(guest, used, WRITE)
    with pool.lent() as again:
        assert ask(guest, again, "SELECT * FROM entries") == []
        assert used not in databases(server)
    pool.close()


def test_a_closed_pool_leaves_no_database(server: Server) -> None:
    before = databases(server)
    pool = Pool(server, build)
    with pool.lent(), pool.lent():
        pass
    with pool.lent():
        assert len(databases(server)) == len(before) + 3
        pool.close()
    assert databases(server) == before


def build(url: str) -> None:
    with closing(psycopg2.connect(url.replace("+psycopg2", ""))) as made, made.cursor() as run:
        run.execute(SCHEMA)
        made.commit()


def connected(server: Server, name: str) -> connection:
    return psycopg2.connect(server.url_for(name, driver="postgresql"))


def ask(server: Server, name: str, statement: str) -> list[tuple[object, ...]]:
    with closing(connected(server, name)) as opened, opened.cursor() as run:
        run.execute(statement)
        answers = run.fetchall() if run.description else []
        opened.commit()
        return answers


def identity(server: Server, name: str) -> tuple[object, ...]:
    """Return the oid of a database, which identifies it under any name."""
    (oid,) = ask(server, name, "SELECT oid FROM pg_database WHERE datname = current_database()")
    return oid


def databases(server: Server) -> set[object]:
    return {name for (name,) in ask(server, "postgres", "SELECT datname FROM pg_database")}


def without_keys(dump: str) -> list[str]:
    """Return the lines of a dump, except those with the random key that pg_dump adds."""
    return [line for line in dump.splitlines() if "restrict " not in line]
