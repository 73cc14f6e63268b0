"""Tables and SQL statements of confirmations and of requests to review."""
