"""SQL only: tables, queries, transactions. Gives and takes domain objects."""
