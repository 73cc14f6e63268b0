"""Tables and statements of engine."""
