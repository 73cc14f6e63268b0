"""Tables and statements of confirmations and of requests to review."""
