"""`flask` commands: stdout carries only what a script needs, stderr the rest."""
