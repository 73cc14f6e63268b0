"""Append to the audit ledger, and read it."""
