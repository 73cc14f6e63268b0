"""Use cases that decide checks, one or many at once, and count checks for `service`."""
