"""Tables and statements of scrubs of contact files."""
