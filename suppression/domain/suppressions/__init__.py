"""Suppressions: what they cover, the merging of repeats, those in force, and releases."""
