"""Verify the start, measure, probe, and delete what is old."""
