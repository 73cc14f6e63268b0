"""Use cases that append to the ledger, and read its audit log."""
