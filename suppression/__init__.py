"""A suppression list: when a person says stop, it stops, on every channel, at once, provably."""
