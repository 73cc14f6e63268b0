"""Tables, queries and transactions: SQL only. Functions take and return domain objects."""
