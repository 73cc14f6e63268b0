"""Tables and statements of calls."""
