"""Tables and statements of imports of stops."""
