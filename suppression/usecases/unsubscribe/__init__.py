"""Make unsubscribe links, and act on clicks, preferences and the public form."""
