"""Suppressions: their scope, how a repeat merges, which are in force, which a release ends."""
