"""Tables and statements of imports."""
