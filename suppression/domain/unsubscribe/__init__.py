"""Unsubscribe links, mail headers, preferences and confirmations."""
