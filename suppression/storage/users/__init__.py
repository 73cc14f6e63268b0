"""Tables and statements of users."""
