"""Statements on called numbers and their calls; the tables are in consents/tables.py."""
