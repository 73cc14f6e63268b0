"""A suppression list: when a person says stop, it stops, on every channel, at once, provably."""

__version__ = "0.9.0"
"""The one place that says it; what it must equal: docs/releasing.md."""
