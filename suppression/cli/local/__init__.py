"""The program behind `./run`: a local service on SQLite."""
