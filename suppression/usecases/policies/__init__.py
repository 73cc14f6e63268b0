"""Change policies, and read their versions."""
