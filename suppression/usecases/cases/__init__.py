"""Use cases that open, read, advance and re-encrypt the cases of a register."""
