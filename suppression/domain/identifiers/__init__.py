"""Identifiers: from received text to canonical text, match keys and fingerprints."""
