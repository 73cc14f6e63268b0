"""Tables, SQL statements and transactions."""
