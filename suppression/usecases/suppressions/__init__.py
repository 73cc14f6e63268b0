"""Use cases of suppressions."""
