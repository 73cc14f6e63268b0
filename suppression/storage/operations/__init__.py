"""Tables and statements of operations."""
