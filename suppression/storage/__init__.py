"""Tables, queries and transactions: SQL only. Functions return domain objects or plain values."""
