"""Suppressions: their scopes, the merging of repeats, those in force, and releases."""
