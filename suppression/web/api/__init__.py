"""Flask views of the JSON API under /v1."""
