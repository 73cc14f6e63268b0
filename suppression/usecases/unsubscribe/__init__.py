"""Use cases of unsubscribe."""
