"""What the service does: one verb per file, each with its one transaction."""
