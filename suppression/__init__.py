"""A suppression list: when a person says stop, it stops, on every channel, at once, provably."""

__version__ = "0.9.0"
