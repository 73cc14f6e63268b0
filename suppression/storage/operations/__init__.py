"""Tables and SQL statements for daily counts, probes, readiness and reencryption."""
