"""HTTP only: parse with a schema into a frozen command, call a use case, render."""
