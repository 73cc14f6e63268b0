"""The tests. Their folders mirror the package; others verify its contracts and rules."""
