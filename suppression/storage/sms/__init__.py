"""Statements on inbound SMS; the table is in cases/tables.py."""
