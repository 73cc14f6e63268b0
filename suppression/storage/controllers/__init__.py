"""Tables and statements of controllers."""
