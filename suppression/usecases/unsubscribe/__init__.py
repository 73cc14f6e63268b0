"""Use cases of unsubscribe links, the public form, the preference center and confirmations."""
