"""The HTTP layer: views parse a request into a frozen command, call a use case and render."""
