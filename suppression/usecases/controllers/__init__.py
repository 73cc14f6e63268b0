"""Use cases of controllers."""
