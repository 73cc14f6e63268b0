"""Flask views of api."""
