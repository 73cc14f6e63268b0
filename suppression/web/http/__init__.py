"""Flask views of http."""
