"""What the service does: mostly one use case per module, each in one transaction."""
