"""SQL statements for inbound SMS; their table is in cases/tables.py."""
