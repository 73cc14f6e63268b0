"""Use cases of the service: mostly one per module, each run in one transaction."""
