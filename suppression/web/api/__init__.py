"""Flask views of the JSON API under /v1; web/error_handlers.py answers the errors they raise."""
