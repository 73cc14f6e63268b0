"""The HTTP layer: parse a request with a schema into a frozen command, call a use case, render."""
