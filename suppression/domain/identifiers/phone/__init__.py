"""Phone numbers in E.164: a fast path, libphonenumber, and numbers that were renumbered."""
