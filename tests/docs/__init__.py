"""The documentation, run as it is printed: docs/decisions/0050-documentation-that-runs.md."""
