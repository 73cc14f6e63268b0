"""Tests that run the documentation as printed (docs/decisions/0050-documentation-that-runs.md)."""
