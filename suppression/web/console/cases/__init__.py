"""Flask views of console, cases."""
