"""The tests: they mirror the package, and hold its contracts and rules."""
