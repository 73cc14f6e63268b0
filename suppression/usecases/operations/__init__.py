"""Use cases of operations: start-up checks, the clock, metrics, retention, probe, demo data."""
