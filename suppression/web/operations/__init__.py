"""Flask views of operations."""
