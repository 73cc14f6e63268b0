"""Lines that name several people, and where the name of each begins."""
