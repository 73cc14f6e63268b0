"""What a stop is and what follows from it: plain Python, no I/O, no clock, no framework."""
