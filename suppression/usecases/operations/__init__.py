"""Use cases of operations: start-up checks, clock, metrics, retention, the probe, and demo data."""
