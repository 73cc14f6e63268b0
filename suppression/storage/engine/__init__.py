"""Engines, connections, column types and prepared statements, for all other storage modules."""
