"""The rules of stops and their consequences: plain Python, no I/O, no clock, no framework."""
