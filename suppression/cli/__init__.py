"""The `flask` commands. They print what a script needs on stdout, everything else on stderr."""
