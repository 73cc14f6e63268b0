"""Release suppressions."""
