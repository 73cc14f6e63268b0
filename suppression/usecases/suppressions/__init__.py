"""Record and search suppressions."""
