"""Flask views of console, imports."""
