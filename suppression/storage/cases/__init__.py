"""Tables and statements of cases."""
