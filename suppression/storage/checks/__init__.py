"""Tables and statements of checks."""
