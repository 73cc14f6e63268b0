"""Tables and statements of scrubs."""
