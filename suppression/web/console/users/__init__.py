"""Flask views of console, users."""
