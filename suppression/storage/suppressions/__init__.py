"""Tables and statements of suppressions."""
