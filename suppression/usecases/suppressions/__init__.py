"""Use cases that record, search and review suppressions."""
