"""Tables and statements for operating the service: counts, probes, readiness, reencryption."""
