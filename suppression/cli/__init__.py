"""`flask` commands: what a script needs stands alone on stdout, the rest on stderr."""
