"""Phone numbers, to E.164: the quick way, libphonenumber's way, and numbers that changed."""
