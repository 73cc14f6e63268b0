"""Use cases of scrubs."""
