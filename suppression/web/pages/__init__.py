"""Flask views of pages."""
