"""Engines, connections, column types and statements, which all other storage modules use."""
