"""SQL statements that load the suppressions, consents and calls that checks decide on."""
